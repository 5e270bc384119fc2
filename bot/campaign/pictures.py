"""The pictures of a campaign: PNG files in its folder `pictures`, which texts name in their front matter."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from functools import cached_property

from bot.campaign.folder import Folder
from bot.campaign.problems import Problems

PICTURES = "pictures"
"""The folder of the pictures, in that of the campaign."""

_SUFFIX = ".png"
_LARGEST = 300_000
"""Bytes. On a phone far from town, a larger picture comes after the text has been read."""

_NARROWEST, _LONGEST_SIDE = 360, 1600
"""Pixels. Slack shows a narrower picture in its own small size, and has no use for more."""

_HEAD = struct.Struct(">8s4x4sII")
_SIGNATURE, _SIZE_CHUNK = b"\x89PNG\r\n\x1a\n", b"IHDR"


@dataclass(frozen=True)
class Picture:
    """A picture of a campaign. `name` is that of its file, without `.png`."""

    name: str
    content: bytes = field(repr=False)

    @cached_property
    def hash(self) -> str:
        """The hash of the file's bytes, by which the store knows what was uploaded."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return _pixels(self.content) or (0, 0)


def picture_path(name: str) -> str:
    """Return the path of a picture in the campaign's folder."""
    return f"{PICTURES}/{name}{_SUFFIX}"


def read_pictures(folder: Folder, problems: Problems) -> dict[str, Picture]:
    """Read every picture in the folder, by name. One that Slack would not show well is reported, and left out."""
    found: dict[str, Picture] = {}
    for item in folder.listing(PICTURES):
        if item.suffix != _SUFFIX:
            continue
        path = picture_path(item.stem)
        content = folder.read_bytes(path, problems, f"put a picture there as {_SUFFIX[1:].upper()}")
        if content is None:
            continue
        if wrong := _fault(content):
            problems.error(folder.name(path), 1, *wrong)
        else:
            found[item.stem] = Picture(item.stem, content)
    return found


def _fault(content: bytes) -> tuple[str, str] | None:
    """Return what is wrong with a picture and what to do, or None."""
    size = _pixels(content)
    if size is None:
        return "this is no PNG file", "save the picture as PNG; another name alone does not change it"
    if len(content) > _LARGEST:
        return f"the picture has {len(content) // 1000} kB", f"make it smaller than {_LARGEST // 1000} kB"
    width, height = size
    if width < _NARROWEST or max(size) > _LONGEST_SIDE:
        what = f"the picture is {width} pixels wide and {height} high"
        return what, f"make it at least {_NARROWEST} wide, and no side longer than {_LONGEST_SIDE}; 1000 by 500 is good"
    return None


def _pixels(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG file, or None if it is none."""
    if len(content) < _HEAD.size:
        return None
    signature, chunk, width, height = _HEAD.unpack_from(content)
    return (width, height) if (signature, chunk) == (_SIGNATURE, _SIZE_CHUNK) else None
