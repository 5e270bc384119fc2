from __future__ import annotations

from pathlib import Path

from bot.campaign.folder import Folder
from bot.campaign.kept_ideas import FILE, KeptIdea, for_next_year, read_kept_ideas, with_ideas
from bot.campaign.problems import Problems
from tests.campaigns import Folder as Files

RACKS = KeptIdea(
    campaign="earth-week-2027", country="SE", language="sv", text='Fler "cykelställ"\nunder tak', stage="planned",
    became="Beställda.",
)  # fmt: skip
BINS = KeptIdea(campaign="earth-week-2027", language="en", text="A bin", stage="done", customers=True, next_year=False)


def read(root: Path, text: str) -> tuple[tuple[KeptIdea, ...], list[str]]:
    problems = Problems()
    Files(root).write(FILE, text)
    return read_kept_ideas(Folder(root), problems), [problem.what for problem in problems]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    text = with_ideas(None, (), [RACKS, BINS])
    assert text
    # By their words, and not by when they came.
    assert read(tmp_path, text) == ((BINS, RACKS), [])
    assert with_ideas(text, (BINS, RACKS), [RACKS]) is None


def test_only_what_is_kept_goes_into_next_year(tmp_path: Path) -> None:
    both, alone = (with_ideas(None, (), ideas) or "" for ideas in ([RACKS, BINS], [BINS]))
    assert read(tmp_path, for_next_year(both) or "") == ((RACKS,), [])
    assert for_next_year(alone) is None


def test_mistakes_are_named(tmp_path: Path) -> None:
    text = '[[ideas]]\ncampaign = "a"\nlanguage = "sv"\ntext = "x"\nstage = "ready"\nauthor = "U0ANN"\n'
    found, said = read(tmp_path, text)
    assert found == ()
    assert said[0].startswith("`stage` cannot be 'ready'")
    assert said[1] == "the key `author` is not known here"


def test_customers_read_of_what_was_done() -> None:
    assert BINS.is_for_customers
    assert not RACKS.is_for_customers
    assert not BINS.model_copy(update={"stage": "planned"}).is_for_customers
