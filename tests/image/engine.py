"""buildah and podman with a store of their own, of which nothing is left behind."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_GROUPS = Path("/sys/fs/cgroup")
_TOLD = 2_000
"""Characters of what a program said last."""


class Unfit(Exception):  # noqa: N818 - it reads as what happened
    """The image is not what it should be, or could not be made; the message says what was seen."""


def run(*command: str, within: float) -> str:
    """What a program prints.

    Raises:
        Unfit: It fails, or takes longer.
    """
    try:
        done = subprocess.run(  # noqa: S603 - programs of the machine, with words of our own
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=within, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unfit(f"{command[0]} took longer than {within:.0f} s") from error
    if done.returncode:
        raise Unfit(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-_TOLD:].strip()}")
    return done.stdout


@dataclass(frozen=True)
class Engine:
    """Everything it makes is in one folder."""

    folder: Path

    def podman(self, *words: str, within: float = 60) -> str:
        """Run podman; it needs neither systemd nor cgroups of the second version."""
        own = ["--tmpdir", str(self.folder / "tmp"), "--cgroup-manager", "cgroupfs", "--runtime", "runc"]
        return run("podman", *self._store(), *own, *words, within=within)

    def contain(self, *words: str, within: float = 60) -> str:
        """Run a container, with a control group that is found again."""
        return self.podman("run", "--cgroup-parent", f"/{self.folder.name}", *words, within=within)

    def buildah(self, *words: str, within: float) -> str:
        """Run buildah on the same store."""
        return run("buildah", *self._store(), *words, within=within)

    def _store(self) -> list[str]:
        places = ["--root", str(self.folder / "store"), "--runroot", str(self.folder / "run")]
        return [*places, "--storage-driver", "overlay"]

    def inspect(self, image: str) -> dict[str, Any]:
        """What the store knows of an image."""
        found: list[dict[str, Any]] = json.loads(self.podman("image", "inspect", image))
        return found[0]

    def remove(self) -> None:
        """Stop every container that was started here, and remove the folder with its mounts and control groups."""
        if (self.folder / "store").exists():
            self.podman("rm", "--all", "--force", "--time", "0")
        for group in sorted(_GROUPS.glob(f"**/{self.folder.name}/**/"), reverse=True):
            with suppress(OSError):
                group.rmdir()
        mounted = [line.split()[1] for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
        for place in sorted((place for place in mounted if place.startswith(f"{self.folder}/")), reverse=True):
            run("umount", "--lazy", place, within=10)
        shutil.rmtree(self.folder)
