"""Builds the Dockerfile on a base that stands in for the registry's, which is out of reach without a Docker engine."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .dockerfile import ROOT, Base
from .engine import Engine, run

IMAGE = "localhost/earthweek:check"

_PATH = "ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_INDEX = {"index-url", "extra-index-url", "trusted-host", "proxy"}
"""Of the settings of pip, those that say where packages come from."""


def make_base(engine: Engine, base: Base) -> None:
    """Make a base of Debian's own packages, under the tag that the Dockerfile names."""
    tree = engine.folder / "base.tar"
    link = 'ln -s /usr/bin/python3 "$1/usr/local/bin/python"'
    leave_out = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "man", "locale")]
    packages = "--include=python3-venv,ca-certificates"
    options = ["--variant=minbase", packages, *leave_out, f"--customize-hook={link}"]
    run("mmdebstrap", *options, base.debian, str(tree), within=600)
    engine.podman("import", "--change", _PATH, str(tree), f"docker.io/library/{base.image}", within=120)
    tree.unlink()


def build(engine: Engine) -> None:
    """Build the Dockerfile of the repository as it stands."""
    settings = engine.folder / "pip.conf"
    settings.write_text(pip_conf(run(sys.executable, "-m", "pip", "config", "list", within=30)), "utf-8")
    mounts = [f"--volume={settings}:/etc/pip.conf:ro"]
    if _CERTIFICATES.exists():
        mounts.append(f"--volume={_CERTIFICATES}:{_CERTIFICATES}:ro")
    how = ["--isolation", "chroot", "--format", "docker", "--pull-never", "--layers"]
    engine.buildah("bud", *how, *mounts, "--tag", IMAGE, str(ROOT), within=900)


def pip_conf(listed: str) -> str:
    """Where this machine gets its packages, from `pip config list`, as far as it can be reached from inside a build."""
    found = {}
    for name, value in re.findall(r"^\S*?\.([a-z-]+)='(.*)'$", listed, re.MULTILINE):
        reachable = [word for word in value.split() if not word.startswith("file:")]
        if name in _INDEX and reachable:
            found[name] = " ".join(reachable)
    lines = [f"{name} = {value}" for name, value in {**found, "cert": str(_CERTIFICATES)}.items()]
    return "\n".join(["[global]", *lines, ""])
