"""Conversations lived through with the real verbs, then moved to the moments of a story; and what reports must say of
them, recomputed in plain Python from the log."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations.actions import Rating
from alongside.domains.messages.actions import Draft, post
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Row
from tests.harness.invariants import Replay
from tests.world import Colleague, World


class Step(NamedTuple):
    """After so many seconds: `ask`, `answer`, `close` (an answer that ends it), `note`, `give`, `status`, `rate`."""

    after: int
    do: str
    who: Colleague | None = None
    what: Any = None


async def live(world: World, began: datetime, steps: Sequence[Step], channel_id: UUID | None = None) -> UUID:
    """A new visitor's conversation."""
    async with world.database.work() as work:
        visitor = (await contacts.meet_visitor(work, channel_id or world.site.id, None, "en")).actor
        conversation_id = await conversations.begin(work, visitor)
    moment, moments = began, []
    for step in steps:
        moment += timedelta(seconds=step.after)
        if await _do(world, visitor, conversation_id, step):
            moments.append(moment)
    await move(world, conversation_id, moments)
    return conversation_id


async def _do(world: World, visitor: VisitorActor, conversation_id: UUID, step: Step) -> bool:
    """Whether the log grew."""
    if step.do in ("ask", "answer", "close", "note"):
        author = visitor if step.do == "ask" else (step.who or world.ada).actor
        draft = Draft(new_client_id(), "words", "note" if step.do == "note" else "message", step.do == "close")
        await post(world.database, author, conversation_id, draft, 1_000)
        return True
    actor = (step.who or world.ada).actor
    async with world.database.work() as work:
        found = await work.row("SELECT last_seq, status, episode FROM conversation WHERE id = $1", conversation_id)
        assert found is not None
        before = found["last_seq"]
        if step.do == "rate":
            if found["status"] == "done":
                await conversations.rate(work, visitor, Rating(found["episode"], step.what, None))
            return before < await work.value("SELECT last_seq FROM conversation WHERE id = $1", conversation_id)
        if step.do == "status":
            row = await conversations.set_status(work, actor, conversation_id, step.what)
        else:
            row = await conversations.assign(work, actor, conversation_id, *step.what)
        return bool(row.last_seq > before)


async def move(world: World, conversation_id: UUID, moments: Sequence[datetime]) -> None:
    """Set the moments of a log, and all that follows from them."""
    async with world.database.work() as work:
        # A job that keeps facts just now does so before, or of what is moved.
        await work.run("LOCK TABLE episode_fact IN SHARE ROW EXCLUSIVE MODE")
        await work.run(
            """
            UPDATE entry e SET at = t.at FROM unnest($2::timestamptz[]) WITH ORDINALITY AS t (at, seq)
            WHERE e.conversation_id = $1 AND e.seq = t.seq
            """,
            conversation_id,
            moments,
        )
        await work.run(
            """
            UPDATE episode p SET
                opened_at = (SELECT at FROM entry WHERE conversation_id = $1 AND seq = p.first_seq),
                done_at = CASE WHEN done_at IS NOT NULL THEN (
                    SELECT max(at) FROM entry WHERE conversation_id = $1 AND episode = p.number AND status = 'done') END
            WHERE conversation_id = $1
            """,
            conversation_id,
        )
        # What was kept of it by a job meanwhile is of another past.
        await work.run("DELETE FROM episode_fact WHERE conversation_id = $1", conversation_id)
        replay = Replay()
        for entry in await work.rows("SELECT * FROM entry WHERE conversation_id = $1 ORDER BY seq", conversation_id):
            replay.apply(dict(entry))
        await work.run(
            "UPDATE conversation SET waiting_since = $2 WHERE id = $1", conversation_id, replay.waiting_since
        )


def some_steps(world: World, chance: random.Random, teams: Sequence[UUID]) -> list[Step]:
    """What might happen in a conversation, wild orders included."""
    steps = [Step(0, "ask")]
    people = [world.ada, world.ben, world.sol]
    for _ in range(chance.randint(0, 14)):
        after, who = chance.choice((1, 40, 333, 7_200, 90_000)), chance.choice(people)
        do = chance.choices(("ask", "answer", "close", "note", "give", "status", "rate"), (6, 6, 2, 2, 3, 3, 3))[0]
        what: Any = None
        if do == "status":
            what = chance.choice(("unread", "unresolved", "done"))
        if do == "rate":
            what = chance.randint(1, 5)
        if do == "give":
            what = chance.choice(
                [(person.id, None) for person in people] + [(None, team) for team in teams] + [(None, None)]
            )
        steps.append(Step(after, do, who if do != "give" else world.sol, what))
    return steps


async def recomputed(world: World) -> dict[tuple[UUID, int], dict[str, Any]]:
    """What each episode's row must say, by conversation and number: read from the log, one entry after the other."""
    async with world.database.snapshot() as reading:
        logs = await reading.rows("SELECT * FROM entry ORDER BY conversation_id, seq")
        episodes = await reading.rows("SELECT * FROM episode")
        channels = dict(await reading.rows("SELECT id, channel_id FROM conversation"))
    found = {}
    for episode in episodes:
        log = [entry for entry in logs if entry["conversation_id"] == episode["conversation_id"]]
        if log:
            found[episode["conversation_id"], episode["number"]] = {
                **_episode(episode, log),
                "channel_id": channels[episode["conversation_id"]],
            }
    return found


def _episode(episode: Row, log: Sequence[Row]) -> dict[str, Any]:
    own = [entry for entry in log if entry["episode"] == episode["number"]]
    answers = [entry for entry in own if entry["kind"] == "message" and entry["author_kind"] == "agent"]
    asks = [entry for entry in own if entry["kind"] == "message" and entry["author_kind"] == "visitor"]
    first = answers[0]["at"] if answers else None
    closed = episode["done_at"]
    held = [entry["data"] for entry in log if entry["kind"] == "assignment" and entry["seq"] < own[0]["seq"]][-1:]
    held += [entry["data"] for entry in own if entry["kind"] == "assignment"]
    status = [entry["status"] for entry in own if entry["status"]][-1]
    return {
        "opened_at": episode["opened_at"],
        "first_response_at": first,
        "closed_at": closed,
        "status": status,
        "first_response_seconds": _seconds(episode["opened_at"], first),
        "waiting_seconds": _waited(own),
        "handling_seconds": _seconds(first, closed) if first and closed and first <= closed else None,
        "resolution_seconds": _seconds(episode["opened_at"], closed),
        "agent_ids": {entry["author_id"] for entry in answers},
        "assigned_ids": {UUID(data["agent_id"]) for data in held if data["agent_id"]},
        "team_ids": {UUID(data["team_id"]) for data in held if data["team_id"]},
        "visitor_messages": len(asks),
        "agent_messages": len(answers),
        "rating": episode["rating"],
        "notes": sum(entry["kind"] == "note" for entry in own),
    }


def _waited(own: Sequence[Row]) -> int | None:
    since, total = None, None
    for entry in own:
        message = entry["kind"] == "message"
        if (message and entry["author_kind"] == "agent") or entry["status"] in ("unresolved", "done"):
            waited = entry["at"] - since if since else timedelta()
            if since:
                total = (total or timedelta()) + waited
            since = None
        elif message:
            since = since or entry["at"]
    return None if total is None else round(total.total_seconds())


def _seconds(begin: datetime | None, end: datetime | None) -> int | None:
    return round((end - begin).total_seconds()) if begin and end else None


def quantile(values: Sequence[int], share: float) -> float | None:
    """As a spreadsheet's PERCENTILE does it: between two values in proportion."""
    if not values:
        return None
    ordered, place = sorted(values), (len(values) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def spread(values: Sequence[int | None]) -> dict[str, Any]:
    """What `Spread` must say of these."""
    known = [value for value in values if value is not None]
    return {"count": len(known), "total": sum(known), "median": quantile(known, 0.5), "p90": quantile(known, 0.9)}
