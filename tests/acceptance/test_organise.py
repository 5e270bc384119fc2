"""The page from which organisers run the week, and who may see it and press what stands on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.campaign.bot_words import BotWords
from bot.listeners.command_parsing import parse
from bot.listeners.typed_words import TypedWords
from bot.locales.catalogues import languages, words
from bot.messages.organise.guide import PARTS
from bot.messages.words import Words
from bot.store.organiser_acts import Actor
from tests.bot.locales.test_catalogues import messages
from tests.campaigns import GERMANY, NORWAY, SWEDEN, Place, Post, Week
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, EN, MANAGER, MONDAY, REPRESENTATIVE, SV, Answer, Participant, moment, participant
from .test_direct_messages import writes

GERMAN, COLLEAGUE = "U0GERMAN", "U0ANN"
TUESDAY = date(2027, 3, 16)
WEEK = Week(
    posts=(
        Post("tip", MONDAY, time(9), kind="tip"),
        Post("news", MONDAY, time(11), audience="company"),
        Post("note", TUESDAY, time(9)),
        Post("how", TUESDAY, time(14), kind="check_in", audience="joined"),
        Post("brief", TUESDAY, time(8), audience="representatives"),
    ),
    places=(
        replace(SWEDEN, representative=REPRESENTATIVE, deputy=DEPUTY),
        replace(GERMANY, representative=GERMAN),
        NORWAY,
    ),
    managers=(MANAGER,),
)
NOON = moment(MONDAY, 12)


async def at_noon(run_bot: RunBot, week: Week = WEEK) -> Simulation:
    simulation = await run_bot(week)
    await simulation.run_until(NOON)
    return simulation


async def organiser(week: Simulation, user: str = REPRESENTATIVE, locale: str = "sv-SE") -> Participant:
    return await participant(week, user, locale=locale)


async def decided(week: Simulation) -> object:
    """Everything that organisers have decided, and what they did."""
    store, campaign = week.bot.store, week.campaign.id
    return await store.read(store.decisions, campaign), await store.read(store.organisers.acts, campaign, 100)


def right(page: Answer) -> Answer:
    """The page, which Slack has taken: it has fewer blocks than a modal may have."""
    assert page.form == "organise", page.text
    assert len(page.blocks) < 100
    return page


@pytest.mark.both_ways
async def test_representative_sees_posts_of_own_country(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    page = right(await (await organiser(week)).types("organise"))
    for said in ("09:00  *tip*", "11:00  *news*", "14:00  *how*", "08:00  *brief*"):
        assert said in page.text
    assert SV("organise.state.sent", time="09:00") in page.text
    assert SV("organise.ready") in page.text
    assert not any(button.startswith("organise_page") for button in page.buttons)


async def test_manager_turns_to_any_country(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    boss = await organiser(week, MANAGER, "en-GB")
    page = await boss.types("organise")
    assert EN("organise.posts", country="Sweden") in page.text
    assert {"organise_page:DE", "organise_page:NO"} <= set(page.buttons)
    assert EN("organise.posts", country="Norway") in right(await boss.presses_in_form("organise_page:NO")).text


@pytest.mark.both_ways
async def test_others_are_told_who_organises(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    ann = await participant(week, COLLEAGUE)
    stranger = await ann.types("organise")
    assert f"<@{MANAGER}>" in stranger.text
    assert REPRESENTATIVE not in stranger.text
    await ann.joins("SE")
    told = await ann.types("organise")
    assert all(f"<@{user}>" in told.text for user in (REPRESENTATIVE, DEPUTY, MANAGER))
    assert "*tip*" not in told.text


async def test_with_nobody_named_the_page_says_so(run_bot: RunBot) -> None:
    week = await at_noon(run_bot, Week((Post("tip", MONDAY, time(9)),)))
    ann = await participant(week, COLLEAGUE)
    assert SV("organise.nobody") in (await ann.types("organise")).text


@pytest.mark.both_ways
@pytest.mark.parametrize("user", [COLLEAGUE, GERMAN])
async def test_nobody_else_looks_at_a_country(run_bot: RunBot, user: str) -> None:
    week = await at_noon(run_bot)
    who = await participant(week, user)
    await who.types("organise")
    answer = await who.forges_in_form("organise_page", "SE")
    assert answer.text == SV("organise.not_yours")


async def test_former_representative_sees_no_more(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep = await organiser(week)
    await rep.types("organise")
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    await week.run_until(NOON + timedelta(minutes=2))
    assert (await rep.forges_in_form("organise_page", "SE")).text == SV("organise.not_yours")
    assert SV("organise.for_organisers") in (await rep.types("organise")).text


async def test_stand_in_has_the_page_until_last_day(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    boss = Actor(week.campaign.id, MANAGER, NOON)
    await week.bot.store.write(week.bot.store.organisers.name_stand_in, boss, "NO", COLLEAGUE, MONDAY)
    await week.bot.delivery.refresh_decisions()
    ann = await participant(week, COLLEAGUE)
    assert SV("organise.posts", country="Norge") in (await ann.types("organise")).text
    await week.run_until(moment(TUESDAY, 0, 5))
    assert (await ann.types("organise")).form == "notice"


async def test_what_is_missing_stands_on_top(run_bot: RunBot) -> None:
    week = await run_bot(replace(WEEK, earth_hour=date(2027, 3, 27)), without=["week-no"])
    await week.run_until(NOON)
    page = await (await organiser(week)).types("organise")
    assert SV("organise.channel", channel="`week-no`") in page.text


async def test_what_countries_have_not_said_is_named(run_bot: RunBot) -> None:
    """Headcounts and works councils, each with who can say it and until when."""
    week = await at_noon(run_bot)
    file = week.folder / "campaign.toml"
    asked = file.read_text("utf-8").replace(
        'channel = "week-de"', 'channel = "week-de"\nworks_council_informed = false'
    )
    file.write_text(f"{asked}\n[goal]\nparticipation_percent = 20\n", "utf-8")
    await week.run_until(NOON + timedelta(minutes=2))
    page = right(await (await organiser(week, MANAGER, "en-GB")).types("organise"))
    needed = EN("organise.needed_by", day=EN.short_day(date(2027, 3, 17)))
    for country, who in (("Sweden", f"<@{REPRESENTATIVE}> and <@{DEPUTY}>"), ("Norway", f"<@{MANAGER}>")):
        said = EN("organise.headcount", country=country), EN("organise.who_can", names=who), needed
        assert " ".join(said) in page.text
    council = EN("organise.works_council", country="Germany"), EN("organise.who_can", names=f"<@{GERMAN}>")
    assert " ".join((*council, EN("organise.needed_by", day=EN.short_day(MONDAY)))) in page.text
    own = right(await (await organiser(week)).types("organise"))
    assert SV("organise.headcount", country="Sverige") in own.text
    assert "Norge" not in own.text, "what others have not said is theirs to say"


async def test_without_goal_no_headcount_is_missed(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    assert EN("organise.ready") in right(await (await organiser(week, MANAGER, "en-GB")).types("organise")).text


async def test_figures_are_shown_as_published(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    page = right(await (await organiser(week, locale="en-GB")).types("organise"))
    assert EN("standings.title") in page.text
    assert "The first figures come on" in page.text


async def test_acts_of_organisers_are_shown(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    store = week.bot.store
    await store.write(store.pauses.pause, Actor(week.campaign.id, MANAGER, NOON), "NO")
    await store.write(store.pauses.leave_out, Actor(week.campaign.id, GERMAN, NOON), "note", "DE")
    await week.bot.delivery.refresh_decisions()
    page = await (await organiser(week)).types("organise")
    assert SV("organise.act.left_out", who=f"<@{GERMAN}>", post="*note*", country="Tyskland") in page.text
    when = {"day": SV.short_day(MONDAY), "time": "12:00"}
    assert SV("organise.paused_country", country="Norge", who=f"<@{MANAGER}>", **when) in page.text
    boss = await organiser(week, MANAGER)
    await boss.types("organise")
    assert SV("organise.state.left_out") in (await boss.presses_in_form("organise_page:DE")).text


async def test_many_posts_are_paged_below_hundred_blocks(run_bot: RunBot) -> None:
    posts = [Post(f"post-{n}", MONDAY + timedelta(days=n % 7), time(6 + n % 12, n % 60)) for n in range(200)]
    codes = ("FI", "FR", "IT", "ES", "PT", "PL", "CZ", "AT", "CH", "BE", "NL", "IE", "EE", "LV", "LT", "HU", "RO")
    more = [Place(code, "Europe/Berlin", "de", f"week-{code.lower()}") for code in codes]
    week = await run_bot(replace(WEEK, posts=posts, places=(*WEEK.places, *more)))
    boss = await organiser(week, MANAGER)
    answer = right(await boss.types("organise"))
    seen = lines_of_posts(answer)
    while len(seen) < len(posts):
        answer = right(await boss.presses_in_form([each for each in answer.buttons if "SE/" in each][-1]))
        seen += lines_of_posts(answer)
    assert len(set(seen)) == len(posts)


def lines_of_posts(page: Answer) -> list[str]:
    return [line for line in page.text.splitlines() if "*post-" in line]


@pytest.mark.parametrize("language", sorted(languages()))
async def test_page_speaks_the_organisers_language(run_bot: RunBot, language: str) -> None:
    own = words(language)
    assert {parse(word, TypedWords(BotWords())).route for word in own("typed.organise").split(",")} == {"organise"}
    danes = Place("DK", "Europe/Copenhagen", "da", "week-dk")
    week = await at_noon(run_bot, replace(WEEK, places=(*WEEK.places, danes)))
    boss = await organiser(week, MANAGER, language)
    page = await boss.types("organise")
    assert own("organise.posts", country=own.country("SE")) in page.text
    assert own("organise.state.coming") in page.text
    assert "organise." not in page.text


async def test_help_names_the_page_to_organisers(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    assert "`/earthweek organise`" in (await (await organiser(week)).types("help")).text
    assert "`/earthweek organise`" not in (await (await participant(week, COLLEAGUE)).types("help")).text


GUIDE = [f"guide.{part}" for part in PARTS]


@pytest.mark.both_ways
async def test_guide_is_a_message_in_own_language(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep = await organiser(week)
    for typed in ("organise help", "organisera hjälp", "organise, hjelp!"):
        answer = await rep.types(typed, "week-se")
        assert answer.form is None
        assert all(part in answer.text for part in spelled(SV, *GUIDE)), typed
        assert answer.buttons == ["organise"]
    assert spelled(SV, "guide.managers")[0] not in answer.text
    assert (await rep.presses(answer.shown, "organise")).form == "organise"
    boss = await organiser(week, MANAGER, "en-GB")
    assert spelled(EN, "guide.managers")[0] in (await boss.types("organise help")).text


def spelled(own: Words, *names: str) -> list[str]:
    """The parts of the guide as they should read, with the buttons as the screens call them."""
    labels = {name.removeprefix("button."): own(name) for name in messages("en") if name.startswith("button.organise")}
    return [own(name, **labels) for name in names]


async def test_guide_opens_over_the_page(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep = await organiser(week)
    await rep.types("organise")
    assert spelled(SV, "guide.page")[0] in (await rep.presses_in_form("organise_help")).text


async def test_guide_comes_in_the_conversation_too(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep = await organiser(week)
    assert spelled(SV, "guide.page")[0] in str((await writes(week, rep, "organise help")).blocks)
    assert (await rep.presses(await writes(week, rep, "organise nothing"), "organise")).form == "organise"


async def test_others_get_no_guide(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    told = await (await participant(week, COLLEAGUE)).types("organise help")
    assert SV("organise.for_organisers") in told.text


async def test_organise_in_a_message_offers_a_button(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep = await organiser(week)
    offer = await writes(week, rep, "organisera")
    assert (await rep.presses(offer, "organise")).form == "organise"
