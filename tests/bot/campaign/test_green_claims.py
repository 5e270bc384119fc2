from __future__ import annotations

import unicodedata

import pytest

from bot.campaign import green_claims
from bot.campaign.green_claims import Claim, ClaimSeverity, claims_in, has_list
from bot.campaign.normalized_text import plain_text
from tests.bot.campaign.claim_sentences import ALLOWED, FORBIDDEN, PHRASES

LANGUAGES = ("en", "sv", "nb", "da", "de")
BAD = [(language, sentence, rule) for language, sentences in FORBIDDEN.items() for sentence, rule in sentences]
GOOD = [(language, sentence) for language, sentences in ALLOWED.items() for sentence in sentences]


def test_sixty_of_each_a_dozen_a_language() -> None:
    for table in (FORBIDDEN, ALLOWED):
        assert set(table) == set(LANGUAGES)
        assert all(len(set(sentences)) >= 12 for sentences in table.values())
        assert sum(map(len, table.values())) >= 60


@pytest.mark.parametrize(("language", "sentence", "rule"), BAD)
def test_forbidden_sentence_is_found_by_its_rule(language: str, sentence: str, rule: str) -> None:
    found = claims_in(sentence, language)
    assert rule in {claim.rule for claim in found}
    for claim in found:
        assert sentence[claim.position :].startswith(claim.words)
        assert claim.why
        assert claim.instead


@pytest.mark.parametrize(("language", "sentence"), GOOD)
def test_allowed_sentence_has_no_claim(language: str, sentence: str) -> None:
    assert claims_in(sentence, language) == ()


def test_way_of_writing_hides_nothing() -> None:
    missed = [
        written
        for language, sentence, rule in BAD
        for written in (unicodedata.normalize("NFD", sentence), sentence.upper(), sentence.replace(" ", "\n"))
        if rule not in {claim.rule for claim in claims_in(written, language)}
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "[climate-neutral](https://example.org) lessons"),
        ("en", "cli\u200bmate\u2011neutral lessons"),
        ("en", "carbon\u00a0neutral lessons"),
        ("en", "a _climate_ neutral school"),
        ("sv", "gron el i alla rum"),
        ("nb", "klimanoytral drift"),
        ("nn", "eit miljøvenleg val"),
        ("da", "baeredygtige bøger"),
        ("de", "gruener Strom"),
        ("de-AT", "umwelt- und klima\u00adfreundlich"),
    ],
)
def test_claim_is_found_within_its_layout(language: str, text: str) -> None:
    assert claims_in(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "klimat\u034fneutrala",
        "klimat\ufe0fneutrala",
        "klimat\u0008neutrala",
        "klimat\u3164neutrala",
        "k\u0336limatneutrala",
        "klim\u0430tneutrala",
        "klimatneutr\u03b1la",
        "klimat&shy;neutrala",
        "klimat&#110;eutrala",
        "[klimat](https://example.com/a)neutrala",
        "[klimat][a]neutrala",
        'bra, [se](https://example.com/a "klimatneutrala")',
    ],
)
def test_what_nobody_sees_hides_no_claim(text: str) -> None:
    assert [claim.rule for claim in claims_in(f"Vi är {text}.", "sv")] == ["4c"]


def test_words_beside_a_link_are_read_on() -> None:
    (claim,) = claims_in("We are [climate](https://example.com/a) neutral.", "en")
    assert claim.position == len("We are [")


def test_address_is_no_claim() -> None:
    assert claims_in("See https://example.org/climate-neutral-now for the source.", "en") == ()


def test_claim_says_where_and_what_instead() -> None:
    [claim] = claims_in("Vi är **klimat**neutrala.", "sv")
    assert claim == Claim("klimat**neutrala", claim.why, claim.instead, "4c", ClaimSeverity.BAN, position=8)
    assert "offsetting" in claim.why
    assert "skogsprojekt" in claim.instead


def test_only_what_a_person_judges_is_not_refused() -> None:
    found = {claim for language, sentence, _ in BAD for claim in claims_in(sentence, language)}
    assert {claim.rule for claim in found if not claim.is_refused} == {"2a", "4b", "6(2)(d)", "7(7)"}
    assert {claim.rule for claim in found if claim.is_refused} == {"4a", "4c", "accuracy"}


def test_two_claims_of_one_place_are_one() -> None:
    [claim] = claims_in("Vi är klimatneutrala till 2030.", "sv")
    assert claim.rule == "4c"


@pytest.mark.parametrize("language", LANGUAGES)
def test_figure_beside_its_source_may_stand_alone(language: str) -> None:
    text = "100 g: 2.7 kg CO₂e (1.8\u20134.1 kg; RISE)."
    assert [claim.rule for claim in claims_in(text, language)][:1] == ["accuracy"]
    assert claims_in(text, language, is_sourced=True) == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We saved 40 kg CO₂e, which was not measured."),
        ("sv", "Vi sparade 40 kg koldioxid, inte uppmätt."),
        ("en", "Colleagues estimate much. We saved 40 kg CO₂e."),
        ("de", "Kolleginnen schätzen viel.\n\n- 40 kg CO₂e gespart"),
    ],
)
def test_estimate_or_measurement_stands_beside_its_figure(language: str, text: str) -> None:
    assert [claim.rule for claim in claims_in(text, language)] == ["accuracy"]


def test_language_without_a_list_is_not_looked_at() -> None:
    assert not has_list("fi")
    assert claims_in("Olemme hiilineutraali, carbon neutral.", "fi") == ()
    assert has_list("en-GB")
    assert has_list("nn")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_rule(language: str) -> None:
    assert {rule for _, rule in FORBIDDEN[language]} == {"4a", "4c", "2a", "4b", "6(2)(d)", "7(7)", "accuracy"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_finds_something(language: str) -> None:
    written = [*(sentence for sentence, _ in FORBIDDEN[language]), *PHRASES[language]]
    texts = [plain_text(each).text for each in written]
    patterns = [each for alternatives in green_claims._file()[language]["words"].values() for each in alternatives]
    assert [each for each in patterns if not any(green_claims._pattern(each).search(text) for text in texts)] == []
    assert [phrase for phrase in PHRASES[language] if not claims_in(phrase, language)] == []
