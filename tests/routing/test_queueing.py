"""The queue's order: oldest first within priority, nobody held up by one whom nobody can help, honest estimates."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.routing.logic.deciding import choose
from alongside.domains.routing.logic.queueing import in_order, keep_room, minutes_until, places, servable
from alongside.domains.routing.schemas import Candidate, Waiting, Wanted

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEAMS = [UUID(int=100), UUID(int=101)]


def waiting(number: int, *, ago: int = 0, priority: int = 0, team: UUID | None = None) -> Waiting:
    return Waiting(
        conversation_id=UUID(int=number),
        episode=1,
        wanted=Wanted(team_id=team),
        priority=priority,
        since=NOON - timedelta(seconds=ago),
        until=NOON + timedelta(hours=1),
        rule_id=None,
        passed_over=[],
    )


def agent(number: int, *teams: UUID, room: int = 1, online: bool = True) -> Candidate:
    return Candidate(id=UUID(int=number), online=online, chat_limit=5, open=5 - room, team_ids=list(teams))


entries = st.lists(
    st.builds(
        waiting,
        st.integers(1, 200),
        ago=st.integers(0, 5),
        priority=st.integers(0, 2),
        team=st.sampled_from([None, *TEAMS]),
    ),
    max_size=12,
    unique_by=lambda each: each.conversation_id,
)
crowds = st.lists(
    st.builds(
        agent,
        st.integers(300, 310),
        st.sampled_from(TEAMS),
        room=st.integers(0, 3),
        online=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda each: each.id,
)


@given(entries, crowds)
def test_nobody_overtakes_and_nobody_is_held_up(queue: list[Waiting], crowd: list[Candidate]) -> None:
    served = list(servable(queue, crowd))
    ids = [entry.conversation_id for entry, _ in served]
    order = [each.conversation_id for each in in_order(queue)]
    assert ids == [each for each in order if each in set(ids)]
    # Whoever was left out: nobody is left for them, once those served have their agents.
    left = keep_room(queue, crowd)
    for each in queue:
        if each.conversation_id not in ids:
            assert choose(each.wanted, left).agent_id is None
    taken = [choice.agent_id for _, choice in served]
    for each in crowd:
        assert taken.count(each.id) <= (each.chat_limit - each.open if each.online else 0)


@given(entries, crowds, st.randoms(use_true_random=False))
def test_the_order_in_which_it_is_read_is_nothing(
    queue: list[Waiting], crowd: list[Candidate], chance: random.Random
) -> None:
    shuffled = queue[:]
    chance.shuffle(shuffled)
    assert list(servable(shuffled, crowd)) == list(servable(queue, crowd))
    assert list(places(shuffled)) == list(places(queue))


def test_who_comes_leaves_room_to_who_waits() -> None:
    only = agent(300, TEAMS[0])
    queue = [waiting(1, ago=60, team=TEAMS[0])]
    assert choose(Wanted(), keep_room(queue, [only])).agent_id is None
    assert choose(Wanted(), keep_room([], [only])).agent_id == only.id
    # For those who wait for another team nothing is kept.
    assert choose(Wanted(), keep_room([waiting(1, team=TEAMS[1])], [only])).agent_id == only.id


def test_an_entry_nobody_can_help_holds_up_nobody() -> None:
    queue = [waiting(1, ago=600, priority=9, team=TEAMS[1]), waiting(2, ago=10, team=TEAMS[0])]
    found = [(entry.conversation_id.int, choice.agent_id) for entry, choice in servable(queue, [agent(300, TEAMS[0])])]
    assert found == [(2, UUID(int=300))]


def test_places_count_among_those_who_wait_for_the_same() -> None:
    queue = [waiting(1, ago=9), waiting(2, ago=8, team=TEAMS[0]), waiting(3, ago=7), waiting(4, ago=1, priority=1)]
    assert {entry.conversation_id.int: place for entry, place in places(queue)} == {4: 1, 1: 2, 3: 3, 2: 1}


def test_an_estimate_says_nothing_where_nothing_is_known() -> None:
    assert minutes_until(1, [], NOON) is None
    assert minutes_until(1, [NOON], NOON) is None
    every_two = [NOON - timedelta(minutes=2 * number) for number in range(1, 6)]
    assert minutes_until(1, every_two, NOON) == 2
    assert minutes_until(3, every_two, NOON) == 6
    # Nobody has been served for a while: it takes longer than it did.
    assert minutes_until(1, every_two, NOON + timedelta(minutes=20)) == 6
    assert minutes_until(1, [NOON, NOON], NOON) == 1
