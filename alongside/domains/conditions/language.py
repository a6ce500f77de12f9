"""What every kind of condition is, and how texts and numbers are compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

# It ships no types.
import re2  # type: ignore[import-untyped]

from alongside.domains.conditions.schemas import (
    AgentsNow,
    Facts,
    NumberCompare,
    Place,
    Problem,
    ProblemCode,
    TextCompare,
)

# What one pattern may take while it is at work, in bytes. One that needs more is refused.
PATTERN_MEMORY = 1_000_000
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
UNKNOWN_ZONE = (ZoneInfoNotFoundError, ValueError, OSError)
BOTH: frozenset[Place] = frozenset(("browser", "server"))
BROWSER: frozenset[Place] = frozenset(("browser",))
SERVER: frozenset[Place] = frozenset(("server",))


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Something that holds, does not hold, or is not known; with `negate` the opposite counts."""

    known_in: ClassVar[frozenset[Place]] = BOTH
    # Whether the samples of conditions with one subject are all cases that there are.
    closed: ClassVar[bool] = False

    negate: bool = False

    def holds(self, facts: Facts) -> bool | None:
        """Whether it holds by these facts, `negate` aside; None where they do not tell."""
        raise NotImplementedError

    def flaws(self) -> list[Flaw]:
        """What is wrong with it, whatever stands beside it."""
        return []

    def subject(self) -> str:
        """What it speaks about. Conditions with one subject can contradict each other."""
        return kind_of(self)

    def samples(self) -> Sequence[Facts]:
        """Facts at which something may turn about."""
        return ()

    @property
    def pins(self) -> bool:
        """Whether the samples are all cases in which it holds."""
        return False


def kind_of(node: msgspec.Struct) -> str:
    """The kind that a condition, a group or the body of a rule has on the wire."""
    return str(type(node).__struct_config__.tag)


class Flaw(msgspec.Struct, frozen=True):
    """A problem of one condition."""

    code: ProblemCode
    detail: str = ""

    def at(self, path: list[int]) -> Problem:
        """As a problem of the node at this place."""
        return Problem(path, self.code, self.detail)


@lru_cache(maxsize=2_000)
def pattern(text: str) -> re2._Regexp[str]:
    """The pattern, ready. It takes time in proportion to what it reads, whatever was written. Raises `re2.error`."""
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = PATTERN_MEMORY
    options.log_errors = False
    return re2.compile(text, options)


def compare_texts(compare: TextCompare, wanted: str, found: str | None) -> bool | None:
    """Whether `found` is as wanted, whatever the case of its letters. A bad pattern holds nowhere."""
    if found is None:
        return None
    if compare == "pattern":
        try:
            return pattern(wanted).search(found) is not None
        except re2.error:
            return False
    wanted, found = wanted.lower(), found.lower()
    match compare:
        case "equals":
            return found == wanted
        case "contains":
            return wanted in found
        case "starts_with":
            return found.startswith(wanted)


def compare_numbers(compare: NumberCompare, wanted: float, found: float | None) -> bool | None:
    """Whether `found` is as wanted."""
    if found is None:
        return None
    match compare:
        case "at_least":
            return found >= wanted
        case "at_most":
            return found <= wanted
        case "exactly":
            return found == wanted


def flaws_of_text(compare: str, wanted: str, *, may_be_empty: bool = False) -> list[Flaw]:
    """What is wrong with a text to compare with."""
    if compare == "pattern":
        try:
            pattern(wanted)
        except re2.error as error:
            told = error.args[0] if error.args else ""
            return [Flaw("bad-pattern", told.decode(errors="replace") if isinstance(told, bytes) else str(told))]
    if not wanted and not (may_be_empty and compare == "equals"):
        return [Flaw("empty-value")]
    return []


def around(number: float) -> list[float]:
    """Where comparisons with a whole number can turn about."""
    return [each for each in (number - 1, number, number + 1) if each >= 0]


def agent_states() -> list[Facts]:
    """All that there is: nobody online, all busy, somebody available."""
    return [Facts(agents=AgentsNow(*each)) for each in ((0, 0), (1, 0), (1, 1))]


def number_of(text: str) -> float | None:
    """The number that a text is; None for another."""
    return float(text) if NUMBER.fullmatch(text) else None


def local_time(facts: Facts, zone: str) -> datetime | None:
    """What a clock on the wall shows in `zone`, or in the company's. None where the time or the zone is not known."""
    if facts.at is None or not (zone or facts.zone):
        return None
    try:
        return facts.at.astimezone(ZoneInfo(zone or facts.zone or ""))
    except UNKNOWN_ZONE:
        return None


def zone_or_utc(zone: str) -> tzinfo:
    """The zone of a name, UTC for none or one that there is not."""
    try:
        return ZoneInfo(zone or "UTC")
    except UNKNOWN_ZONE:
        return UTC


def flaws_of_zone(zone: str) -> list[Flaw]:
    """What is wrong with the name of a zone."""
    try:
        ZoneInfo(zone or "UTC")
    except UNKNOWN_ZONE:
        return [Flaw("no-such-zone", zone)]
    return []
