"""Makes what is released, so that anybody can make the same bytes again: `make release VERSION=0.1.0`.

1. The files of a commit are exported, and nothing else of this machine is read.
2. setuptools, in its locked version, makes the source package of them, and the wheel of that source package.
3. The Helm chart is packed, the SBOM (CycloneDX) is made of the lock file, and SHA256SUMS of all of them.

Every time in them is the commit's, every owner is root, and names are in order. The same commit, Python and lock files
give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

CHART = Path("deploy", "helm", "earthweek")


class ReleaseError(Exception):
    """Nothing can be released; the message says why."""


def unready(tree: Path, version: str) -> Iterator[str]:
    """Yield each file that does not say this version."""
    said = {
        "pyproject.toml": tomllib.loads((tree / "pyproject.toml").read_text("utf-8"))["project"]["version"],
        "Dockerfile": _found(tree / "Dockerfile", r'image\.version="(.+?)"'),
        f"{CHART.as_posix()}/Chart.yaml": _found(tree / CHART / "Chart.yaml", r"^version: (.+)$"),
    }
    yield from (f"{file} has the version {found}, not {version}" for file, found in said.items() if found != version)
    if not re.search(rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)$", _text(tree / "CHANGELOG.md"), re.MULTILINE):
        yield f"CHANGELOG.md has no heading '## {version} (day)' with the day of the release"


def build(tree: Path, version: str, epoch: int, out: Path, *, validate: bool = True) -> list[Path]:
    """Make everything of a tree in an empty folder. Returns the files, SHA256SUMS last.

    `validate` checks the SBOM against the standard's schema, which takes longer than everything else.

    Raises:
        ReleaseError: setuptools or the SBOM's tool fails.
    """
    out.mkdir(parents=True)
    with TemporaryDirectory() as place:
        work = Path(place)
        _run_backend("build_sdist", tree, work / "made", epoch)
        [made] = (work / "made").glob("*.tar.gz")
        raw = _unpacked(made, work / "raw")
        pack(raw, out / made.name, raw.name, epoch)
        # Of the source package as it is released, which is then known to be enough.
        source = _unpacked(out / made.name, work / "source")
        _run_backend("build_wheel", source, work / "wheel", epoch)
        [wheel] = (work / "wheel").glob("*.whl")
        shutil.copy(wheel, out / wheel.name)
    pack(tree / CHART, out / f"earthweek-chart-{version}.tgz", "earthweek", epoch)
    list_dependencies(tree, out / f"earthweek-{version}.cdx.json", epoch, validate=validate)
    sums = out / "SHA256SUMS"
    sums.write_text("".join(f"{_digest(file)}  {file.name}\n" for file in sorted(out.iterdir())), "utf-8")
    return [*sorted(set(out.iterdir()) - {sums}), sums]


def list_dependencies(tree: Path, file: Path, epoch: int, *, validate: bool) -> None:
    """Write what the lock file brings, with its hashes, as CycloneDX.

    Raises:
        ReleaseError: The tool fails.
    """
    tool = str(Path(sys.executable).with_name("cyclonedx-py"))
    checked = "--validate" if validate else "--no-validate"
    _run(
        [tool, "requirements", "requirements.lock", "--pyproject", "pyproject.toml", "--output-reproducible",
         checked, "--output-format", "JSON", "--output-file", str(file.resolve())],
        tree, epoch,
    )  # fmt: skip


def pack(folder: Path, file: Path, named: str, epoch: int) -> None:
    """Pack a folder under another name, of which nothing tells when, where and by whom it was done."""

    def leveled(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        is_program = entry.isdir() or bool(entry.mode & 0o100)
        entry.mtime, entry.mode = epoch, 0o755 if is_program else 0o644
        entry.uid, entry.gid, entry.uname, entry.gname, entry.pax_headers = 0, 0, "", "", {}
        return entry

    with (
        file.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.add(path, f"{named}/{path.relative_to(folder).as_posix()}", recursive=False, filter=leveled)


def export(commit: str, into: Path) -> int:
    """Write the files of a commit. Returns its time.

    Raises:
        ReleaseError: Git fails.
    """
    into.mkdir(parents=True)
    archive = into.with_suffix(".tar")
    _run(["git", "archive", "--format=tar", f"--output={archive}", commit], Path(), 0)
    with tarfile.open(archive) as packed:
        _extract(packed, into)
    archive.unlink()
    return int(_run(["git", "show", "--no-patch", "--format=%ct", commit], Path(), 0))


def _run_backend(step: str, tree: Path, out: Path, epoch: int) -> None:
    # In a process of its own: setuptools keeps what it has read.
    out.mkdir(parents=True)
    script = f"import sys; from setuptools import build_meta; build_meta.{step}(sys.argv[1])"
    _run([sys.executable, "-c", script, str(out)], tree, epoch)


def _run(command: list[str], folder: Path, epoch: int) -> str:
    """Run a program to which this machine looks like every other. Returns what it prints."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "SYSTEMROOT") if name in os.environ}
    same = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"}
    env = {**kept, **same, "SOURCE_DATE_EPOCH": str(epoch)}
    umask = 0o022 if os.name == "posix" else -1
    done = subprocess.run(command, cwd=folder, env=env, umask=umask, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _extract(packed: tarfile.TarFile, into: Path) -> None:
    # Debian 12's Python 3.11.2 has no filters yet; later ones warn or differ where none is named.
    if hasattr(tarfile, "data_filter"):
        packed.extractall(into, filter="data")
    else:
        packed.extractall(into)  # noqa: S202 - archives that this program has made itself


def _unpacked(archive: Path, into: Path) -> Path:
    with tarfile.open(archive) as packed:
        _extract(packed, into)
    [top] = into.iterdir()
    return top


def _found(file: Path, pattern: str) -> str | None:
    found = re.search(pattern, _text(file), re.MULTILINE)
    return found[1] if found else None


def _text(file: Path) -> str:
    return file.read_text("utf-8")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def release(commit: str, version: str, out: Path) -> None:
    """Make everything of a commit, in place of what was made before.

    Raises:
        ReleaseError: The commit's files do not say this version, or a tool fails.
    """
    with TemporaryDirectory() as place:
        tree = Path(place, "tree")
        epoch = export(commit, tree)
        if objections := [*unready(tree, version)]:
            raise ReleaseError("\n".join(objections))
        shutil.rmtree(out, ignore_errors=True)
        build(tree, version, epoch, out)


def main() -> None:
    """Release a commit, and print every file with its digest."""
    parser = argparse.ArgumentParser(description="Make what is released of a commit.")
    parser.add_argument("version")
    parser.add_argument("--commit", default="HEAD")
    parser.add_argument("--out", type=Path, default=Path("build", "release"))
    chosen = parser.parse_args()
    try:
        release(chosen.commit, chosen.version, chosen.out)
    except ReleaseError as error:
        sys.exit(str(error))
    print((chosen.out / "SHA256SUMS").read_text("utf-8"), end="")


if __name__ == "__main__":
    main()
