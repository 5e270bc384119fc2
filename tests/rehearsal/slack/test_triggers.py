from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.slack.errors import RefusedError
from rehearsal.slack.triggers import GOOD_FOR, Triggers

from .helpers import START

JUST_IN_TIME = GOOD_FOR - timedelta(microseconds=1)


def refused(triggers: Triggers, trigger: str, after: timedelta = timedelta(0)) -> str:
    with pytest.raises(RefusedError) as caught:
        triggers.user(trigger, START + after)
    return caught.value.word


def test_a_trigger_is_somebodys_for_three_seconds() -> None:
    triggers = Triggers()
    trigger = triggers.make("U1", START)
    assert triggers.user(trigger, START) == triggers.user(trigger, START + JUST_IN_TIME) == "U1"
    assert refused(triggers, trigger, GOOD_FOR) == "expired_trigger_id"


def test_spent_trigger_leaves_other_triggers_usable() -> None:
    triggers = Triggers()
    first, second = triggers.make("U1", START), triggers.make("U1", START)
    triggers.spend(first)
    assert refused(triggers, first) == "exchanged_trigger_id"
    assert triggers.user(second, START) == "U1"
    assert refused(triggers, first, GOOD_FOR) == "expired_trigger_id"


def test_forgotten_old_triggers_are_still_reported_as_expired() -> None:
    triggers = Triggers()
    old = [triggers.make("U1", START) for _ in range(1000)]
    assert len(triggers) == 1000
    triggers.make("U2", START + GOOD_FOR)
    assert len(triggers) == 1
    assert {refused(triggers, trigger, GOOD_FOR) for trigger in old} == {"expired_trigger_id"}


def test_triggers_follow_the_clock_one_by_one() -> None:
    triggers = Triggers()
    for second in range(100):
        triggers.make("U1", START + timedelta(seconds=second))
        assert len(triggers) <= 3


@given(st.text(max_size=40) | st.from_regex(r"\d{1,4}\.\d{1,4}\.[0-9a-f]{32}", fullmatch=True))
def test_what_slack_did_not_give_out_is_invalid(forged: str) -> None:
    triggers = Triggers()
    assert triggers.make("U1", START) != forged
    assert refused(triggers, forged) == "invalid_trigger_id"
