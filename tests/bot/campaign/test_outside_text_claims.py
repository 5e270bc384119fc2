"""Words for customers and users: which they are, and what must not leave the house."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.campaign import folder as folders
from bot.campaign.model import Campaign
from bot.campaign.outside_text_claims import outside_texts, unlisted
from bot.campaign.problems import Severity
from tests.campaigns import SHIPPED, Folder, shipped

ABOUT = 'about = "Of all trips between our offices, counted by those that were booked."'


@pytest.fixture
def week(tmp_path: Path) -> Folder:
    return shipped(tmp_path / "week")


def outside(folder: Folder) -> list[str]:
    reading = folder.read()
    # Colleagues get everything.
    assert reading.campaign is not None
    return [f"{Path(each.file).relative_to(folder.root)}:{each.line} {each.what}" for each in reading.problems.outside]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("campaign.toml", 'de = "Earth Week {year}"', 'de = "Klimaneutrale Woche"', "Klimaneutrale"),
        ("campaign.toml", 'sv = "Energi"', 'sv = "Grön energi"', "Grön energi"),
        ("posts/monday-tip/nb.md", "Her hos oss", "Miljøvennlig: her hos oss", "Miljøvennlig"),
        ("posts/friday-answer/da.md", "Cirka 50 kg", "CO₂-neutral: cirka 50 kg", "CO₂-neutral"),
        ("pledges/en.toml", 'title = "', 'title = "Eco-friendly: ', "Eco-friendly"),
        ("measures/sv.toml", 'about = "', 'about = "Vi är klimat\u00adneutrala. ', "klimat\u00adneutrala"),
        ("measures/en.toml", ABOUT, 'about = "Our trips are net zero."', "net zero"),
    ],
)
def test_claim_is_named_with_its_line(week: Folder, file: str, old: str, new: str, words: str) -> None:
    assert outside(week) == []
    raw = week.text(file)
    assert old in raw
    week.write(file, raw.replace(old, new, 1))
    found = outside(week)
    assert len(found) == 1
    assert found[0].startswith(f"{week.at(file, words)} “{words}” must not leave the house: a")


def test_sentence_says_why_and_what_instead(week: Folder) -> None:
    week.change("measures/de.toml", 'about = "', 'about = "Wir sind umweltfreundlich. ')
    [problem] = week.read().problems.outside
    assert "Directive" not in problem.what
    assert problem.what.endswith("unless the same text says exactly what is meant (point 4a)")
    assert problem.todo.startswith("genau sagen, was getan wurde")


@pytest.mark.parametrize("file", ["posts/idea-call/sv.md", "posts/thanks/en.md"])
def test_words_among_colleagues_are_free(week: Folder, file: str) -> None:
    week.write(file, f"{week.text(file)}\nVi är klimatneutrala, climate neutral.\n")
    assert outside(week) == []


def test_kilograms_stand_alone_only_beside_their_source(week: Folder) -> None:
    saved = 'about = "We saved 400 kg CO₂e. '
    week.write("measures/en.toml", week.text("measures/en.toml").replace('about = "', saved))
    # The repaired laptops are measured and goals have a source; of the others one is estimated, and one not measured.
    assert len(outside(week)) == 2
    assert all("is an estimate" in each for each in outside(week))


def test_claim_to_be_judged_is_a_warning(week: Folder) -> None:
    week.change("measures/en.toml", ABOUT, 'about = "Our office in Oslo is fossil-free."')
    problems = week.read().problems
    assert problems.outside == []
    [warning] = [each for each in problems.warnings if each.weight is Severity.WARNING]
    assert "“fossil-free” needs a look before it leaves the house" in warning.what


def test_every_tip_and_measure_is_looked_at(shipped: Campaign) -> None:
    looked_at = {each.file.path for each in outside_texts(shipped)}
    for language in shipped.languages:
        tips = {f"posts/{post.post}/{language}.md" for post in shipped.posts if post.kind in {"tip", "guess_answer"}}
        assert tips | {f"measures/{language}.toml", f"pledges/{language}.toml", "campaign.toml"} <= looked_at
    assert list(unlisted(shipped, folders.Folder(SHIPPED))) == []
