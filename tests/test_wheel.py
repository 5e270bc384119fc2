"""What goes into the wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

TOP = Path(__file__).parents[1]
NEEDED = ("pyproject.toml", "setup.py", "README.md", "LICENSE")
PACKAGES = ("bot", "rehearsal")


def test_what_an_earlier_build_left_is_not_in_the_wheel(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    for package in PACKAGES:
        shutil.copytree(TOP / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in NEEDED:
        shutil.copy(TOP / name, source)
    left = source / "build" / "lib" / "bot" / "removed"
    left.mkdir(parents=True)
    (left / "__init__.py").write_text('"""It was here once."""\n', encoding="utf-8")
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", *offline, "--wheel-dir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words
    [wheel] = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert {name for name in names if "removed" in name} == set()
    ours = [path for package in PACKAGES for path in (source / package).rglob("*") if path.is_file()]
    there = {path.relative_to(source).as_posix() for path in ours}
    assert {"bot/py.typed", "rehearsal/py.typed"} <= there
    assert {name for name in names if name.startswith(tuple(f"{package}/" for package in PACKAGES))} == there
    assert any(name.endswith("/licenses/LICENSE") for name in names)
