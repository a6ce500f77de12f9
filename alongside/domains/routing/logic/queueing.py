"""Who waits comes before who comes: the order of the queue, and what is kept for it. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import structs

from alongside.domains.routing.logic.deciding import choose
from alongside.domains.routing.schemas import Candidate, Choice, Waiting

# Of so many that were served last the pace is told; of one it cannot be.
PACE_OF = 10
FEWEST_SERVED = 2


def in_order(queue: Iterable[Waiting]) -> list[Waiting]:
    """A higher priority first, within it who has waited longest."""
    return sorted(queue, key=lambda each: (-each.priority, each.since, each.conversation_id))


def servable(queue: Iterable[Waiting], agents: Sequence[Candidate]) -> Iterator[tuple[Waiting, Choice]]:
    """Who can be served now, in order, and by whom, each counted for those behind them.

    An entry for which nobody is free holds up nobody behind it. What is tried in vain for one is not tried again for
    another who wants the same.
    """
    left = {each.id: each for each in agents}
    in_vain: set[object] = set()
    for each in in_order(queue):
        same = (each.wanted, tuple(sorted(each.passed_over)))
        if same in in_vain:
            continue
        choice = choose(each.wanted, left.values(), frozenset(each.passed_over))
        if choice.agent_id is None:
            in_vain.add(same)
            continue
        yield each, choice
        chosen = left[choice.agent_id]
        left[chosen.id] = structs.replace(chosen, kept=chosen.kept + 1)


def keep_room(queue: Sequence[Waiting], agents: Sequence[Candidate]) -> list[Candidate]:
    """The agents, with the room that those who wait already will take counted as kept for them."""
    kept: dict[object, int] = {}
    for _, choice in servable(queue, agents) if queue else ():
        kept[choice.agent_id] = kept.get(choice.agent_id, 0) + 1
    return [structs.replace(each, kept=kept[each.id]) if each.id in kept else each for each in agents]


def places(queue: Iterable[Waiting]) -> Iterator[tuple[Waiting, int]]:
    """The place of each among those who wait for the same, from 1."""
    counted: dict[object, int] = {}
    for each in in_order(queue):
        place = counted[each.wanted] = counted.get(each.wanted, 0) + 1
        yield each, place


def minutes_until(place: int, served: Sequence[datetime], now: datetime) -> int | None:
    """About how long the one at `place` still waits, by when the last were served (newest first). None: not known.

    The time since the last one counts, so the estimate grows while nobody is served.
    """
    lately = served[:PACE_OF]
    if len(lately) < FEWEST_SERVED:
        return None
    seconds = (now - lately[-1]).total_seconds() / len(lately)
    return max(1, math.ceil(place * seconds / 60))
