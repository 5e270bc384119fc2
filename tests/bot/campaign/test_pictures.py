"""The pictures of a campaign: what is read, and what `check` says of a text or a picture that would not be shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns import SHIPPED, Folder, png, seen, small

TEXT = "posts/tip/sv.md"
NAMED = 'picture = "line"\nalt = "Tvätt på en lina."\n'


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return small(tmp_path)


def name_picture(folder: Folder, lines: str = NAMED, *, text: str = TEXT) -> None:
    folder.change(text, "summary = ", f"{lines}summary = ")


def test_campaign_has_every_picture_in_its_folder(folder: Folder) -> None:
    folder.write("pictures/line.png", png())
    folder.write("pictures/other.png", png(shade=9))
    folder.write("pictures/line.svg", "<svg/>")
    name_picture(folder)
    campaign = folder.campaign()
    assert {name: each.content for name, each in campaign.pictures.items()} == {
        "line": png(),
        "other": png(shade=9),
    }
    assert campaign.pictures["line"].hash != campaign.pictures["other"].hash
    text = campaign.text("tip", "sv")
    assert (text.picture, text.alt) == ("line", "Tvätt på en lina.")


def test_picture_that_is_not_there_is_an_error(folder: Folder) -> None:
    name_picture(folder)
    what = "there is no picture 'line'; put pictures/line.png into the campaign's folder"
    assert folder.errors() == [f"{folder.at(TEXT, 'picture =')}: {what}"]


@pytest.mark.parametrize("name", ["../line", "Line", "a/b", "line.png"])
def test_name_leads_out_of_no_folder(folder: Folder, name: str) -> None:
    name_picture(folder, f'picture = "{name}"\nalt = "Tvätt."\n')
    [error] = folder.errors()
    assert "use small letters, digits and hyphens only" in error


def test_picture_and_its_text_need_each_other(folder: Folder) -> None:
    folder.write("pictures/line.png", png())
    name_picture(folder, 'picture = "line"\n')
    [error] = folder.errors()
    assert error.endswith('add `alt = "…"`, which says what is to be seen')
    folder.change(TEXT, 'picture = "line"\n', 'alt = "Tvätt."\n')
    [error] = folder.errors()
    assert error.startswith(f"{folder.at(TEXT, 'alt =')}: `alt` is for a picture")


UNFIT = {
    "JPEG under another name": (b"\xff\xd8\xff" + bytes(400), "this is no PNG file"),
    "nothing but a beginning": (b"\x89PNG", "this is no PNG file"),
    "too heavy": (png() + bytes(300_000), "the picture has 30"),
    "too narrow": (png(200, 100), "the picture is 200 pixels wide and 100 high; make it at least 360 wide"),
    "too wide": (png(1601, 500), "the picture is 1601 pixels wide and 500 high"),
    "too high": (png(400, 1601), "the picture is 400 pixels wide and 1601 high"),
}


@pytest.mark.parametrize(("content", "what"), UNFIT.values(), ids=UNFIT)
def test_unfit_picture_is_an_error(folder: Folder, content: bytes, what: str) -> None:
    folder.write("pictures/line.png", content)
    [error] = folder.errors()
    assert error.startswith(f"pictures/line.png:1: {what}")


def test_link_to_a_file_elsewhere_is_refused(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "line.png"
    elsewhere.write_bytes(png())
    (folder.root / "pictures").mkdir()
    (folder.root / "pictures" / "line.png").symlink_to(elsewhere)
    assert folder.errors() == ["pictures/line.png:1: the path leaves the campaign's folder; put the file itself here"]


def test_direct_message_with_picture_is_warned_of(folder: Folder) -> None:
    folder.write("pictures/line.png", png())
    name_picture(folder)
    assert not [each for each in folder.warnings() if "picture" in each]
    name_picture(folder, text="posts/check/sv.md")
    assert [each.partition(": ")[2] for each in folder.warnings() if "picture" in each] == [
        "a direct message shows no picture; take `picture` and `alt` out of its texts"
    ]


def test_placeholder_in_alternative_text_is_checked(folder: Folder) -> None:
    folder.write("pictures/line.png", png())
    name_picture(folder, f'picture = "line"\nalt = "{seen("line", "sv")} {{first_dya}}"\n')
    [error] = folder.errors()
    assert "{first_dya}" in error


SOURCES = sorted((SHIPPED / "pictures").glob("*.svg"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda each: each.stem)
def test_shipped_picture_is_small_and_without_words(source: Path) -> None:
    assert source.with_suffix(".png").stat().st_size < 60_000
    drawing = source.read_text("utf-8")
    assert "<text" not in drawing
    assert "href" not in drawing
