"""Clocks: when they start, stand still and are over, and when their time is up. Pure; time is an argument.

A clock of the first answer runs from the first message of an episode to an agent's answer; one of a later answer from
the first message that waits for it; one of the end from the opening of the episode until Done. While a conversation is
Done its clocks stand still. They go on where somebody sets it back by hand; a visitor's message begins a new episode
with new clocks, and what was not answered then never is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from alongside.domains.workspace.logic.hours import Calendar

TargetKind = Literal["first", "second", "resolution"]
Runs = Iterator[tuple[datetime, datetime | None]]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry of the log means for clocks. `status` is set where the entry changed it."""

    seq: int
    episode: int
    at: datetime
    says: Literal["visitor", "agent"] | None = None
    status: Literal["unread", "unresolved", "done"] | None = None


class Clock(msgspec.Struct, kw_only=True):
    """One clock, begun by the entry `seq`. `pauses`: when it stood still, and went on, in turn.

    `met`: what it waited for has come; a clock that is over without that waited in vain.
    """

    kind: TargetKind
    seq: int
    episode: int
    started_at: datetime
    pauses: list[datetime] = []
    over_at: datetime | None = None
    met: bool = False
    rule_id: UUID | None = None

    @property
    def paused(self) -> bool:
        """Whether it stands still now."""
        return len(self.pauses) % 2 == 1

    def runs(self) -> Runs:
        """From when to when it ran; the last run is open while it does."""
        edges = [self.started_at, *self.pauses]
        if self.over_at and not self.paused:
            edges.append(self.over_at)
        for place in range(0, len(edges), 2):
            yield edges[place], edges[place + 1] if place + 1 < len(edges) else None

    def going_on(self) -> Runs:
        """The same, as though it had neither stopped nor ended last."""
        *earlier, last = self.runs()
        yield from earlier
        yield last[0], None


class Course(msgspec.Struct, kw_only=True):
    """How far the log of a conversation was followed, and its clocks. `answered`: in this episode an agent has."""

    episode: int = 0
    seq: int = 0
    answered: bool = False
    clocks: list[Clock] = []

    def follow(self, steps: Iterable[Step]) -> None:
        """Take entries of the log in order. Those taken before are passed over."""
        for step in steps:
            if step.seq > self.seq:
                self._take(step)
                self.seq = step.seq

    def running(self, *kinds: TargetKind) -> list[Clock]:
        """The clocks of these kinds that wait for something in this episode."""
        return [clock for clock in self.clocks if clock.kind in kinds and clock.over_at is None]

    def _take(self, step: Step) -> None:
        if step.episode != self.episode:
            self._open(step)
        if step.says == "agent":
            self._answer(step.at)
        elif step.says == "visitor" and not self.running("first", "second"):
            self._start("second" if self.answered else "first", step)
        if step.status == "done":
            self._stop(step.at)
        elif step.status is not None:
            self._resume(step.at)

    def _open(self, step: Step) -> None:
        for clock in self.running("first", "second", "resolution"):
            clock.over_at = step.at
        self.episode, self.answered = step.episode, False
        self._start("resolution", step)

    def _start(self, kind: TargetKind, step: Step) -> None:
        new = Clock(kind=kind, seq=step.seq, episode=step.episode, started_at=step.at)
        self.clocks = [*self.clocks, new]

    def _answer(self, at: datetime) -> None:
        self.answered = True
        for clock in self.running("first", "second"):
            if clock.paused:  # answered after Done, which stays: it waited no longer than until then
                clock.pauses = [*clock.pauses, at]
            clock.over_at, clock.met = at, True

    def _stop(self, at: datetime) -> None:
        for clock in self.running("first", "second", "resolution"):
            clock.pauses = [*clock.pauses, at]
            if clock.kind == "resolution":
                clock.over_at, clock.met = at, True

    def _resume(self, at: datetime) -> None:
        for clock in self.clocks:
            if clock.paused and clock.episode == self.episode:
                clock.pauses = [*clock.pauses, at]
                clock.over_at, clock.met = None, False


class Target(msgspec.Struct, frozen=True):
    """A rule's target: so many seconds, of open time where it has a calendar."""

    rule_id: UUID
    seconds: int
    calendar: Calendar | None = None
    warn_percent: int | None = None

    def due(self, runs: Runs, percent: int = 100) -> datetime | None:
        """When the time, or this part of it, is up; None where the clock was stopped before, or that never comes."""
        left = self.seconds * percent / 100
        for begins, ends in runs:
            at = self._after(begins, left)
            if at is not None and (ends is None or at < ends):
                return at
            if ends is not None:
                left -= self._between(begins, ends)
        return None

    def warn(self, runs: Runs) -> datetime | None:
        """When to warn."""
        return None if self.warn_percent is None else self.due(runs, self.warn_percent)

    def left(self, clock: Clock) -> int:
        """Whole seconds that a clock which stands still has left; 0 where its time was up."""
        ran = sum(self._between(begins, ends) for begins, ends in clock.runs() if ends is not None)
        return max(0, int(self.seconds - ran))

    def _after(self, begins: datetime, seconds: float) -> datetime | None:
        if self.calendar is None:
            return begins + timedelta(seconds=seconds)
        return self.calendar.after_open_seconds(begins, seconds)

    def _between(self, begins: datetime, ends: datetime) -> float:
        if self.calendar is None:
            return (ends - begins).total_seconds()
        return self.calendar.open_seconds_between(begins, ends)


def shortest(clock: Clock, targets: Sequence[Target]) -> Target | None:
    """The target whose time is up first if the clock runs on; of equals the first. One that never is comes last."""
    keyed = [(target.due(clock.going_on()), place, target) for place, target in enumerate(targets)]
    return min(keyed, key=lambda each: (each[0] is None, each[0] or clock.started_at, each[1]))[2] if keyed else None
