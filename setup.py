"""Builds the wheel of what is there now; everything else about it is in pyproject.toml."""

from __future__ import annotations

import shutil

from setuptools import setup
from setuptools.command.build_py import build_py


class FromScratch(build_py):
    """Copies the modules into an empty folder: what an earlier build has left in it would go into the wheel as well."""

    def run(self) -> None:
        """Empty the folder, then do as setuptools does."""
        if not self.editable_mode:
            shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()


setup(cmdclass={"build_py": FromScratch})
