"""Shapes of watchdogs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

NAME_CHARS = 80
MOST_WATCHDOGS = 50
MOST_TOLD = 50

WatchdogKind = Literal["nobody_online", "queue_longer", "waits_longer", "widget_unseen"]
Told = Annotated[list[UUID], Meta(max_length=MOST_TOLD)]


class NewWatchdog(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new watchdog.

    `threshold`: minutes for which nobody is online, how many may wait in the queue, minutes that somebody may wait,
    hours that a site may be without its widget. `in_hours`: only opening hours count, those of `hours_id` or the
    company's. `channel_id`: of one web chat only; "widget_unseen" needs one, "nobody_online" has none.
    """

    name: Annotated[str, Meta(max_length=400)]
    kind: WatchdogKind
    threshold: Annotated[int, Meta(ge=0, le=1_440)]
    active: bool = True
    in_hours: bool = False
    hours_id: UUID | None = None
    channel_id: UUID | None = None
    agent_ids: Told = []
    team_ids: Told = []


class EditWatchdog(NewWatchdog, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change. `version` is that of the one that was changed: if it is newer by now, nothing is."""

    version: int


class Watchdog(msgspec.Struct, frozen=True, kw_only=True):
    """A watchdog and how it stands: `raised` since `raised_at`; `cleared_at` says when the last alarm was over.

    `figure` is what was measured when the alarm was raised, in the unit of `threshold`.
    """

    id: UUID
    name: str
    kind: WatchdogKind
    threshold: int
    active: bool
    in_hours: bool
    hours_id: UUID | None
    channel_id: UUID | None
    agent_ids: list[UUID]
    team_ids: list[UUID]
    version: int
    updated_at: datetime
    raised: bool
    raised_at: datetime | None
    cleared_at: datetime | None
    figure: int
