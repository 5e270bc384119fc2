"""Everything that can be asked for, in each language: answered in the person's own, and in whole sentences."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from babel import Locale

from bot.campaign.model import ANOTHER_COUNTRY
from bot.listeners.routes import ACTIONS, HELP_COMMANDS, ORGANISER_ACTIONS, SUBMISSIONS
from bot.locales.catalogues import campaign_words, languages
from bot.messages.blocks import escape
from bot.messages.measures import sources
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.workspace import PostedMessage
from tests.campaigns import SHIPPED, Folder, also_in
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import Answer, Participant, moment, participant, said, texts

FRIDAY, MONDAY_AFTER = date(2027, 3, 19), date(2027, 3, 22)
PLEDGE = "bike_or_walk_10km"
HOME = {"sv": "SE", "nb": "NO", "da": "DK", "de": "DE", "en": "ZZ", "fi": "SE", "pl": "SE"}
"""Finnish and Polish are languages of a campaign; for Finnish it brings the bot's words, for Polish it does not."""

LOCALES = {"sv": "sv-SE", "nb": "no-NO", "da": "da-DK", "de": "de-DE", "en": "en-GB", "fi": "fi-FI", "pl": "pl-PL"}
CHANNEL = {
    "sv": "earth-week-se",
    "nb": "earth-week-no",
    "da": "earth-week-dk",
    "de": "earth-week-de",
    "en": "earth-week-se",
    "fi": "earth-week-se",
    "pl": "earth-week-se",
}
READER = {
    "sv": "U0EXAMPLESE",
    "nb": "U0EXAMPLENO",
    "da": "U0EXAMPLEDK",
    "de": "U0EXAMPLEDE",
    "en": "U0EXAMPLE0",
    "fi": "U0EXAMPLESE",
    "pl": "U0EXAMPLESE",
}

_NAME = re.compile(
    r"(?<![\w./@])(?:button|check_in|count|country|done|my_data|earth_hour|estimate|evidence|forget|form|help|home|idea"
    r"|idea_letter|impact|join|language|line|messages|my|obstacle|pause|place|pledge|remark|reminder|reminders|sdg"
    r"|settings|standings|tip|trouble|withdraw)\.[a-z_0-9.]+(?![\w/])"
)
"""What a message is called in the catalogue, which is shown where it is missing there."""

_HOLE = re.compile(r"\{[a-z_]*\}")


def _polish() -> re.Pattern[str]:
    """Names of days, months and countries in Polish."""
    polish = Locale("pl")
    names = [*polish.days["format"]["wide"].values(), *polish.months["format"]["wide"].values()]
    names += [polish.territories[code] for code in ("SE", "NO", "DK", "DE")]
    return re.compile(rf"\b(?:{'|'.join(names)})\b", re.IGNORECASE)


FOREIGN = {
    "fi": re.compile(r"\b(?:the|you|your|and|are|of|with|for|not|have|this)\b", re.IGNORECASE),
    "pl": _polish(),
}
"""What is in another language than the rest of a message: English words, or Polish names in English sentences."""


class Spectator:
    """Goes with one person through the week, and looks at whatever they are shown."""

    def __init__(self, simulation: Simulation, language: str, who: Participant) -> None:
        self.simulation = simulation
        self.language = language
        self.own = campaign_words(simulation.campaign, language)
        self.who = who
        self.routes: set[str] = set()
        self.wrong: list[str] = []

    async def types(self, text: str) -> Answer:
        self.routes.add(text.split(maxsplit=1)[0] if text else "help")
        return self.looks_at(await self.who.types(text, CHANNEL[self.language]))

    async def presses(self, message: PostedMessage | Answer, action: str) -> Answer:
        self.routes.add(action.partition(":")[0])
        on = message.shown if isinstance(message, Answer) else message
        return self.looks_at(await self.who.presses(on, action))

    async def chooses(self, action: str) -> Answer:
        self.routes.add(action.partition(":")[0])
        return self.looks_at(await self.who.presses_in_form(action))

    async def fills(self, **values: object) -> Answer:
        return self.looks_at(await self.who.fills(**values))

    def looks_at(self, answer: Answer) -> Answer:
        view = self.who.hand.modal() if answer.form else None
        frame = [view[part] for part in ("title", "submit", "close") if view.get(part)] if view else []
        self.reads([*texts([*answer.blocks]), *texts(frame)])
        return answer

    def reads(self, shown: list[str]) -> None:
        for text in shown:
            self.wrong += [found.group() for found in (*_NAME.finditer(text), *_HOLE.finditer(text))]
            if (foreign := FOREIGN.get(self.language)) and foreign.search(self._without_sources(text)):
                self.wrong.append(text)

    def _without_sources(self, text: str) -> str:
        """Take away what is in English for everybody: sources, and data as it is stored."""
        campaign = self.simulation.campaign
        named = [each.source_in(code) for each in campaign.pledges for code in (None, *HOME.values())]
        origins = [source for each in campaign.commitments for source, _ in sources(each)]
        for source in (*named, *origins, *(post.source for post in campaign.posts if post.source)):
            text = text.replace(escape(source[:300]), "")
        return text.partition("```")[0]


async def friday(run_bot: RunBot, folder: Path, language: str) -> tuple[Simulation, Spectator]:
    campaign = also_in(folder, language).root if language in FOREIGN else SHIPPED
    simulation = await run_bot(campaign, start=moment(FRIDAY, 8), limits=RateLimits.none())
    who = await participant(simulation, f"U0{language.upper()}", locale=LOCALES[language])
    return simulation, Spectator(simulation, language, who)


@pytest.mark.parametrize("language", sorted(HOME))
async def test_every_command_and_button_answers_in_persons_language(
    run_bot: RunBot, tmp_path: Path, language: str
) -> None:
    simulation, ann = await friday(run_bot, tmp_path / "spoken", language)
    await _conversation(simulation, ann)
    await _pledges(simulation, ann)
    await _earth_hour(simulation, ann)
    await _ideas(simulation, ann)
    await _messages(simulation, ann)
    await _end(ann)
    assert ann.routes == set(ACTIONS) - (set(ORGANISER_ACTIONS) - {"organise"})
    assert ann.wrong == []


async def _conversation(simulation: Simulation, ann: Spectator) -> None:
    own = ann.own
    assert own("help.title") in (await ann.types("")).text
    assert own("help.nearest", word="plegde", command="`/earthweek pledge`") in (await ann.types("plegde")).text
    ann.routes.discard("plegde")
    assert (await ann.types("join")).form == "join"
    answer = await ann.fills(country=HOME[ann.language], messages=True)
    assert answer.text == own("join.welcome")
    assert own("standings.title") in (await ann.types("standings")).text
    assert own("measures.measures_title") in (await ann.types("measures")).text
    await simulation.run_until(moment(FRIDAY, 9, 30))
    tip = await ann.types("tip")
    assert simulation.campaign.text("thursday-tip", ann.language).title in tip.text
    assert (await ann.presses(tip, "did_this")).text == own("tip.noted")
    await ann.presses(said(simulation, CHANNEL[ann.language], "friday-guess"), "guess:2")
    assert own("organise.for_organisers") in (await ann.types("organise")).text
    for command in ("country", "language", "messages", "country XX", "language xx", "pause 2020-01-01", "pause soon"):
        await ann.types(command)
    ann.reads([*texts((await _home(ann))["blocks"])])


async def _home(ann: Spectator) -> dict[str, list[object]]:
    await ann.who.looks_home()
    return ann.who.hand.home() or {}


async def _pledges(simulation: Simulation, ann: Spectator) -> None:
    own = ann.own
    assert (await ann.types("pledge")).form == "pledges"
    await ann.chooses(f"pledge_choose:{PLEDGE}")
    await ann.chooses("pledges_page")
    await ann.chooses(f"pledge_choose:{PLEDGE}")
    await ann.chooses(f"pledge_why:{PLEDGE}")
    await ann.who.hand.close()
    title = simulation.campaign.pledge_words[PLEDGE, ann.language].title
    answer = await ann.fills(how="0", days=["2027-03-22"], at="09:00")
    assert answer.text == own("pledge.made_reminded", pledge=title)
    await ann.types("pledge")
    await ann.chooses("pledge_choose:vegetarian_day")
    await ann.chooses("pledge_already:vegetarian_day")
    mine = await ann.types("my")
    assert own("my.title") in mine.text
    await ann.presses(mine, f"done_today:{PLEDGE}")
    await ann.types("done")
    await ann.fills(day="2027-03-18")
    await ann.presses(mine, "settings")
    await simulation.run_until(moment(FRIDAY, 14, 30))
    for answered in ("check_in_done", "check_in_partly", "check_in_not_yet", "check_in_not"):
        await ann.presses(said(simulation, ann.who.user, "friday-check-in"), answered)
    assert (await ann.fills(obstacle="time", line="Rain", continues=True)).text == own("check_in.thanks")


async def _earth_hour(simulation: Simulation, ann: Spectator) -> None:
    own = ann.own
    asked = await ann.types("earthhour")
    hour = simulation.campaign.earth_hour
    joined = own("earth_hour.joined", day=own.short_day(hour.day), time=own.time(hour.starts))
    assert (await ann.presses(asked, "earth_hour_join")).text == joined
    await ann.presses(asked, "earth_hour_remind")
    await ann.presses(asked, "earth_hour_calendar")
    ann.reads([*texts((await _home(ann))["blocks"])])


async def _ideas(simulation: Simulation, ann: Spectator) -> None:
    own = ann.own
    rep = await participant(simulation, READER[ann.language], locale=LOCALES[ann.language])
    reader = Spectator(simulation, ann.language, rep)
    for number, action in enumerate(("idea_approve", "idea_publish", "idea_decline", "idea_ask")):
        await ann.types("idea")
        assert (await ann.fills(text=f"Idea {number}", named=True)).text == own("idea.sent")
        simulation.clock.turn_to(max(simulation.clock.now(), moment(MONDAY_AFTER, 9 + number)))
        await simulation.run_until(moment(MONDAY_AFTER, 9 + number, 30))
        letter = next(each for each in simulation.messages(rep.user) if f"Idea {number}" in str(each.blocks))
        reader.reads([letter.text, *texts([*letter.blocks])])
        offered = f"'action_id': '{action}'" in str(letter.blocks)
        # An idea from another country has no channel to be posted in.
        assert offered or (action == "idea_publish" and HOME[ann.language] == ANOTHER_COUNTRY)
        answer = await reader.presses(letter, action if offered else "idea_approve")
        reader.routes.add(action)
        if answer.form == "reply":
            await reader.fills(text="Why?")
    await simulation.run_until(moment(MONDAY_AFTER, 14))
    for message in simulation.messages(ann.who.user):
        ann.reads([message.text, *texts([*message.blocks])])
    question = next(each for each in simulation.messages(ann.who.user) if each.text == own("idea_letter.asked"))
    await ann.presses(question, "idea_answer")
    assert (await ann.fills(text="Because.")).text == own("idea.answered")
    title = simulation.campaign.pledge_words[PLEDGE, ann.language].title
    reminded = own("reminder.text", title=title)
    reminder = next(each for each in simulation.messages(ann.who.user) if each.text == reminded)
    await ann.presses(reminder, "reminders_stop")
    for noted in ("noted", "known"):
        answer = await ann.presses(said(simulation, CHANNEL[ann.language], "thanks"), "awareness:work-yes")
        assert answer.text == own(f"awareness.{noted}")
    for answered in ("earth_hour_forgot", "earth_hour_other", "earth_hour_did"):
        await ann.presses(said(simulation, CHANNEL[ann.language], "earth-hour-check"), answered)
    assert (await ann.fills(minutes="30")).text == own.plural("earth_hour.minutes_noted", 30)
    ann.routes |= reader.routes
    ann.wrong += reader.wrong


async def _messages(simulation: Simulation, ann: Spectator) -> None:
    own = ann.own
    question = said(simulation, ann.who.user, "friday-check-in")
    await ann.presses(question, "messages_pause")
    until = date(2027, 3, 30)
    assert (await ann.fills(day=until.isoformat())).text == own("pause.until", day=own.day(until))
    assert (await ann.types(f"pause {until}")).text == own("pause.until", day=own.day(until))
    home = await _home(ann)
    ann.reads([*texts(home["blocks"])])
    ann.routes |= {"messages_on", "pause_off", "resume"}
    assert (await ann.types("pause off")).text == own("pause.ended")
    assert (await ann.types(f"pause {until}")).text == own("pause.until", day=own.day(until))
    assert (await ann.types("resume")).text == own("pause.ended")
    assert (await ann.types(f"pause {until}")).text == own("pause.until", day=own.day(until))
    await _home(ann)
    assert ann.looks_at(await ann.who.presses_at_home("messages_on")).text == own("messages.on")
    ann.routes.add("figures_about")
    assert own("standings.blurred") in ann.looks_at(await ann.who.presses_at_home("figures_about")).text
    assert (await ann.presses(question, "check_in_stop")).text == own("check_in.stopped")
    assert (await ann.presses(question, "messages_stop")).text == own("messages.stopped")
    mine = await ann.types("my")
    title = simulation.campaign.pledge_words[PLEDGE, ann.language].title
    assert (await ann.presses(mine, f"pledge_withdraw:{PLEDGE}")).text == own("pledge.withdrawn", pledge=title)


async def _end(ann: Spectator) -> None:
    assert ann.own("my_data.people") in (await ann.types("data")).text
    await ann.types("forget")
    assert (await ann.fills()).text == ann.own("forget.done")


async def test_changed_words_are_used_at_once(run_bot: RunBot, tmp_path: Path) -> None:
    simulation, ann = await friday(run_bot, tmp_path / "spoken", "fi")
    await ann.types("join")
    await ann.fills(country="SE", messages=True)
    folder = Folder(tmp_path / "spoken")
    before = ann.own("pause.none")
    assert (await ann.types("pause off")).text == before
    folder.change("words/fi.toml", before, "Ei taukoa.")
    await simulation.bot.delivery.plan()
    assert (await ann.types("pause off")).text == "Ei taukoa."
    # Words that do not fit leave everything as it was.
    folder.change("words/fi.toml", "Ei taukoa.", "Ei taukoa {nyt}.")
    await simulation.bot.delivery.plan()
    assert (await ann.types("pause off")).text == "Ei taukoa."


async def test_what_is_typed_is_understood_in_a_brought_language(run_bot: RunBot, tmp_path: Path) -> None:
    _, ann = await friday(run_bot, tmp_path / "spoken", "fi")
    assert (await ann.types("liity mukaan")).form == "join"
    await ann.fills(country="SE", messages=True)
    until = date(2027, 3, 26)
    assert (await ann.types("tauko 26. maaliskuuta")).text == ann.own("pause.until", day=ann.own.day(until))
    assert (await ann.types("lopeta viestit")).text == ann.own("messages.stopped")


def test_every_bot_language_is_spoken_by_some_colleague() -> None:
    assert set(HOME) == {*languages(), *FOREIGN}
    assert set(HELP_COMMANDS) <= set(ACTIONS)
    colleagues = {each for each in SUBMISSIONS if not each.startswith("organise")}
    assert colleagues == {"join", "plan", "done", "check_in", "minutes", "idea", "reply", "pause", "forget"}
