"""Sessions: begun, recognised, ended. Only the hash of a token is stored."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.agents import queries
from alongside.domains.agents.actions.presence import announce_presence_changes
from alongside.domains.agents.events import SessionRevoked, SessionsEnded, SignedIn, SignedOut
from alongside.kit.ids import digest, new_secret
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import AgentActor
from alongside.platform.auth.tokens import looks_like_token
from alongside.platform.db import Database, Work
from alongside.platform.errors import NotFound, Unauthorized

USER_AGENT_CHARS = 300


class Caller(msgspec.Struct, frozen=True):
    """Where somebody signs in from. `session_token` is what their browser held so far; it ends."""

    address: str
    user_agent: str = ""
    session_token: str | None = None


class NewSession(msgspec.Struct, frozen=True):
    """A session and its secret, which is known only now."""

    token: str
    session_id: UUID
    agent_id: UUID


async def authenticate(database: Database, cookie_token: str | None) -> AgentActor:
    """Whose session this is. Raises `Unauthorized` where it ended or idled, or the agent was deactivated."""
    if cookie_token is None or not looks_like_token(cookie_token):
        raise not_signed_in()
    async with database.reading() as reading:
        found = await queries.by_session_token(reading, digest(cookie_token))
    if found is None:
        raise not_signed_in()
    if found.stale:
        await _note_use(database, found.actor.session_id)
    return found.actor


def not_signed_in() -> Unauthorized:
    """The refusal of who has no session."""
    return Unauthorized("not-signed-in", "You are not signed in, or your session has ended. Sign in again.")


async def begin_session(work: Work, agent_id: UUID, caller: Caller, days: int) -> NewSession:
    """A fresh session; the one that the browser held until now ends, so that none can be planted."""
    if caller.session_token and looks_like_token(caller.session_token):
        await _end(work, "token_sha256 = $1", digest(caller.session_token))
    token = new_secret()
    session_id: UUID = await work.value(
        """
        INSERT INTO session (token_sha256, agent_id, user_agent, expires_at)
        VALUES ($1, $2, $3, now() + make_interval(days => $4)) RETURNING id
        """,
        digest(token),
        agent_id,
        clean_line(caller.user_agent, USER_AGENT_CHARS),
        days,
    )
    work.announce(SignedIn(actor_id=agent_id))
    return NewSession(token, session_id, agent_id)


async def sign_out(database: Database, actor: AgentActor) -> None:
    """End this session. Who has no other one is neither online nor logged in from now on."""
    async with database.work() as work:
        await queries.hold(work, [actor.id])
        if await _end(work, "id = $1", actor.session_id):
            work.announce(SignedOut(actor_id=actor.id))
        await _leave_if_gone(work, actor.id)
    await announce_presence_changes(database)


async def revoke_session(database: Database, actor: AgentActor, session_id: UUID) -> None:
    """End one of one's own sessions."""
    async with database.work() as work:
        await queries.hold(work, [actor.id])
        if not await _end(work, "id = $1 AND agent_id = $2", session_id, actor.id):
            raise NotFound("no-such-session", "This session has already ended.")
        work.announce(SessionsEnded(actor_id=actor.id, sessions=1))
        await _leave_if_gone(work, actor.id)
    await announce_presence_changes(database)


async def revoke_others(work: Work, actor: AgentActor) -> int:
    """End all of one's own sessions but the asking one. Returns how many."""
    await queries.hold(work, [actor.id])
    ended = await _end(work, "agent_id = $1 AND id <> $2", actor.id, actor.session_id)
    if ended:
        work.announce(SessionsEnded(actor_id=actor.id, sessions=ended))
    return ended


async def revoke_all(work: Work, agent_id: UUID) -> int:
    """End all sessions of an agent. Returns how many."""
    ended = await _end(work, "agent_id = $1", agent_id)
    await _leave_if_gone(work, agent_id)
    return ended


async def forget_ended(work: Work) -> None:
    """Delete sessions and invitations that ended more than a month ago."""
    await work.run(
        """
        DELETE FROM session
        WHERE least(expires_at, coalesce(revoked_at, expires_at)) < now() - interval '30 days'
        """
    )
    await work.run("DELETE FROM invitation WHERE coalesce(accepted_at, expires_at) < now() - interval '30 days'")


async def _end(work: Work, which: str, *values: object) -> int:
    rows = await work.rows(
        f"UPDATE session SET revoked_at = now() WHERE revoked_at IS NULL AND {which} RETURNING id, agent_id",
        *values,
    )
    for row in rows:
        work.announce(SessionRevoked(session_id=row["id"], agent_id=row["agent_id"]))
    return len(rows)


async def _leave_if_gone(work: Work, agent_id: UUID) -> None:
    await work.run(
        """
        UPDATE agent SET wants_online = false, lease_until = NULL
        WHERE id = $1 AND NOT EXISTS (
            SELECT FROM session WHERE agent_id = $1 AND revoked_at IS NULL AND expires_at > now())
        """,
        agent_id,
    )


async def _note_use(database: Database, session_id: UUID) -> None:
    async with database.statement() as work:
        await work.run(
            """
            UPDATE session SET last_seen_at = now()
            WHERE id = $1 AND last_seen_at < now() - interval '1 minute'
            """,
            session_id,
        )
