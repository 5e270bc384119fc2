"""What is in the image, as a tool that never saw the lock file lists it (CycloneDX)."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .build import IMAGE
from .dockerfile import ROOT
from .engine import Engine, Unfit, run

SBOM = ROOT / "build" / "image.cdx.json"
_SYFT = Path(sys.executable).with_name("syft")
_OURS = "/opt/earthweek/"

Component = dict[str, Any]


def is_syft_there() -> bool:
    """Whether the program that lists an image has been installed, from deploy-tools.lock."""
    return shutil.which(_SYFT) is not None


def list_image(engine: Engine) -> list[Component]:
    """Write the image's SBOM, and return what it lists."""
    saved = engine.folder / "image.tar"
    engine.podman("save", "--format", "docker-archive", "--output", str(saved), IMAGE, within=300)
    SBOM.parent.mkdir(exist_ok=True)
    run(str(_SYFT), "scan", f"docker-archive:{saved}", "--output", f"cyclonedx-json={SBOM}", within=300)
    saved.unlink()
    found: list[Component] = json.loads(SBOM.read_text("utf-8"))["components"]
    return found


def check_against_lock(components: list[Component]) -> tuple[int, int]:
    """Compare what was installed with what was locked. Returns how many packages of Python and of Debian there are.

    Raises:
        Unfit: Something is there that was not locked, or missing, or another version.
    """
    python = {each["name"]: each["version"] for each in components if _is_ours(each)}
    there = {canonicalize_name(name): version for name, version in python.items()}
    there.pop(canonicalize_name("earthweek"), None)
    if there != (wanted := locked()):
        raise Unfit(f"installed and locked differ: {sorted(there.items() ^ wanted.items())}")
    return len(there), sum(each.get("purl", "").startswith("pkg:deb/") for each in components)


def _is_ours(component: Component) -> bool:
    places = [each["value"] for each in component.get("properties", []) if each["name"].startswith("syft:location")]
    return component.get("purl", "").startswith("pkg:pypi/") and any(place.startswith(_OURS) for place in places)


def locked() -> dict[str, str]:
    """The packages of the lock file that are for Linux, with their versions."""
    lines = re.findall(r"^([A-Za-z0-9].*?)\s*\\?$", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    wanted = [Requirement(line) for line in lines]
    here = {"sys_platform": "linux", "platform_system": "Linux", "python_version": "3.11"}
    kept = [each for each in wanted if each.marker is None or each.marker.evaluate(here)]
    return {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in kept}
