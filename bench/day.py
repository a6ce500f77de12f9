"""The script of a day at a large company: who works when and in which teams, who writes when, to whom, for how long.

One day is played twice: in simulated time (bench/routing.py), and faster through real processes of which one is killed
each minute (tests/reliability/test_routing_day.py).
"""

from __future__ import annotations

import random

import msgspec

TEAMS = 4
LIMIT = 3
DAY_SECONDS = 12 * 3_600
SHIFT_SECONDS = 8 * 3_600
CHAT_SECONDS = (90, 480)


class Person(msgspec.Struct, frozen=True):
    """An agent: the numbers of their teams, and after how many seconds of the day their shift begins."""

    teams: list[int]
    begins: float


class Chat(msgspec.Struct, frozen=True):
    """Somebody writes at a second of the day, to a team by number; an agent then needs so many seconds."""

    at: float
    team: int
    urgent: bool
    seconds: float


class Script(msgspec.Struct, frozen=True):
    """A day."""

    people: list[Person]
    chats: list[Chat]


def script(chats: int, people: int, seed: int) -> Script:
    """The day of a seed: most write at noon, and one in four is in a hurry."""
    dice = random.Random(seed)  # noqa: S311
    return Script(
        people=[
            Person(
                teams=sorted({number % TEAMS, dice.randrange(TEAMS)}),
                begins=dice.choice((0, 7_200, DAY_SECONDS - SHIFT_SECONDS)),
            )
            for number in range(people)
        ],
        chats=[
            Chat(
                at=dice.triangular(0, DAY_SECONDS * 0.95, DAY_SECONDS / 2),
                team=dice.randrange(TEAMS),
                urgent=dice.random() < 0.25,
                seconds=dice.uniform(*CHAT_SECONDS),
            )
            for _ in range(chats)
        ],
    )
