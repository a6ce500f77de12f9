"""Between the password and the session: a browser that has shown the one and not yet earned the other.

It holds a secret of its own in a cookie, for ten minutes, which opens nothing but the second step. There is no session
before: no other door has to know of half sign-ins.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.agents import queries
from alongside.domains.agents.actions.sessions import Caller, NewSession, begin_session
from alongside.domains.agents.queries.sign_in import Half
from alongside.domains.agents.sign_in_schemas import Step
from alongside.kit.ids import digest, new_secret
from alongside.platform.auth.tokens import looks_like_token
from alongside.platform.db import Database, Work
from alongside.platform.errors import Unauthorized

VALID_SECONDS = 600


class HalfSignIn(msgspec.Struct, frozen=True):
    """A half sign-in and its secret, which is known only now."""

    token: str
    step: Step
    agent_id: UUID


async def admit(work: Work, agent_id: UUID, caller: Caller, days: int) -> NewSession | HalfSignIn:
    """A session for who has shown their password, or the way to the step that is still missing."""
    step = await queries.missing_step(work, agent_id)
    if step is None:
        return await begin_session(work, agent_id, caller, days)
    token = new_secret()
    await work.run(
        """
        INSERT INTO half_sign_in (token_sha256, agent_id, step, expires_at)
        VALUES ($1, $2, $3, now() + make_interval(secs => $4))
        """,
        digest(token),
        agent_id,
        step,
        VALID_SECONDS,
    )
    return HalfSignIn(token, step, agent_id)


async def whose(database: Database, token: str | None, step: Step) -> Half:
    """Who has shown their password in this browser. Raises `Unauthorized` where nobody has, or not lately."""
    if token is None or not looks_like_token(token):
        raise _too_late()
    async with database.reading() as reading:
        half = await queries.half_sign_in(reading, digest(token))
    if half is None or half.step != step:
        raise _too_late()
    return half


async def complete(work: Work, token: str, caller: Caller, days: int) -> NewSession:
    """The session that was missing one step. One half sign-in makes one session; raises `Unauthorized` for a second."""
    agent_id: UUID | None = await work.value(
        """
        DELETE FROM half_sign_in h USING agent a
        WHERE h.token_sha256 = $1 AND h.expires_at > now() AND a.id = h.agent_id AND a.active RETURNING a.id
        """,
        digest(token),
    )
    if agent_id is None:
        raise _too_late()
    return await begin_session(work, agent_id, caller, days)


async def forget_halves_of(work: Work, agent_id: UUID) -> None:
    """What was shown or mailed no longer counts: the password or the address is another, or the agent was sent away."""
    await work.run("DELETE FROM half_sign_in WHERE agent_id = $1", agent_id)
    await work.run("DELETE FROM password_reset WHERE agent_id = $1", agent_id)


async def forget_expired_halves(work: Work) -> None:
    """Delete what has expired, links to a new password too."""
    await work.run("DELETE FROM half_sign_in WHERE expires_at < now()")
    await work.run("DELETE FROM password_reset WHERE expires_at < now()")


def _too_late() -> Unauthorized:
    return Unauthorized("sign-in-expired", "This sign-in took too long or was used already. Begin again.")
