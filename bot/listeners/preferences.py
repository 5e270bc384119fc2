"""Country, language and messages: changeable at any time, and stopped in one press."""

from __future__ import annotations

from datetime import date, timedelta

from bot.campaign.representatives import has_duty
from bot.listeners import dates, onboarding, place_names
from bot.listeners.interaction import Refusal, Visit
from bot.listeners.opt_out import stop, stop_posts
from bot.messages.modals import pause as pause_form
from bot.messages.replies.phrases import place
from bot.messages.replies.rows import inline

_LONGEST_PAUSE = timedelta(days=366)


async def settings(visit: Visit, _value: str) -> None:
    """Show everything that can be changed."""
    await onboarding.ask(visit)


async def country(visit: Visit, wanted: str) -> None:
    """Move to another country; what was done before stays where it was done."""
    if not wanted:
        await onboarding.ask(visit)
        return
    found = place_names.country(visit.campaign, wanted)
    if found is None:
        raise _no_country(visit, wanted)
    await visit.locate()
    await visit.desk.store.people.change(visit.user, country=found)
    visit.plan_soon()
    await visit.tell(visit.words("country.changed", country=place(visit.words, found)))


def _no_country(visit: Visit, wanted: str) -> Refusal:
    codes = [each.code for each in visit.campaign.countries]
    countries = ", ".join(f"`{code}` {place(visit.words, code)}" for code in codes)
    return Refusal("country.unknown", asked=inline(wanted), countries=countries)


async def language(visit: Visit, wanted: str) -> None:
    """Speak another language from now on."""
    if not wanted:
        await onboarding.ask(visit)
        return
    found = place_names.language(visit.campaign, wanted)
    if found is None:
        offered = ", ".join(f"`{code}` {visit.desk.words(code).tongue(code)}" for code in visit.campaign.languages)
        raise Refusal("language.unknown", asked=inline(wanted), languages=offered)
    await visit.desk.store.people.change(visit.user, language=found)
    visit.plan_soon()
    await visit.meet()
    await visit.tell(visit.words("language.changed", language=visit.words.tongue(found)))


async def messages(_visit: Visit, _wanted: str) -> None:
    """Direct messages neither on nor off."""
    raise Refusal("messages.unclear")


async def messages_on(visit: Visit, _value: str) -> None:
    """Ask for direct messages; a pause ends with it."""
    await visit.desk.store.people.change(visit.user, direct_messages=True, paused_until=None, stopped_at=None)
    visit.plan_soon()
    await visit.tell(visit.words("messages.on"))


async def messages_stop(visit: Visit, post: str) -> None:
    """Stop every direct message, also those that are about to be sent; `post` is what the button stood under."""
    on_duty = has_duty(visit.campaign, visit.user)
    if visit.person is None:
        raise Refusal("messages.duty" if on_duty else "messages.none")
    await stop(visit, post)
    stopped = visit.words("messages.stopped")
    await visit.tell(f"{stopped} {visit.words('messages.duty')}" if on_duty else stopped)


async def check_in_stop(visit: Visit, post: str) -> None:
    """Ask no more how it went; reminders that were asked for go on."""
    visit.post(post, "check_in")
    await stop_posts(visit, post)
    await visit.tell(visit.words("check_in.stopped"))


async def messages_pause(visit: Visit, _value: str) -> None:
    """Ask until when messages shall pause."""
    if visit.person is None:
        raise Refusal("messages.duty" if has_duty(visit.campaign, visit.user) else "messages.none")
    await visit.show(pause_form.draw(visit.words, visit.today + timedelta(days=1)))


async def pause(visit: Visit, wanted: str) -> None:
    """Pause messages until a date that was typed, or ask for one."""
    if not wanted:
        await messages_pause(visit, "")
        return
    until = dates.day(wanted, visit.today)
    if until is None:
        raise Refusal("pause.unclear", asked=inline(wanted))
    await paused(visit, until)


async def resume(visit: Visit, _value: str) -> None:
    """End a pause; who has none wants messages that were stopped."""
    await (pause_off if _is_paused(visit) else messages_on)(visit, "")


async def pause_off(visit: Visit, _value: str) -> None:
    """End a pause."""
    if not _is_paused(visit):
        raise Refusal("pause.none")
    await visit.desk.store.people.change(visit.user, paused_until=None)
    visit.plan_soon()
    await visit.tell(visit.words("pause.ended"))


async def paused(visit: Visit, until: date) -> None:
    """No messages before `until`, a local date."""
    if until <= visit.today:
        raise Refusal("pause.past", day=visit.words.day(until))
    if until > visit.today + _LONGEST_PAUSE:
        raise Refusal("pause.too_long")
    await visit.desk.store.people.change(visit.user, paused_until=until)
    await visit.tell(visit.words("pause.until", day=visit.words.day(until)))


def _is_paused(visit: Visit) -> bool:
    until = visit.known.paused_until
    return until is not None and visit.today < until
