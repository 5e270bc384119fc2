"""Checks that the parts of a campaign agree: days, zones, languages, channels, deadlines."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from babel import Locale, UnknownLocaleError

from bot.campaign import country_codes, earth_hour, workdays
from bot.campaign.localtime import zone
from bot.campaign.model import PEOPLE, Audience, Campaign, Company, Country, Header, ParticipationGoal, Post
from bot.campaign.parsed_campaign import ParsedCampaign
from bot.campaign.post_kind_rules import RulesByKind
from bot.campaign.schedule import Slot, day_of, everyone, slots_by_post
from bot.campaign.slack_names import is_channel_id
from bot.campaign.toml import Document, Location
from bot.campaign.toml_table import Table

_Slots = Sequence[tuple[Post, Slot]]
_WORKING_AUDIENCES = frozenset(Audience) - {Audience.EARTH_HOUR_REMINDER}


def check_parts(draft: ParsedCampaign, rules: RulesByKind) -> None:
    """Check each part that could be read, and the names that it refers to."""
    document, header = draft.document, draft.header
    _check_header(header, document)
    _check_names(("title",), header.title, header.languages, document)
    for theme, names in draft.themes.items():
        _check_names(("themes", theme), names, header.languages, document)
    for index, country in enumerate(draft.countries):
        if country:
            _check_country(("countries", index), country, draft)
    _check_apart(draft)
    for index, post in enumerate(draft.posts):
        if post:
            _check_day(("posts", index), post, draft)
            _check_kind(("posts", index), post, rules, document)
            _check_references(("posts", index), post, draft)


def _check_header(header: Header, document: Document) -> None:
    if header.last_day < header.first_day:
        document.error(("last_day",), "`last_day` is before `first_day`", "exchange them, or correct one")
    if header.opens and header.opens > header.first_day:
        document.error(("opens",), "`opens` is after `first_day`", "let it open on the first day or earlier")
    if header.closes and header.closes < header.last_day:
        document.error(("closes",), "`closes` is before `last_day`", "let it close on the last day or later")
    for language in header.languages:
        if not is_language(language):
            document.error(
                ("languages",), f"there is no language {language!r}", "use a code such as sv, nb, da, de, en"
            )
    if header.company:
        _check_zone(("company", "zone"), header.company.zone, document)
        _check_promised(("company", "language"), header.company.language, header, document)
        _check_organisers_channel(header.company, document)
    _check_earth_hour(header, document)


def _check_organisers_channel(company: Company, document: Document) -> None:
    name = company.organisers_channel
    # Slack lists only public channels for the bot, and what is shared there is not for everybody.
    if name and not is_channel_id(name):
        what = f"`organisers_channel` is a name ({name}), and of a private channel the bot knows only the ID"
        todo = 'copy the ID from the end of the channel\'s details in Slack, such as "C012ABCDEF"'
        document.error(("company", "organisers_channel"), what, todo)


def _check_earth_hour(header: Header, document: Document) -> None:
    own = header.earth_hour.date
    year = own.year if own else header.first_day.year
    # The organisers announce the date each year, and have departed from their own rule.
    known = earth_hour.HELD.get(year)
    rule = earth_hour.by_rule(year)
    if own is None and known is None:
        document.warn(
            ("earth_hour",),
            f"Earth Hour {year} is not confirmed: {rule:%Y-%m-%d} is what the rule gives",
            "look it up at earthhour.org and write `date = …` under [earth_hour]",
        )
    elif own and known and own != known:
        document.warn(
            ("earth_hour", "date"), f"Earth Hour {year} was held on {known}, not on {own}", "correct the date"
        )
    elif own and not known and own != rule:
        document.warn(
            ("earth_hour", "date"),
            f"Earth Hour {year} would be on {rule} by the rule, and this says {own}",
            "look it up at earthhour.org; if that is the date, leave it",
        )


def _check_apart(draft: ParsedCampaign) -> None:
    """Check that what organisers share is read by nobody else."""
    company = draft.header.company
    if company is None or company.organisers_channel is None:
        return
    channels = {
        company.channel,
        *(name for country in draft.countries if country for name in country.channels.values()),
    }
    if company.organisers_channel in channels:
        what, todo = "`organisers_channel` is a channel that colleagues read", "make a private one for organisers alone"
        draft.document.error(("company", "organisers_channel"), what, todo)


def _check_names(at: Location, names: Mapping[str, str], languages: Iterable[str], document: Document) -> None:
    for language in languages:
        if not names.get(language, "").strip():
            document.error(at, f"{'.'.join(map(str, at))} has no {language}", f'add `{language} = "…"`')


def _check_country(at: Location, country: Country, draft: ParsedCampaign) -> None:
    document = draft.document
    if not country_codes.is_country(country.code):
        meant = country_codes.of_zone(country.zone) or country_codes.meant(country.code)
        name = meant and country_codes.name(meant)
        todo = f'write "{meant}" for {name}' if meant else "use its two capital letters, such as SE"
        document.error((*at, "code"), f"there is no country {country.code!r}", todo)
    # Slots are keyed by country, so a second entry would be dropped silently.
    if draft.codes.count(country.code) > 1:
        document.error((*at, "code"), f"the country {country.code} is there twice", "keep one of the two")
    _check_zone((*at, "zone"), country.zone, document)
    for language in country.languages:
        _check_promised((*at, "languages"), language, draft.header, document)
    # Published rates show the date, because headcounts go out of date.
    if country.headcount and not country.headcount_date:
        document.error((*at, "headcount"), "`headcount` has no date", "add `headcount_date = 2027-01-01`")


def _check_zone(at: Location, name: str, document: Document) -> None:
    try:
        zone(name)
    except ValueError as error:
        document.error(at, str(error), "use a name such as Europe/Stockholm")


def _check_promised(at: Location, language: str, header: Header, document: Document) -> None:
    if language not in header.languages:
        document.error(at, f"{language!r} is not among the campaign's `languages`", "add it there, or change it here")


def _check_day(at: Location, post: Post, draft: ParsedCampaign) -> None:
    header = draft.header
    opens, closes = header.opens or header.first_day, header.closes or header.last_day
    if not opens <= post.day <= closes:
        draft.document.error(
            (*at, "day"),
            f"{post.day} is outside the campaign, which runs from {opens} to {closes}",
            "move the post, or change `opens` or `closes`",
        )


def _check_kind(at: Location, post: Post, rules: RulesByKind, document: Document) -> None:
    rule = rules.get(post.kind)
    if rule is None:
        document.error((*at, "kind"), f"there is no kind {post.kind!r}", f"choose one of {', '.join(rules)}")
        return
    # By truth, not by presence: an empty `source` is as good as none.
    for key in rule.needs:
        if not getattr(post, key):
            document.error(at, f"a post of kind {post.kind} needs `{key}`", f"add `{key} = …` to this post")
    if post.audience not in rule.audiences:
        allowed = ", ".join(sorted(rule.audiences))
        document.error(
            (*at, "audience"), f"a post of kind {post.kind} cannot go to {post.audience}", f"choose one of {allowed}"
        )


def _check_references(at: Location, post: Post, draft: ParsedCampaign) -> None:
    document = draft.document
    if post.theme and post.theme not in draft.themes:
        document.error((*at, "theme"), f"there is no theme {post.theme!r}", f"add [themes.{post.theme}]")
    for key, codes in (("countries", post.countries), ("left_out", post.left_out)):
        for code in codes:
            if code not in draft.codes:
                document.error((*at, key), f"{code!r} is no country of the campaign", "correct or remove it")
    if post.audience is Audience.COMPANY and not draft.header.company:
        document.error(
            (*at, "audience"), "there is no [company]", "add it with its channel, or choose another audience"
        )


def check_measures_of_posts(draft: ParsedCampaign, known: Collection[str]) -> None:
    """Check that posts about a measure name one that there is."""
    for index, post in enumerate(draft.posts):
        if post and post.measure and post.measure not in known:
            near = difflib.get_close_matches(post.measure, known, n=1)
            todo = f"did you mean {near[0]!r}?" if near else "name an `id` of measures.toml"
            draft.document.error(("posts", index, "measure"), f"there is no measure {post.measure!r}", todo)


def is_language(code: str) -> bool:
    """Return whether CLDR knows a language by this code."""
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def check_whole(document: Document, campaign: Campaign) -> None:
    """Check the schedule: slots must be in time, and not collide in a channel."""
    slots = list(slots_by_post(campaign, everyone(campaign)))
    _check_slots(campaign, slots, document)
    _check_repetitions(campaign, slots, document)
    _check_readers(campaign, slots, document)
    _check_meetings(campaign, slots, document)
    _check_days(campaign, document)
    _check_earth_hour_days(campaign, document)


def _check_slots(campaign: Campaign, slots: _Slots, document: Document) -> None:
    places = _places(campaign)
    for post, made in slots:
        # Of slots, not posts: on a day on which clocks change, one zone alone may be too late.
        if made.expires_at > made.due_at:
            continue
        if post.until:
            document.error((*places[post], "until"), "`until` is not after the time of the post", "make it later")
        else:
            what = f"at {post.time} it is already too late for a post of kind {post.kind}"
            document.error((*places[post], "time"), what, "make it earlier")


def _check_repetitions(campaign: Campaign, slots: _Slots, document: Document) -> None:
    """Report posts with equal keys: they are one message, so the second would be dropped silently."""
    places = _places(campaign)
    seen: dict[str, Post] = {}
    for post, made in slots:
        if seen.setdefault(made.key, post) is not post:
            what = f"{post.post!r} is scheduled twice for {post.audience} on {made.local.date()}"
            document.error(places[post], what, "keep one of the two")


def _check_readers(campaign: Campaign, slots: _Slots, document: Document) -> None:
    reached = {post for post, _ in slots}
    for index, post in enumerate(campaign.posts):
        if post not in reached:
            document.warn(("posts", index), f"nobody gets {post.post!r}", "look at its `audience` and `countries`")


def _places(campaign: Campaign) -> dict[Post, Location]:
    return {post: ("posts", index) for index, post in enumerate(campaign.posts)}


def _check_meetings(campaign: Campaign, slots: _Slots, document: Document) -> None:
    """Report posts that are due at one instant in one channel: nobody could say which comes first."""
    places = _places(campaign)
    seen: dict[tuple[str, object], tuple[Post, Slot]] = {}
    for post, made in slots:
        place = (_destination(campaign, made), made.due_at)
        other, before = seen.setdefault(place, (post, made))
        if other is not post:
            # One that is there twice is reported once, as a repetition.
            if before.key == made.key:
                continue
            what = f"{post.post!r} and {other.post!r} are posted at the same time in {place[0]}"
            document.error((*places[post], "time"), what, "move one of them by a few minutes")
        elif before.key != made.key:
            twice, todo = f"{before.country} and {made.country}", "give each of them a channel of its own"
            if before.country == made.country:
                twice, todo = f"{made.country} alone", "take the channel out of `more_channels`"
            document.error(places[post], f"{post.post!r} is posted twice in {place[0]}, for {twice}", todo)


def _destination(campaign: Campaign, made: Slot) -> str:
    channel = campaign.channel(made.audience, made.recipient)
    if channel is None and made.audience in PEOPLE:
        return f"direct messages ({made.recipient})"
    return channel or made.recipient


def _check_days(campaign: Campaign, document: Document) -> None:
    for index, post in enumerate(campaign.posts):
        at = ("posts", index, "day")
        for country in campaign.countries:
            # The reminder of Earth Hour is left out: it is on a Saturday by its nature.
            if not post.reaches(country.code) or post.audience not in _WORKING_AUDIENCES:
                continue
            day = day_of(post, country.code)
            if day > campaign.closes:
                document.error(at, f"in {country.code} it moves to {day}, after the campaign closes", "move `closes`")
            if not workdays.is_working_day(day, country.code):
                document.warn(at, f"{day} is no working day in {country.code}", "move it, or add `working_day = true`")
            if post.working_day and not workdays.known(country.code):
                document.warn(at, f"the holidays of {country.code} are not known", "only weekends are avoided there")


def _check_earth_hour_days(campaign: Campaign, document: Document) -> None:
    """Report posts on the wrong day: the notice of Earth Hour says "tomorrow", and the reminder "tonight"."""
    day = campaign.earth_hour.day
    wanted = {"earth_hour_notice": day - timedelta(days=1), "earth_hour_reminder": day}
    for index, post in enumerate(campaign.posts):
        right = wanted.get(post.kind, post.day)
        if post.day != right:
            what = f"Earth Hour is on {day}, so a post of kind {post.kind} belongs on {right}, not on {post.day}"
            document.warn(("posts", index, "day"), what, "move it, or correct the date under [earth_hour]")


def list_examples(document: Document, header: Header, campaign: Campaign) -> None:
    """Report every value that is still the shipped example, since only the company knows the real one."""
    for at, name, table in _example_tables(header, campaign):
        for key in table.examples:
            # A key may be listed and left out, such as Earth Hour's date; then the list itself is the place to look at.
            place = (*at, key) if (*at, key) in document.lines else (*at, "examples")
            what = f"{name}: {key} is still an example"
            put = "look it up at earthhour.org" if (*at, key) == ("earth_hour", "date") else "put in your own"
            todo = f'{put}, then take "{key}" out of `examples`'
            document.problems.example(document.file, document.line(place), what, todo, f"example: {key}")


def _example_tables(header: Header, campaign: Campaign) -> Iterator[tuple[Location, str, Table]]:
    yield (), "the campaign", header
    yield ("earth_hour",), "Earth Hour", header.earth_hour
    singles: tuple[tuple[str, ParticipationGoal | Company | None], ...] = (
        ("goal", campaign.goal),
        ("company", campaign.company),
    )
    for name, table in singles:
        if table:
            yield (name,), name, table
    for index, country in enumerate(campaign.countries):
        yield ("countries", index), country.code, country
    for index, post in enumerate(campaign.posts):
        yield ("posts", index), post.post, post
