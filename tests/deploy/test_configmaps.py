from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from bot.campaign.live_reload import LiveCampaign
from bot.locales.catalogues import vocabulary
from bot.messages.post_kinds import KINDS
from deploy.configmaps import UnfitCampaignError, config_maps, read_files, write

from .helm import ROOT, only, rendered

SHIPPED = ROOT / "campaigns" / "earth-week-2027"


class Kubelet:
    """A volume of ConfigMaps as Kubernetes' own agent keeps it up to date.

    The files are in a folder whose name has the time, `..data` is a link to it, and each name at the top is a link into
    `..data`. An update writes a new folder, and puts a new link in place of `..data`.
    """

    def __init__(self, mount: Path) -> None:
        self.mount = mount
        self._updates = 0
        mount.mkdir()

    def update(self, sources: list[dict[str, Any]], maps: list[dict[str, Any]]) -> None:
        """Bring the volume to what the ConfigMaps have now."""
        self._updates += 1
        fresh = self.mount / f"..2027_03_15_0{self._updates}"
        for path, content in _projected(sources, maps):
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            (fresh / path).write_bytes(content)
        before = (self.mount / "..data").resolve() if self._updates > 1 else None
        (self.mount / "..data_tmp").symlink_to(fresh.name)
        (self.mount / "..data_tmp").rename(self.mount / "..data")
        for top in {path.name for path in fresh.iterdir()} - {path.name for path in self.mount.iterdir()}:
            (self.mount / top).symlink_to(f"..data/{top}")
        if before:
            shutil.rmtree(before)


def _projected(sources: list[dict[str, Any]], maps: list[dict[str, Any]]) -> list[tuple[str, bytes]]:
    by_name = {each["metadata"]["name"]: each for each in maps}
    files = []
    for source in (each["configMap"] for each in sources):
        found = by_name[source["name"]]
        content = {key: text.encode() for key, text in found.get("data", {}).items()}
        content |= {key: base64.b64decode(text) for key, text in found.get("binaryData", {}).items()}
        files += [(item["path"], content[item["key"]]) for item in source["items"]]
    return files


def made(folder: Path, out: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the pod mounts, and the ConfigMaps of a folder."""
    maps, values = (json.loads(path.read_text("utf-8")) for path in write(folder, out, "ours"))
    pod = only(rendered(values), "Deployment")["spec"]["template"]["spec"]
    [volume] = [each for each in pod["volumes"] if each["name"] == "campaign"]
    return volume["projected"]["sources"], maps["items"]


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "edited"))


def test_a_swapped_configmap_is_picked_up(edited: Path, tmp_path: Path) -> None:
    kubelet = Kubelet(tmp_path / "mount")
    kubelet.update(*made(edited, tmp_path / "out"))
    live = LiveCampaign(kubelet.mount, KINDS, vocabulary(), allow_examples=True)
    assert not live.refresh()
    text = edited / "posts" / "monday-tip" / "en.md"
    text.write_text(text.read_text("utf-8").replace('title = "', 'title = "Swapped: ', 1), "utf-8")
    kubelet.update(*made(edited, tmp_path / "out"))
    assert live.refresh()
    assert live.problems == []
    assert "Swapped: " in repr(live.campaign)


def test_every_file_arrives_as_it_is(tmp_path: Path) -> None:
    kubelet = Kubelet(tmp_path / "mount")
    kubelet.update(*made(SHIPPED, tmp_path / "out"))
    there = {path.relative_to(SHIPPED) for path in SHIPPED.rglob("*") if path.is_file()}
    assert {path for path in there if (kubelet.mount / path).read_bytes() != (SHIPPED / path).read_bytes()} == set()


def test_kubernetes_takes_each_configmap(tmp_path: Path) -> None:
    _, maps = made(SHIPPED, tmp_path / "out")
    for each in maps:
        kubernetes_validate.validate(each, "1.37", strict=True)
    assert len({each["metadata"]["name"] for each in maps}) == len(maps) > 1


def test_a_longer_text_moves_no_file(edited: Path, tmp_path: Path) -> None:
    before, _ = made(edited, tmp_path / "before")
    (edited / "campaign.toml").write_text((edited / "campaign.toml").read_text("utf-8") + "# " + "x" * 400_000, "utf-8")
    assert made(edited, tmp_path / "after")[0] == before


def test_what_does_not_fit_is_refused(edited: Path, tmp_path: Path) -> None:
    (edited / "pictures" / "large.png").write_bytes(b"\xff" * 1_000_000)
    with pytest.raises(UnfitCampaignError, match=r"pictures has 1,.* bytes, and a ConfigMap takes 1,000,000"):
        list(config_maps(read_files(edited), "ours"))
    (edited / "posts" / "a b.md").write_text("x", "utf-8")
    (edited / "posts" / "a_b.md").write_text("x", "utf-8")
    with pytest.raises(UnfitCampaignError, match="would have one key"):
        read_files(edited)
    nowhere = subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-S", str(ROOT / "deploy" / "configmaps.py"), str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (nowhere.returncode, nowhere.stderr) == (1, f"{tmp_path} has no campaign.toml; name the campaign's folder\n")
