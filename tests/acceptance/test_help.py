"""The conversation: help, the nearest command, standings, and what is shown of the figures."""

from __future__ import annotations

from bot.campaign.figure_publication_times import NOON
from bot.listeners.routes import HELP_COMMANDS
from bot.messages.replies.help import SUBCOMMANDS
from bot.messages.replies.phrases import moment_fields as spoken
from bot.standings.published_figures import Band
from bot.store.actions import Action, ActionKind
from tests.simulation import Simulation, person

from .conftest import RunBot
from .participants import SV, VISITED, WEDNESDAY, member, moment, participant, said


async def take_part(simulation: Simulation, **countries: int) -> None:
    """As many colleagues as said have joined, without a press each."""
    for country, count in countries.items():
        for number in range(count):
            who = person(f"U0{country}{number}", country=country)
            deed = Action(simulation.campaign.id, who.user, ActionKind.JOINED, "", country, simulation.clock.now())
            await simulation.bot.store.write(simulation.bot.store.people.join, who, deed)


async def test_bare_command_shows_every_command_and_working_buttons(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    for text in ("", "help", "  HELP  ", "/help"):
        shown = await ann.types(text, "week-se")
        assert all(f"`/earthweek {command}`" in shown.text for command in HELP_COMMANDS)
        assert shown.buttons == ["join", "my", "standings", "idea"]
    for action in ("join", "my", "idea"):
        assert (await ann.presses(shown.shown, action)).form == "join"
    await ann.fills()
    assert (await ann.types("help")).buttons == ["pledge", "my", "standings", "idea"]
    await ann.pledges("bike")
    shown = await ann.types("help")
    assert shown.buttons == ["pledge", "done", "my", "standings", "idea"]
    assert [(await ann.presses(shown.shown, action)).form for action in shown.buttons] == [
        "pledges",
        "done",
        None,
        None,
        "idea",
    ]


def test_help_names_the_commands_there_are() -> None:
    assert set(SUBCOMMANDS) == set(HELP_COMMANDS)


async def test_unknown_words_get_the_nearest_command(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    for typed, meant in {
        "plegde": "pledge",
        "EartHour": "earthhour",
        "stadings now": "standings",
        "unsubscrib": "messages off",
    }.items():
        shown = await ann.types(typed)
        word = typed.split()[0]
        assert SV("help.nearest", word=word, command=f"`/earthweek {meant}`") in shown.text
    for typed in ("xyzzy", "payload=1", "payload", "<!channel>"):
        shown = await ann.types(typed)
        word = typed.replace("<", "&lt;").replace(">", "&gt;")
        assert word in shown.text
        assert "<!channel>" not in shown.text


async def test_commands_ignore_spaces_and_letter_case(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    for typed in ("  my  ", "MY", "\tmy", "my\u00a0", "/my", "my please", "\u201cmy\u201d", "My.", "mina löften"):
        assert SV("my.none") in (await ann.types(typed)).text
    long = await ann.types("x" * 5000)
    assert len(long.text) < 5000
    assert (await ann.types("pause " + "9" * 5000)).form is None
    assert (await ann.types("country " + "&a" * 3000)).form is None


async def test_standings_are_those_that_were_published_last(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    first = (await ann.types("standings")).text
    assert SV("standings.first", **spoken(SV, week.campaign, moment(WEDNESDAY, NOON.hour))) in first
    await take_part(week, SE=40, DE=20, NO=10)
    assert (await ann.types("standings")).text == first
    await week.run_until(moment(WEDNESDAY, 12))
    shown = (await ann.types("standings")).text
    assert await together(week) in shown
    assert SV("standings.blurred") in shown
    assert SV.country("DE") in shown


async def together(week: Simulation) -> str:
    """How many take part, as it was published last: near to what is true, in steps of five."""
    newest = await week.bot.publisher.newest(week.campaign)
    assert newest is not None
    people, rate = newest.whole.participants, newest.whole.rate
    assert isinstance(people, int)
    assert people in range(40, 101, 5), "seventy people, and noise that is at most thirty"
    assert rate == round(people / 3)
    of = SV("people.about_of", count=SV.number(people), headcount=SV.number(300))
    return SV("standings.take_part_of", people=f"{of[:1].upper()}{of[1:]}", rate=f"{rate}\u00a0%")


async def test_no_participants_at_all_are_shown_as_few(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await week.run_until(moment(WEDNESDAY, 12))
    shown = (await ann.types("standings")).text
    newest = await week.bot.publisher.newest(week.campaign)
    assert newest is not None
    few = [each for each in newest.places if each.participants == Band.FEW]
    assert len(few) > 1
    told = SV("people.few_of", count="5", headcount="100")
    assert shown.count(told) == len(few)


async def test_the_progress_post_shows_the_published_figures(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await take_part(week, SE=40, DE=20, NO=10)
    await week.run_until(moment(WEDNESDAY, 13))
    await take_part(week, SE=80)
    await week.run_until(moment(WEDNESDAY, 15))
    post = said(week, "week-se", "progress")
    assert post.posted_at == moment(WEDNESDAY, 15)
    assert await together(week) in str(post.blocks).replace("\\xa0", "\u00a0")
    ann = await member(week)
    assert (await ann.presses(post, "pledge")).form == "pledges"


async def test_new_deeds_count_from_next_figures_on(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await take_part(week, SE=39, DE=20, NO=10)
    ann = await member(week)
    await week.run_until(moment(WEDNESDAY, 12))
    before = (await ann.types("standings")).text
    await take_part(week, DE=60)
    assert (await ann.types("standings")).text == before
    assert await together(week) in before


async def test_form_opens_despite_rate_limit(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    week.slack.faults.throttle(0, method="views.open", times=2)
    assert (await ann.types("pledge")).form == "pledges"
    answers = [call.error for call in week.slack.calls if call.method == "views.open"]
    assert answers[-3:] == ["ratelimited", "ratelimited", None]
