"""What `check` says of the campaign's words."""

from __future__ import annotations

from tests.campaigns import Folder

TIP = "posts/tip/en.md"


def test_faulty_placeholder_is_an_error_at_its_line(folder: Folder) -> None:
    folder.change(TIP, "First paragraph.", "First paragraph.\n\nOn {frist_day}.")
    where = folder.at(TIP, "{frist_day}")
    assert folder.errors() == [f"{where}: there is no placeholder {{frist_day}}; did you mean {{first_day}}?"]


def test_titles_and_pledges_are_looked_at_too(folder: Folder) -> None:
    folder.change("campaign.toml", 'sv = "Liten vecka"', 'sv = "Vecka {country}"')
    folder.change("pledges/sv.toml", '"På tisdag"', '"On {weekday:tipp}"')
    folder.change(TIP, "+++\n\n", 'ask = "{goal} or {company}?"\n[local]\nNO = "In {local}."\n+++\n\n')
    assert [each.partition(": ")[::2] for each in folder.errors()] == [
        (
            folder.at("campaign.toml", 'sv = "Vecka'),
            "{country} is read in all countries together here; write {countries}",
        ),
        (
            folder.at("pledges/sv.toml", "tipp"),
            "{weekday:tipp} names no post; name one of them, such as {weekday:tip}",
        ),
        (folder.at(TIP, "ask ="), '{company} has no value; add `name = "…"` under [company]'),
        (folder.at(TIP, "NO ="), "{local} stands outside of the text of a post; take it away"),
    ]


def test_lines_for_other_countries_are_errors(folder: Folder) -> None:
    folder.change(TIP, "+++\n\n", '[local]\nFI = "Täällä."\n+++\n\n')
    assert folder.errors() == [f"{folder.at(TIP, 'FI =')}: 'FI' is no country of the campaign; correct or remove it"]


def test_place_for_lines_needs_lines(folder: Folder) -> None:
    folder.change(TIP, "First paragraph.", "{local}")
    todo = 'add [local] and NO = "…" above the second +++'
    assert folder.errors() == [f"{folder.at(TIP, '{local}')}: {{local}} has no lines to show; {todo}"]


def test_lines_and_questions_are_read(folder: Folder) -> None:
    folder.change(TIP, "+++\n\n", 'ask = "Rack or line?"\n[local]\nNO = "*Her* i Norge."\n+++\n\n')
    text = folder.campaign().text("tip", "en")
    assert (text.ask, text.local) == ("Rack or line?", {"NO": "*Her* i Norge."})


def test_lines_and_questions_are_checked_as_texts(folder: Folder) -> None:
    long = f'ask = "{"x" * 151}"\n[local]\nNO = "{"y" * 301}"\n+++\n\n'
    folder.change(TIP, "+++\n\n", long)
    assert folder.errors() == [
        f"{folder.at(TIP, 'ask')}: `ask` is too long (151); keep it to 150, Slack shows no more",
        f"{folder.at(TIP, 'NO')}: `local.NO` is too long (301); keep it to 300, Slack shows no more",
    ]
    folder.change(TIP, long, '[local]\nNO = """<b>a</b>\nb"""\n+++\n\n')
    [several] = folder.errors()
    assert several.endswith("`local.NO`: it has several lines; write it on one")
    folder.change(TIP, '"""<b>a</b>\nb"""', '"<b>a</b>"')
    [html] = set(folder.errors())
    assert html == f"{folder.at(TIP, 'NO')}: Slack does not show HTML here; write it as plain text"


def test_untranslated_language_is_one_line(folder: Folder) -> None:
    for file in [name for name in folder.files if name.endswith(("/en.md", "/en.toml"))]:
        folder.write(file.replace("en.", "sv."), folder.text(file))
    what = "sv: 5 texts and all pledges are still the same as in en: not translated yet"
    todo = "translate sv.md in the folders of posts and pledges/sv.toml"
    assert folder.warnings() == [f"{folder.at('campaign.toml', 'languages = ')}: {what}; {todo}"]


def test_one_text_that_is_the_same_is_named(folder: Folder) -> None:
    folder.write("posts/tip/sv.md", folder.text("posts/tip/en.md"))
    [warning] = folder.warnings()
    assert warning.endswith(
        "sv: 1 text is still the same as in en: not translated yet; translate sv.md in the folders of posts"
    )
