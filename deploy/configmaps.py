"""Writes a campaign's folder as ConfigMaps, and the values with which the chart mounts them.

A ConfigMap has no folders, so each file gets a key without slashes, and the chart puts it back at its path. There is
one ConfigMap for each folder at the top, so that a longer text never moves a file into another one: an edited campaign
is `kubectl apply` alone, and only a file that is new or gone needs `helm upgrade`.

Runs on a Python with nothing installed: `python3 deploy/configmaps.py FOLDER --out DIR`.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

LARGEST = 1_000_000
"""Bytes of a ConfigMap. Kubernetes refuses one over 1 MiB."""

_NOT_IN_A_KEY = re.compile(r"[^-._a-zA-Z0-9]")
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


class UnfitCampaignError(Exception):
    """The folder cannot be put into ConfigMaps; the message says why and what to do."""


@dataclass(frozen=True)
class CampaignFile:
    """A file of the campaign, and the key under which its ConfigMap has it."""

    path: str
    content: bytes

    @property
    def key(self) -> str:
        """The path, in the signs that a key may have."""
        return _NOT_IN_A_KEY.sub("_", self.path.replace("/", "__"))

    @property
    def top(self) -> str:
        """The folder at the top that the file is in, or nothing."""
        return self.path.partition("/")[0] if "/" in self.path else ""


def read_files(folder: Path) -> list[CampaignFile]:
    """Read every file of a campaign but hidden ones.

    Raises:
        UnfitCampaignError: There is no campaign, or two files would have one key.
    """
    if not (folder / "campaign.toml").is_file():
        raise UnfitCampaignError(f"{folder} has no campaign.toml; name the campaign's folder")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(folder)))
    files = [CampaignFile(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]
    by_key: dict[str, str] = {}
    for file in files:
        if (other := by_key.setdefault(file.key, file.path)) != file.path:
            raise UnfitCampaignError(f"{other} and {file.path} would have one key, {file.key}; rename one of them")
    return files


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def config_maps(files: list[CampaignFile], name: str) -> Iterator[tuple[dict[str, Any], list[dict[str, str]]]]:
    """Yield each ConfigMap, with the items by which it is mounted.

    Raises:
        UnfitCampaignError: A folder is too large for one.
    """
    for top, group in groupby(sorted(files, key=lambda file: (file.top, file.path)), key=lambda file: file.top):
        within = list(group)
        if (size := sum(len(file.content) for file in within)) > LARGEST:
            raise UnfitCampaignError(
                f"{top or 'the folder'} has {size:,} bytes, and a ConfigMap takes {LARGEST:,}; "
                "put the campaign into an image of your own (docs/operations.md, Kubernetes)"
            )
        named = f"{name}-{_NOT_IN_A_NAME.sub('-', top.lower()).strip('-')}" if top else name
        yield _config_map(named, within), [{"key": file.key, "path": file.path} for file in within]


def _config_map(name: str, files: list[CampaignFile]) -> dict[str, Any]:
    texts, binary = {}, {}
    for file in files:
        try:
            texts[file.key] = file.content.decode("utf-8")
        except UnicodeDecodeError:
            binary[file.key] = base64.b64encode(file.content).decode("ascii")
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "labels": {"app.kubernetes.io/part-of": "earthweek"}},
        **({"data": texts} if texts else {}),
        **({"binaryData": binary} if binary else {}),
    }


def write(folder: Path, out: Path, name: str) -> list[Path]:
    """Write both files, for `kubectl apply` and for `helm`, both of which take JSON for YAML. Returns where they are.

    Raises:
        UnfitCampaignError: The folder cannot be put into ConfigMaps.
    """
    made = list(config_maps(read_files(folder), name))
    values = {
        "campaign": {
            "folder": f"/campaigns/{name}",
            "configMaps": [{"name": each["metadata"]["name"], "items": items} for each, items in made],
        }
    }
    listed = {"apiVersion": "v1", "kind": "List", "items": [each for each, _ in made]}
    out.mkdir(parents=True, exist_ok=True)
    written = {"configmaps.json": listed, "campaign-values.json": values}
    for file, content in written.items():
        (out / file).write_text(f"{json.dumps(content, indent=2, ensure_ascii=False)}\n", "utf-8")
    return [out / file for file in written]


def main() -> None:
    """Write them as the command says, and print where they are."""
    parser = argparse.ArgumentParser(description="Write a campaign's folder as ConfigMaps for deploy/helm/earthweek.")
    parser.add_argument("folder", type=Path, help="the campaign's folder")
    parser.add_argument("--out", type=Path, default=Path(), help="the folder to write into")
    parser.add_argument("--name", default="earthweek-campaign", help="the ConfigMaps' name")
    chosen = parser.parse_args()
    try:
        for path in write(chosen.folder, chosen.out, chosen.name):
            print(path)
    except (UnfitCampaignError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
