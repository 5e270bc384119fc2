"""References of Slack's mrkdwn, between < and >: people, channels, groups, dates and links."""

from __future__ import annotations

from markupsafe import Markup

from rehearsal.html import dates
from rehearsal.html.emoji import with_emoji
from rehearsal.html.html import link, tag
from rehearsal.html.render_context import Viewer


def unescape(text: str) -> str:
    """Undo Slack's escaping, which has these three entities and no others."""
    # The ampersand last: `&amp;lt;` stands for a literal `&lt;`.
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def reference(written: str, viewer: Viewer) -> Markup:
    """Render a reference for the viewer; `written` is the text between the brackets."""
    target, _, escaped = written.partition("|")
    label = with_emoji(unescape(escaped))
    match target[:1]:
        case "@":
            return user(target[1:], label, viewer)
        case "#":
            return channel(target[1:], label, viewer)
        case "!":
            return _special(target[1:], label, viewer)
        case _:
            url = unescape(target)
            return link(url, label or url)


def user(slack_id: str, label: str, viewer: Viewer) -> Markup:
    """Render the mention of a person."""
    return _mention("@", viewer.users.get(slack_id) or label or slack_id)


def channel(slack_id: str, label: str, viewer: Viewer) -> Markup:
    """Render the mention of a channel."""
    return _mention("#", viewer.channels.get(slack_id) or label or slack_id)


def broadcast(name: str) -> Markup:
    """Render a mention that notifies everybody in a channel, so that nobody overlooks it before it is sent."""
    return _mention("@", name, "bk-broadcast")


def _special(target: str, label: str, viewer: Viewer) -> Markup:
    name, _, rest = target.partition("^")
    match name:
        case "date":
            return date(rest, label, viewer)
        case "here" | "channel" | "everyone":
            return broadcast(name)
        case "subteam":
            return broadcast((label or rest).removeprefix("@"))
        case _:
            return tag("span", label or f"<!{target}>")


def date(written: str, fallback: str, viewer: Viewer) -> Markup:
    """Render a date of the form `timestamp^format^link`, or the fallback if Slack could not read it."""
    seconds, form, url, *_ = [*written.split("^"), "", ""]
    shown = dates.written(seconds, unescape(form), viewer)
    if not shown:
        return tag("span", fallback or f"<!date^{written}>")
    return link(unescape(url), shown) if url else tag("time", shown)


def _mention(sign: str, name: str, more: str = "") -> Markup:
    return tag("span", f"{sign}{name}", class_=f"bk-mention {more}".strip())
