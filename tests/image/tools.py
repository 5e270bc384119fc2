"""The programs that build and run an image where there is no Docker engine."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress

TOOLS = ("buildah", "podman", "runc", "mmdebstrap")
_WITHIN = 600
"""Seconds for apt."""


class Missing(Exception):  # noqa: N818 - it reads as what happened
    """The programs are not there and cannot be brought; the message is one sentence."""


def bring(*, may_install: bool) -> None:
    """Have every program there; with apt, where somebody has said that it may install what is missing.

    Raises:
        Missing: They cannot be had on this machine.
    """
    if os.geteuid() != 0:
        raise Missing("The image was not built: without a Docker engine that needs root; nothing was tried.")
    if (absent := _absent()) and not may_install:
        raise Missing(
            f"The image was not built: {', '.join(absent)} are not here, and nothing was installed. "
            "`make image-check INSTALL=yes` brings them with apt, on Debian."
        )
    if absent and shutil.which("apt-get"):
        _apt("update")
        _apt("install", "--no-install-recommends", *TOOLS)
    if absent := _absent():
        raise Missing(f"The image was not built: {', '.join(absent)} cannot be installed here (with apt, on Debian).")


def _absent() -> list[str]:
    return [tool for tool in TOOLS if not shutil.which(tool)]


def _apt(*words: str) -> None:
    quiet = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=60", "-o", "Acquire::Retries=2"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Whether it went well shows in what is there afterwards.
    with suppress(subprocess.TimeoutExpired):
        subprocess.run([*quiet, *words], env=env, capture_output=True, timeout=_WITHIN, check=False)  # noqa: S603
