"""What can be done to watchdogs, and what they do."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from alongside.domains.mail import actions as mail
from alongside.domains.notifications import actions as notifications
from alongside.domains.notifications.actions import AlarmNews
from alongside.domains.watchdogs import logic, policy, queries
from alongside.domains.watchdogs.events import WatchdogsChanged
from alongside.domains.watchdogs.schemas import MOST_WATCHDOGS, EditWatchdog, NewWatchdog, Watchdog
from alongside.domains.workspace.events import SettingsChanged
from alongside.domains.workspace.logic.hours import Calendar
from alongside.domains.workspace.queries import opening_hours_of
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable

RAISED = "watchdog_raised"
CLEARED = "watchdog_cleared"

INSERT = f"""
INSERT INTO watchdog (name, kind, threshold, active, in_hours, hours_id, channel_id, agent_ids, team_ids)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {queries.COLUMNS}
"""

# One that watches over something else than before knows of no alarm yet.
UPDATE = f"""
WITH fresh AS (SELECT id, (kind, threshold, active, in_hours, hours_id, channel_id)
                          IS DISTINCT FROM ($3, $4, $5, $6, $7, $8) AS other FROM watchdog WHERE id = $1)
UPDATE watchdog SET name = $2, kind = $3, threshold = $4, active = $5, in_hours = $6, hours_id = $7, channel_id = $8,
    agent_ids = $9, team_ids = $10, version = version + 1, updated_at = now(),
    watched_from = CASE WHEN other THEN now() ELSE watched_from END,
    noticed_at = CASE WHEN NOT other THEN noticed_at END, raised_at = CASE WHEN NOT other THEN raised_at END,
    cleared_at = CASE WHEN NOT other THEN cleared_at END, figure = CASE WHEN other THEN 0 ELSE figure END
FROM fresh WHERE watchdog.id = fresh.id RETURNING {queries.COLUMNS.replace("id, name", "watchdog.id, name", 1)}
"""

NOTICE = "UPDATE watchdog SET noticed_at = $2 WHERE id = $1 AND noticed_at IS DISTINCT FROM $2"
RAISE = "UPDATE watchdog SET raised_at = $2, cleared_at = NULL, figure = $3 WHERE id = $1"
CLEAR = "UPDATE watchdog SET cleared_at = $2 WHERE id = $1"

# Whoever finds that somebody else is noting it leaves it to them: a write that hangs holds up one connection, not all.
NOTE_SEEN = """
WITH again AS (
    UPDATE widget_seen SET seen_at = now() WHERE channel_id = (
        SELECT channel_id FROM widget_seen WHERE channel_id = $1 AND seen_at < now() - interval '1 minute'
        FOR UPDATE SKIP LOCKED)
)
INSERT INTO widget_seen (channel_id)
SELECT $1 WHERE NOT EXISTS (SELECT FROM widget_seen WHERE channel_id = $1) ON CONFLICT DO NOTHING
"""


async def create_watchdog(work: Work, actor: AgentActor, new: NewWatchdog) -> Watchdog:
    """Make a watchdog. Raises `Invalid` for what does not fit together or does not exist."""
    _require_manage(actor)
    values = await _values(work, new)
    if await queries.count(work) >= MOST_WATCHDOGS:
        raise Conflict("too-many-watchdogs", f"There are {MOST_WATCHDOGS} watchdogs. Delete one first.")
    return await _written(work, actor, "created", (INSERT, *values))


async def edit_watchdog(work: Work, actor: AgentActor, watchdog_id: UUID, change: EditWatchdog) -> Watchdog:
    """Change a watchdog. Raises `Conflict` when somebody else has changed it meanwhile.

    What it watches over changed: an alarm is forgotten without a word, and raised anew if there is cause.
    """
    _require_manage(actor)
    values = await _values(work, change)
    current = await _locked(work, watchdog_id)
    if current.version != change.version:
        raise Conflict(
            "changed-meanwhile",
            "Somebody else has changed this watchdog meanwhile. Look at theirs, and change it again.",
        )
    return await _written(work, actor, "edited", (UPDATE, watchdog_id, *values))


async def delete_watchdog(work: Work, actor: AgentActor, watchdog_id: UUID) -> None:
    """Delete a watchdog; an alarm goes with it."""
    _require_manage(actor)
    current = await _locked(work, watchdog_id)
    await work.run("DELETE FROM watchdog WHERE id = $1", watchdog_id)
    work.announce(WatchdogsChanged())
    work.announce(SettingsChanged(actor_id=actor.id, area="watchdogs", values={"deleted": current.name}))


async def check(database: Database, at: datetime) -> int:
    """Look at everything that is watched over. Returns how many alarms were raised or are over.

    However many processes look: each watchdog's row is locked while it is looked at, and its alarm is told in the
    transaction that raises it.
    """
    async with database.reading() as reading:
        ids = await queries.awake(reading)
    changed = 0
    for watchdog_id in ids:
        async with database.work() as work:
            changed += await _look(work, watchdog_id, at)
    return changed


async def note_seen(database: Database, channel_id: UUID) -> None:
    """A page of a channel's site shows its widget: noted once a minute, whichever process is asked.

    Where nothing can be written now it is not noted: nobody waits for it, and the next page tries again.
    """
    with suppress(Unavailable):
        async with database.statement() as work:
            await work.run(NOTE_SEEN, channel_id)


async def _look(work: Work, watchdog_id: UUID, at: datetime) -> bool:
    dog = await queries.watchdog_for_update(work, watchdog_id)
    if dog is None or not dog.active:
        return False
    # A process that began to look before another found something else knows less.
    if any(changed_at and at < changed_at for changed_at in (dog.raised_at, dog.cleared_at)):
        return False
    hours = Calendar((await opening_hours_of(work, dog.hours_id)).hours) if dog.in_hours else None
    found = logic.find(dog.kind, dog.threshold, await queries.sight(work, dog), hours, at)
    await work.run(NOTICE, dog.id, found.noticed_at)
    if found.alarming == dog.raised:
        return False
    if found.alarming:
        await work.run(RAISE, dog.id, at, found.figure)
    else:
        await work.run(CLEAR, dog.id, at)
    await _tell(work, dog, over=not found.alarming)
    work.announce(WatchdogsChanged())
    return True


async def _tell(work: Work, dog: Watchdog, *, over: bool) -> None:
    people = await queries.told(work, dog)
    event = CLEARED if over else RAISED
    news = AlarmNews(event=event, watchdog_id=dog.id, name=dog.name, agent_ids=[each.id for each in people])
    await notifications.tell_of_alarm(work, news)
    for each in people:
        await mail.post(work, mail.Post(kind=event, address=each.email, agent_id=each.id, watchdog_id=dog.id))


async def _values(work: Work, given: NewWatchdog) -> tuple[object, ...]:
    """As they are kept. Raises `Invalid`."""
    name = logic.checked(given)
    # In a fixed order and each once, so that the same is the same.
    agent_ids, team_ids = sorted(set(given.agent_ids)), sorted(set(given.team_ids))
    if fields := await queries.missing(work, given):
        raise Invalid(
            "watchdog-names-nothing", "What is chosen here does not exist any more. Choose again.", field=fields[0]
        )
    scope = (given.active, given.in_hours, given.hours_id, given.channel_id)
    return (name, given.kind, given.threshold, *scope, agent_ids, team_ids)


async def _written(work: Work, actor: AgentActor, change: str, statement: tuple[object, ...]) -> Watchdog:
    sql, *values = statement
    try:
        row = await work.row(str(sql), *values)
    except asyncpg.UniqueViolationError:
        raise Invalid("watchdog-name-taken", "There is a watchdog with this name already.", field="name") from None
    if row is None:
        raise LookupError("locked in this transaction")
    written = Watchdog(**dict(row))
    work.announce(WatchdogsChanged())
    kept = {change: written.name, "kind": written.kind, "threshold": written.threshold, "active": written.active}
    told = msgspec.to_builtins({"agent_ids": written.agent_ids, "team_ids": written.team_ids})
    work.announce(SettingsChanged(actor_id=actor.id, area="watchdogs", values={**kept, **told}))
    return written


async def _locked(work: Work, watchdog_id: UUID) -> Watchdog:
    found = await queries.watchdog_for_update(work, watchdog_id)
    if found is None:
        raise NotFound("no-such-watchdog", "This watchdog does not exist (any more).")
    return found


def _require_manage(actor: AgentActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow managing rules. Ask an admin for it.")
