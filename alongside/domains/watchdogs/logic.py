"""What a watchdog makes of what it sees. Pure: the time is an argument."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from alongside.domains.watchdogs.schemas import NAME_CHARS, NewWatchdog, WatchdogKind
from alongside.kit.text import clean_line
from alongside.platform.errors import Invalid

# The least and the most of each kind's threshold.
THRESHOLDS: Mapping[WatchdogKind, tuple[int, int]] = {
    "nobody_online": (0, 240),
    "queue_longer": (0, 1_000),
    "waits_longer": (1, 1_440),
    "widget_unseen": (1, 720),
}


class Hours(Protocol):
    """Opening hours, as far as a watchdog asks them."""

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at this moment."""
        ...

    def open_seconds_between(self, begins: datetime, ends: datetime) -> float:
        """How long it is open in between."""
        ...


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What a watchdog sees: of its kind what it needs, and how it stood before."""

    anybody_online: bool = True
    queued: int = 0
    waiting_since: datetime | None = None
    seen_at: datetime | None = None
    noticed_at: datetime | None = None
    raised: bool = False


class Finding(msgspec.Struct, frozen=True):
    """Whether there is cause for alarm, what was measured, and since when nobody is online."""

    alarming: bool
    figure: int
    noticed_at: datetime | None = None


def find(kind: WatchdogKind, threshold: int, sight: Sight, hours: Hours | None, at: datetime) -> Finding:
    """What is to be said at a moment. Without `hours` every hour counts.

    Outside of opening hours nobody has to be online, a queue raises no alarm and the clocks stand still; an alarm
    about a queue or a wait lasts over night until somebody has served them.
    """
    is_open = hours is None or hours.is_open(at)
    if kind == "queue_longer":
        return Finding(sight.queued > threshold and (is_open or sight.raised), sight.queued)
    if kind == "nobody_online":
        return _alone(threshold, sight, at, is_open=is_open)
    since, unit = (sight.waiting_since, 60) if kind == "waits_longer" else (sight.seen_at, 3_600)
    if since is None:
        return Finding(False, 0)
    seconds = (at - since).total_seconds() if hours is None else hours.open_seconds_between(since, at)
    return Finding(seconds > threshold * unit, max(0, int(seconds // unit)))


def _alone(threshold: int, sight: Sight, at: datetime, *, is_open: bool) -> Finding:
    if sight.anybody_online or not is_open:
        return Finding(False, 0)
    noticed_at = sight.noticed_at or at
    minutes = max(0, int((at - noticed_at).total_seconds() // 60))
    return Finding(minutes >= threshold, minutes, noticed_at)


def checked(given: NewWatchdog) -> str:
    """The name on one line. Raises `Invalid` for what does not fit together."""
    name = clean_line(given.name, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS:
        raise Invalid("watchdog-name", f"Give the watchdog a name of 1 to {NAME_CHARS} characters.", field="name")
    least, most = THRESHOLDS[given.kind]
    if not least <= given.threshold <= most:
        raise Invalid(
            "watchdog-threshold", f"Enter a number from {least} to {most}.", field="threshold", least=least, most=most
        )
    if given.kind == "widget_unseen" and given.channel_id is None:
        raise Invalid("watchdog-needs-channel", "Choose the web chat whose site is to be watched.", field="channel_id")
    if given.kind == "nobody_online" and given.channel_id is not None:
        raise Invalid(
            "watchdog-takes-no-channel",
            "Agents are online for all web chats. Leave the web chat out.",
            field="channel_id",
        )
    if given.hours_id is not None and not given.in_hours:
        raise Invalid(
            "watchdog-hours", "Opening hours are named, but every hour counts. Leave one out.", field="hours_id"
        )
    if not given.agent_ids and not given.team_ids:
        raise Invalid("watchdog-tells-nobody", "Choose at least one agent or team who is told.", field="agent_ids")
    return name
