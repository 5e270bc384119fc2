from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from deploy.release import build, pack, unready
from tests.image.contents import locked

from .helm import NEEDED, ROOT, run_helm

EPOCH = 1_800_000_000


def copied(into: Path) -> Path:
    """The tree that a commit of what is here would have."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    for name in filter(None, listed.stdout.split("\0")):
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, into / name)
    return into


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    build(copied(folder / "tree"), "0.1.0", EPOCH, folder / "out")
    return folder / "out"


def test_two_runs_give_the_same_bytes(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "C")
    tree = copied(tmp_path / "elsewhere" / "tree")
    for path in tree.rglob("*"):
        path.chmod(path.stat().st_mode & ~0o077)
    build(tree, "0.1.0", EPOCH, tmp_path / "again", validate=False)
    first, again = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in (released, tmp_path / "again")
    )
    assert first.keys() == again.keys()
    assert [name for name in first if first[name] != again[name]] == []
    assert len(first) == 5


def test_checksums_are_what_sha256sum_reads(released: Path) -> None:
    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=released, capture_output=True, check=False)  # noqa: S607
    assert (done.returncode, done.stdout.count(b": OK")) == (0, 4)


def test_the_source_package_has_what_deploys(released: Path) -> None:
    with tarfile.open(released / "earthweek-0.1.0.tar.gz") as packed:
        entries = packed.getmembers()
    names = {entry.name.partition("/")[2] for entry in entries}
    assert {"PKG-INFO", "Dockerfile", "compose.yaml", "requirements.lock", "deploy/helm/earthweek/Chart.yaml"} <= names
    assert {(entry.uid, entry.uname, entry.mtime) for entry in entries} == {(0, "", EPOCH)}
    with zipfile.ZipFile(released / "earthweek-0.1.0-py3-none-any.whl") as wheel:
        assert "bot/starter_campaign/campaign.toml" in wheel.namelist()


def test_the_sbom_is_the_lock_file(released: Path) -> None:
    listed = json.loads((released / "earthweek-0.1.0.cdx.json").read_text("utf-8"))
    assert (listed["bomFormat"], listed["metadata"]["component"]["name"]) == ("CycloneDX", "earthweek")
    there = {each["name"]: each["version"] for each in listed["components"]}
    assert locked().items() <= there.items()
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert set(re.findall(r"sha256:([0-9a-f]{64})", text)) == set(re.findall(r'"([0-9a-f]{64})"', json.dumps(listed)))


def test_helm_takes_the_packed_chart(released: Path) -> None:
    done = run_helm("template", "earthweek", str(released / "earthweek-chart-0.1.0.tgz"), values=NEEDED)
    assert done.returncode == 0, done.stderr


def test_a_file_of_another_version_is_named(tmp_path: Path) -> None:
    tree = copied(tmp_path)
    text = re.sub(
        r"^## 0\.1\.0 \(.*\)$", "## 0.1.0 (2027-01-08)", (tree / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE
    )
    (tree / "CHANGELOG.md").write_text(text, "utf-8")
    assert [*unready(tree, "0.1.0")] == []
    said = [*unready(tree, "0.2.0")]
    assert [line.partition(" ")[0] for line in said] == [
        "pyproject.toml",
        "Dockerfile",
        "deploy/helm/earthweek/Chart.yaml",
        "CHANGELOG.md",
    ]


def test_packing_says_nothing_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "b").write_text("b", "utf-8")
    (tmp_path / "folder" / "a").write_text("a", "utf-8")
    for name, mode in (("one.tgz", 0o600), ("two.tgz", 0o664)):
        (tmp_path / "folder" / "a").chmod(mode)
        pack(tmp_path / "folder", tmp_path / name, "folder", EPOCH)
    assert (tmp_path / "one.tgz").read_bytes() == (tmp_path / "two.tgz").read_bytes()
