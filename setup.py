"""Builds the wheel of what is there now; everything else about it is in pyproject.toml."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

STARTER = Path("campaigns", "earth-week-2027")
"""The campaign with which somebody begins who has the package alone."""


class FromScratch(build_py):
    """Copies the modules, and a campaign to start with, into an empty folder.

    What an earlier build has left in it would otherwise go into the wheel as well.
    """

    def run(self) -> None:
        """Empty the folder, then do as setuptools does."""
        if self.editable_mode:
            super().run()
            return
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        # The image is built without it and brings its campaigns beside the package.
        if STARTER.is_dir():
            shutil.copytree(STARTER, Path(self.build_lib, "bot", "starter_campaign"))


setup(cmdclass={"build_py": FromScratch})
