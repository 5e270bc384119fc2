"""What organisers have decided, written back into the campaign's files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.campaign.decision_export import changed_files, is_same_week
from bot.campaign.folder import Folder as Files
from bot.campaign.model import Campaign, Text
from bot.campaign.organiser_decisions import Decisions, Omission, OwnPost, Revision
from bot.campaign.overlay import apply
from bot.campaign.post_texts import misfits
from bot.campaign.problems import Problems
from bot.campaign.text_hash import text_hash
from bot.messages.unicode_text import storable
from tests.campaigns import Folder, small

NOW = datetime(2027, 3, 16, 12, tzinfo=UTC)
NEW = Text(title='"Ny" \\ text', summary="Nya ord.", body="Så här.\n\n+++\n\n- en\n- två")
OWN = OwnPost("own-1", "SE", date(2027, 3, 17), time(9), "U0SEA", NOW)


def revision(files: Campaign, post: str = "tip", language: str = "sv", text: Text = NEW) -> Revision:
    said = files.texts.get((post, language))
    return Revision(f"{post}{language}", post, language, text, text_hash(said) if said else "", "U0SEA", NOW)


def written(folder: Folder, decisions: Decisions) -> dict[str, str]:
    """Write the decisions into the files; what was written, by file."""
    files, source = folder.campaign(), Files(folder.root)
    decided = apply(files, decisions, NOW)
    changed = changed_files(files, decided, lambda path: source.read(path, Problems(), "") or "")
    folder.write_all(changed)
    assert is_same_week(folder.campaign(), decided)
    assert changed_files(folder.campaign(), folder.campaign(), folder.text) == {}
    return changed


def revised(*revisions: Revision, **more: Any) -> Decisions:
    return replace(Decisions({(each.post, each.language): each for each in revisions}), **more)


def test_nothing_decided_changes_no_file(folder: Folder) -> None:
    assert written(folder, Decisions()) == {}


def test_words_are_written_below_kept_front_matter(folder: Folder) -> None:
    folder.change("posts/tip/sv.md", 'title = "A title"', '# Short, please.\ntitle = "A title"')
    changed = written(folder, revised(revision(folder.campaign())))
    front = '+++\n# Short, please.\ntitle = "\\"Ny\\" \\\\ text"\nsummary = "Nya ord."\n+++\n'
    assert changed == {"posts/tip/sv.md": f"{front}\n{NEW.body}\n"}


def test_lines_and_question_are_written_and_taken_out(folder: Folder) -> None:
    lines = {"SE": 'Här: "1 kWh".', "NO": "Her."}
    asking = NEW.model_copy(update={"ask": "Och du?", "local": lines})
    written(folder, revised(revision(folder.campaign(), text=asking)))
    assert folder.campaign().text("tip", "sv") == asking
    folder.change("posts/tip/sv.md", "[local]", "# Ask Kari.\n[local]")
    written(folder, revised(revision(folder.campaign(), text=asking.model_copy(update={"local": {"SE": "Här."}}))))
    assert '# Ask Kari.\n[local]\nSE = "Här."\n+++' in folder.text("posts/tip/sv.md")
    written(folder, revised(revision(folder.campaign(), text=NEW)))
    assert folder.campaign().text("tip", "sv") == NEW


def test_lines_within_one_value_are_written_anew(folder: Folder) -> None:
    folder.change("posts/tip/sv.md", "summary", 'local = { SE = "Här." }\nsummary')
    text = NEW.model_copy(update={"local": {"SE": "Där."}})
    written(folder, revised(revision(folder.campaign(), text=text)))
    assert folder.campaign().text("tip", "sv") == text


def test_own_post_becomes_a_post_in_every_language(folder: Folder) -> None:
    files = folder.campaign()
    changed = written(folder, revised(revision(files, "own-1"), own_posts=(OWN,)))
    assert set(changed) == {"campaign.toml", "posts/own-1/sv.md", "posts/own-1/en.md"}
    post = folder.campaign().posts[-1]
    assert (post.post, post.kind, post.day, post.time, post.countries) == ("own-1", "note", OWN.day, OWN.time, ("SE",))


def test_posts_are_left_out_where_decided(folder: Folder) -> None:
    before = folder.text("campaign.toml")
    left = [Omission("tip", code, "U0SEA", NOW) for code in ("SE", "FI")] + [Omission("own-1", "SE", "U0SEA", NOW)]
    decisions = revised(revision(folder.campaign(), "own-1"), own_posts=(OWN,), omissions=tuple(left))
    written(folder, decisions)
    posts = {post.post: post.left_out for post in folder.campaign().posts}
    assert (posts["tip"], posts["own-1"], posts["check"]) == (("SE",), ("SE",), ())
    link = 'source_url = "https://example.org/report"\n'
    assert folder.text("campaign.toml").startswith(before.partition(link)[0] + link + 'left_out = ["SE"]\n')


def test_schedule_in_another_form_is_left_alone(folder: Folder) -> None:
    start, _, posts = folder.text("campaign.toml").partition("[[posts]]")
    tables = [each.strip().replace("\n", ", ") for each in posts.split("[[posts]]")]
    one_line = ", ".join(f"{{{each}}}" for each in tables)
    folder.write("campaign.toml", f"posts = [{one_line}]\n{start}")
    with pytest.raises(LookupError):
        written(folder, Decisions(omissions=(Omission("tip", "SE", "U0SEA", NOW),)))


WORDS = st.text(min_size=1, max_size=60).map(lambda text: " ".join(storable(text).split())).filter(bool)


@pytest.mark.thorough
@given(title=WORDS, body=st.text(max_size=200))
def test_any_words_come_back_as_written(tmp_path_factory: pytest.TempPathFactory, title: str, body: str) -> None:
    folder = small(tmp_path_factory.mktemp("words") / "small")
    # As a form reads them.
    said = f"Text {storable(body)}".replace("\r\n", "\n").strip()
    assume(not misfits(said))
    decisions = revised(revision(folder.campaign(), text=Text(title=title, summary=f"{title}.", body=said)))
    assert set(written(folder, decisions)) == {"posts/tip/sv.md"}
