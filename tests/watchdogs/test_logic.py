"""What a watchdog makes of what it sees, at any time of the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from alongside.domains.watchdogs.logic import Finding, Sight, checked, find
from alongside.domains.watchdogs.schemas import NewWatchdog
from alongside.domains.workspace.logic.hours import Calendar
from alongside.domains.workspace.schemas import Hours, OpenSpan
from alongside.platform.errors import Invalid

# Mondays to Fridays, nine to five in Berlin.
NINE_TO_FIVE = Calendar(Hours(zone="Europe/Berlin", week=[*([[OpenSpan("09:00", "17:00")]] * 5), [], []], special=[]))
# A Wednesday in winter: nine in Berlin.
NINE = datetime(2026, 1, 14, 8, 0, tzinfo=UTC)


def after(**passed: float) -> datetime:
    return NINE + timedelta(**passed)


def test_nobody_online_is_an_alarm_once_it_lasts_and_only_while_it_is_open() -> None:
    alone = Sight(anybody_online=False)
    assert find("nobody_online", 5, alone, NINE_TO_FIVE, after(minutes=-1)) == Finding(False, 0)
    assert find("nobody_online", 5, alone, NINE_TO_FIVE, NINE) == Finding(False, 0, NINE)
    since = Sight(anybody_online=False, noticed_at=NINE)
    assert not find("nobody_online", 5, since, NINE_TO_FIVE, after(minutes=4.9)).alarming
    assert find("nobody_online", 5, since, NINE_TO_FIVE, after(minutes=5)) == Finding(True, 5, NINE)
    assert find("nobody_online", 5, since, NINE_TO_FIVE, after(hours=8)) == Finding(False, 0)
    assert find("nobody_online", 5, since, None, after(hours=8)).alarming, "every hour counts"
    assert find("nobody_online", 0, alone, NINE_TO_FIVE, NINE).alarming
    assert find("nobody_online", 0, Sight(noticed_at=NINE), NINE_TO_FIVE, after(hours=1)) == Finding(False, 0)


def test_a_queue_is_too_long_by_day_and_an_alarm_lasts_until_they_are_served() -> None:
    assert not find("queue_longer", 3, Sight(queued=3), None, NINE).alarming
    assert find("queue_longer", 3, Sight(queued=4), NINE_TO_FIVE, NINE) == Finding(True, 4)
    assert not find("queue_longer", 3, Sight(queued=4), NINE_TO_FIVE, after(hours=9)).alarming
    assert find("queue_longer", 3, Sight(queued=4, raised=True), NINE_TO_FIVE, after(hours=9)).alarming
    assert not find("queue_longer", 3, Sight(queued=3, raised=True), NINE_TO_FIVE, after(hours=9)).alarming


def test_the_clock_of_who_waits_stands_still_while_it_is_closed() -> None:
    # Ten minutes before it closes on the day before.
    waits = Sight(waiting_since=after(hours=-16, minutes=-10))
    assert find("waits_longer", 15, waits, None, NINE).alarming
    assert find("waits_longer", 15, waits, NINE_TO_FIVE, NINE) == Finding(False, 10)
    assert not find("waits_longer", 15, waits, NINE_TO_FIVE, after(minutes=5)).alarming, "longer than, not as long as"
    assert find("waits_longer", 15, waits, NINE_TO_FIVE, after(minutes=6)) == Finding(True, 16)
    assert find("waits_longer", 15, Sight(), NINE_TO_FIVE, NINE) == Finding(False, 0)


def test_a_site_is_missed_after_hours() -> None:
    seen = Sight(seen_at=after(hours=-24))
    assert not find("widget_unseen", 24, seen, None, NINE).alarming
    assert find("widget_unseen", 24, seen, None, after(minutes=1)) == Finding(True, 24)
    assert find("widget_unseen", 24, seen, NINE_TO_FIVE, after(minutes=1)) == Finding(False, 8)
    assert find("widget_unseen", 1, Sight(seen_at=after(hours=1)), None, NINE) == Finding(False, 0), "clocks differ"


@pytest.mark.parametrize(
    "zone_day", [datetime(2026, 3, 29, 23, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, 30, tzinfo=UTC)]
)
def test_the_days_on_which_clocks_change_count_as_long_as_they_are(zone_day: datetime) -> None:
    seen = Sight(seen_at=zone_day - timedelta(hours=24))
    assert find("widget_unseen", 23, seen, None, zone_day) == Finding(True, 24)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " \n "}),
        ("name", {"name": "x" * 81}),
        ("threshold", {"threshold": 0}),
        ("threshold", {"kind": "widget_unseen", "threshold": 721}),
        ("channel_id", {"kind": "widget_unseen"}),
        ("channel_id", {"kind": "nobody_online", "channel_id": "00000000-0000-0000-0000-000000000001"}),
        ("hours_id", {"hours_id": "00000000-0000-0000-0000-000000000001"}),
        ("agent_ids", {"agent_ids": []}),
    ],
    ids=["blank", "long", "none", "many", "no-site", "a-site", "hours-unused", "nobody"],
)
def test_what_does_not_fit_together_is_said_where_it_stands(field: str, wrong: dict[str, object]) -> None:
    given = {
        "name": "Waits",
        "kind": "waits_longer",
        "threshold": 5,
        "agent_ids": ["00000000-0000-0000-0000-000000000001"],
    }
    with pytest.raises(Invalid) as caught:
        checked(msgspec.convert(given | wrong, NewWatchdog))
    assert caught.value.details["field"] == field
