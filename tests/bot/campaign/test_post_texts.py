from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.campaigns import Folder

FILE = "posts/tip/en.md"
FRONT = "start the file with +++, then title and summary, then +++ again"


class Mistake(NamedTuple):
    old: str
    new: str
    line: int
    says: str


MISTAKES = {
    "unknown key": Mistake(
        'title = "A title"',
        'title = "A title"\nsummery = "x"',
        3,
        "the key `summery` is not known here; did you mean `summary`?",
    ),
    "missing title": Mistake(
        'title = "A title"\n', "", 2, '`title` is missing; add it, for example `title = "Monday"`'
    ),
    "title too long": Mistake(
        "A title", "x" * 121, 2, "`title` is too long (121); keep it to 120, Slack shows no more"
    ),
    "summary too long": Mistake(
        "One full sentence", "x" * 250, 3, "`summary` is too long (251); keep it to 250, Slack shows no more"
    ),
    "text too long": Mistake(
        "- [a link](https://example.org)",
        "x" * 2983,
        5,
        "`body` is too long (3001); keep it to 3000, Slack shows no more",
    ),
    "empty title": Mistake('"A title"', '""', 2, '`title` is empty; write it, for example "Monday"'),
    "summary without a full stop": Mistake(
        "One full sentence.", "No sentence", 3, "`summary` is not a full sentence; end it with a full stop"
    ),
    "text among the keys": Mistake(
        "+++\n\n", 'body = "x"\n+++\n\n', 4, "`body` is not a key; write the text below the second +++"
    ),
    "no text": Mistake(
        "First paragraph.\n\n- [a link](https://example.org)\n",
        "",
        5,
        "there is no text below the front matter; write what people shall read",
    ),
    "front matter not closed": Mistake("+++\n\n", "\n", 1, f"the front matter is missing or not closed; {FRONT}"),
    "front matter not opened": Mistake("+++\ntitle", "title", 1, f"the front matter is missing or not closed; {FRONT}"),
    "words before the front matter": Mistake(
        "+++\ntitle", "words\n+++\ntitle", 1, f"the front matter is missing or not closed; {FRONT}"
    ),
    "curly quotes": Mistake(
        '"A title"', "\u201dA title\u201d", 2, '`title = \u201dA title\u201d` has curly quotes; use straight ones: "'
    ),
    "title given twice": Mistake(
        'title = "A title"',
        'title = "A title"\ntitle = "B"',
        3,
        '`title = "B"` is given twice; keep one of the two',
    ),
    "link to plain http": Mistake(
        "First paragraph.",
        "First\n[words](http://example.org/a).",
        7,
        "the link 'http://example.org/a' is not https; use https://",
    ),
    "plain http in the words": Mistake(
        "First paragraph.",
        "First\n\nand at http://example.org, too",
        8,
        "the link 'http://example.org' is not https; use https://",
    ),
    "link to an address for mail": Mistake(
        "First paragraph.",
        "First\nsecond\n[words](mailto:a@example.org).",
        8,
        "the link 'mailto:a@example.org' is not https; link to an https:// address",
    ),
    "link within the folder": Mistake(
        "https://example.org", "other.md", 8, "the link 'other.md' is not https; link to an https:// address"
    ),
    "picture": Mistake(
        "First paragraph.",
        "First\n![words](https://example.org/a.png)",
        7,
        "Slack does not show a picture here; write it as plain text",
    ),
    "HTML": Mistake("First paragraph.", "<div>\nx\n</div>", 6, "Slack does not show HTML here; write it as plain text"),
    "HTML within a line": Mistake(
        "First paragraph.", "First\nx<br>", 7, "Slack does not show HTML here; write it as plain text"
    ),
    "call to the whole channel": Mistake(
        "First paragraph.", "Hey <!channel>", 6, "Slack does not show HTML here; write it as plain text"
    ),
    "table": Mistake(
        "First paragraph.",
        "First\n\n| a | b |\n|---|---|\n| c | d |",
        8,
        "Slack does not show a table here; write it as plain text",
    ),
    "heading": Mistake(
        "First paragraph.",
        "First\n\n## A heading",
        8,
        "Slack does not show a heading here; write it as plain text",
    ),
    "underlined heading": Mistake(
        "First paragraph.", "Heading\n---", 6, "Slack does not show a heading here; write it as plain text"
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_text_mistake_is_reported_and_gives_no_campaign(folder: Folder, mistake: Mistake) -> None:
    folder.change(FILE, mistake.old, mistake.new)
    assert folder.errors() == [f"{FILE}:{mistake.line}: {mistake.says}"]
    assert folder.read().campaign is None


@pytest.mark.parametrize("end", [".", "!", "?", "…", '."', ".)", "!\u201d"])
def test_a_summary_may_end_as_sentences_end(folder: Folder, end: str) -> None:
    folder.change(FILE, 'summary = "One full sentence."', f"summary = 'One full sentence{end}'")
    assert folder.errors() == []


def test_texts_may_be_as_long_as_limit(folder: Folder) -> None:
    words = f'+++\ntitle = "{"x" * 120}"\nsummary = "{"y" * 249}."\n+++\n\n{"z" * 3000}\n'
    folder.write(FILE, words)
    text = folder.campaign().text("tip", "en")
    assert (len(text.title), len(text.summary), len(text.body)) == (120, 250, 3000)


def test_visible_words_are_those_below_front_matter(folder: Folder) -> None:
    text = folder.campaign().text("tip", "en")
    assert text.title == "A title"
    assert text.summary == "One full sentence."
    assert text.body == "First paragraph.\n\n- [a link](https://example.org)"
