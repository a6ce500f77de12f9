"""The decision: never somebody who may not, the least loaded, the same whatever the order in which agents are read."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from alongside.domains.routing.logic.deciding import choose, why_not
from alongside.domains.routing.schemas import Candidate, Wanted

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEAMS = [UUID(int=number) for number in range(100, 103)]
TAGS = ["Returns", "french", "VIP"]
IDS = [UUID(int=number) for number in range(1, 13)]

moments = st.none() | st.integers(0, 5_000).map(lambda minutes: NOON - timedelta(minutes=minutes))
candidates = st.builds(
    Candidate,
    id=st.sampled_from(IDS),
    active=st.booleans(),
    online=st.booleans(),
    area=st.sampled_from(["chat", "call", "both", "none"]),
    chat_limit=st.integers(1, 4),
    open=st.integers(0, 5),
    may_reply=st.booleans(),
    team_ids=st.lists(st.sampled_from(TEAMS), unique=True),
    tags=st.lists(st.sampled_from(TAGS), unique=True),
    last_given_at=moments,
    kept=st.integers(0, 2),
)
crowds = st.lists(candidates, max_size=12, unique_by=lambda each: each.id)
wishes = st.builds(
    lambda whom, state, medium: Wanted(state=state, medium=medium, **whom),
    st.one_of(
        st.just({}),
        st.sampled_from(IDS).map(lambda agent_id: {"agent_id": agent_id}),
        st.sampled_from(TEAMS).map(lambda team_id: {"team_id": team_id}),
        st.sampled_from(["returns", "FRENCH", "vip"]).map(lambda tag: {"tag": tag}),
    ),
    st.sampled_from(["available", "online", "any"]),
    st.sampled_from(["webchat", "calling"]),
)
over = st.frozensets(st.sampled_from(IDS), max_size=3)


@given(wishes, crowds, over)
def test_nobody_who_may_not(wanted: Wanted, crowd: list[Candidate], passed_over: frozenset[UUID]) -> None:
    choice = choose(wanted, crowd, passed_over)
    assert [each.agent_id for each in choice.considered if each.reason is None][:1] == [
        each for each in (choice.agent_id,) if each
    ]
    assert {each.agent_id for each in choice.considered} == {each.id for each in crowd}
    if choice.agent_id is None:
        return
    chosen = next(each for each in crowd if each.id == choice.agent_id)
    assert chosen.active
    assert chosen.may_reply
    assert chosen.id not in passed_over
    assert chosen.area in (("chat", "both") if wanted.medium == "webchat" else ("call", "both"))
    assert wanted.state == "any" or chosen.online
    if wanted.medium == "webchat" or wanted.state == "available":
        assert chosen.open + chosen.kept < chosen.chat_limit
    assert wanted.agent_id in (None, chosen.id)
    assert wanted.team_id is None or wanted.team_id in chosen.team_ids
    assert wanted.tag is None or wanted.tag.lower() in [tag.lower() for tag in chosen.tags]


@given(wishes, crowds, over)
def test_the_fewest_open_then_the_longest_without_then_the_id(
    wanted: Wanted, crowd: list[Candidate], passed_over: frozenset[UUID]
) -> None:
    choice = choose(wanted, crowd, passed_over)
    fit = [each for each in crowd if why_not(wanted, each, passed_over) is None]
    assert (choice.agent_id is None) == (not fit)
    never = datetime.min.replace(tzinfo=UTC)
    best = sorted(fit, key=lambda each: (each.open, each.last_given_at or never, each.id))
    assert [each.agent_id for each in choice.considered[: len(best)]] == [each.id for each in best]


@given(wishes, crowds, over, st.randoms(use_true_random=False))
def test_the_order_in_which_agents_are_read_is_nothing(
    wanted: Wanted, crowd: list[Candidate], passed_over: frozenset[UUID], chance: random.Random
) -> None:
    shuffled = crowd[:]
    chance.shuffle(shuffled)
    assert choose(wanted, shuffled, passed_over) == choose(wanted, crowd, passed_over)


@given(wishes, crowds, candidates, over)
def test_who_does_not_come_into_question_changes_nothing(
    wanted: Wanted, crowd: list[Candidate], other: Candidate, passed_over: frozenset[UUID]
) -> None:
    assume(why_not(wanted, other, passed_over) is not None)
    without = [each for each in crowd if each.id != other.id]
    assert choose(wanted, [*without, other], passed_over).agent_id == choose(wanted, without, passed_over).agent_id


@given(st.integers(1, 8), st.integers(1, 60))
def test_load_is_spread_evenly(people: int, chats: int) -> None:
    """Nobody closes anything: no two are ever further apart than one."""
    crowd = [Candidate(id=IDS[number], online=True, chat_limit=1_000) for number in range(people)]
    given_to: Counter[UUID] = Counter()
    for number in range(chats):
        agent_id = choose(Wanted(), crowd).agent_id
        assert agent_id is not None
        given_to[agent_id] += 1
        at = NOON + timedelta(seconds=number)
        crowd = [replace(each, open=each.open + 1, last_given_at=at) if each.id == agent_id else each for each in crowd]
        loads = [each.open for each in crowd]
        assert max(loads) - min(loads) <= 1


@given(st.integers(2, 8))
def test_turns_are_taken_where_chats_are_short(people: int) -> None:
    """Each is done before the next comes: everybody has their turn before anybody has a second."""
    crowd = [Candidate(id=IDS[number], online=True) for number in range(people)]
    order = []
    for number in range(2 * people):
        agent_id = choose(Wanted(), crowd).agent_id
        order.append(agent_id)
        at = NOON + timedelta(seconds=number)
        crowd = [replace(each, last_given_at=at) if each.id == agent_id else each for each in crowd]
    assert len(set(order[:people])) == people
    assert order[people:] == order[:people]


def test_each_reason_has_its_case() -> None:
    ada = Candidate(id=IDS[0], online=True, team_ids=[TEAMS[0]], tags=["french"])
    cases = {
        "not_named": (Wanted(agent_id=IDS[1]), ada),
        "not_in_team": (Wanted(team_id=TEAMS[1]), ada),
        "lacks_tag": (Wanted(tag="VIP"), ada),
        "inactive": (Wanted(), replace(ada, active=False)),
        "not_permitted": (Wanted(), replace(ada, may_reply=False)),
        "wrong_area": (Wanted(), replace(ada, area="call")),
        "offline": (Wanted(), replace(ada, online=False)),
        "full": (Wanted(), replace(ada, open=5)),
        "kept_for_queue": (Wanted(), replace(ada, open=4, kept=1)),
        None: (Wanted(tag="FRENCH", team_id=TEAMS[0]), ada),
    }
    for reason, (wanted, agent) in cases.items():
        assert why_not(wanted, agent, frozenset()) == reason
    assert why_not(Wanted(), ada, {ada.id}) == "did_not_react"
    # A call is no chat: only where somebody available is asked for does the limit of chats count.
    full = replace(ada, area="both", open=5)
    assert why_not(Wanted(medium="calling", state="online"), full, frozenset()) is None
    assert why_not(Wanted(medium="calling"), full, frozenset()) == "full"
