"""Everything that is asked of rules for signing in, second factors and half sign-ins."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.agents.sign_in_schemas import SecondFactor, SignInRules, Step
from alongside.platform.db import Reading

RULES = "SELECT password_chars, second_factor_required FROM sign_in_rule"

OF_AGENT = """
SELECT (SELECT confirmed_at FROM second_factor WHERE agent_id = $1) AS since,
       (SELECT count(*) FROM passkey WHERE agent_id = $1)::integer AS passkeys,
       (SELECT count(*) FROM recovery_code WHERE agent_id = $1)::integer AS recovery_codes_left,
       second_factor_required AS required
FROM sign_in_rule
"""

# The row's lock makes two tries with one code wait for each other.
HELD = (
    "SELECT secret, last_step, confirmed_at IS NOT NULL AS confirmed FROM second_factor WHERE agent_id = $1 FOR UPDATE"
)

WITH_SECOND_FACTOR = """
SELECT agent_id FROM second_factor WHERE confirmed_at IS NOT NULL
UNION SELECT agent_id FROM passkey
UNION SELECT agent_id FROM provider_identity ORDER BY agent_id
"""

OF_SUBJECT = "SELECT agent_id FROM provider_identity WHERE issuer = $1 AND subject = $2"

ROLE_NAMED = "SELECT id FROM role WHERE lower(name) = lower($1)"

MISSING_STEP = """
SELECT CASE WHEN EXISTS (SELECT FROM second_factor WHERE agent_id = $1 AND confirmed_at IS NOT NULL)
              OR EXISTS (SELECT FROM passkey WHERE agent_id = $1) THEN 'code'
            WHEN second_factor_required THEN 'enrol' END
FROM sign_in_rule
"""

HALF = """
SELECT h.agent_id, h.step, a.email FROM half_sign_in h JOIN agent a ON a.id = h.agent_id
WHERE h.token_sha256 = $1 AND h.expires_at > now() AND a.active
"""

FORGETFUL = """
SELECT a.email, a.display_name FROM password_reset r JOIN agent a ON a.id = r.agent_id
WHERE r.token_sha256 = $1 AND r.expires_at > now() AND a.active
"""


class Held(msgspec.Struct, frozen=True):
    """An agent's authenticator, with its row locked. Never for anybody's eyes."""

    secret: str
    last_step: int
    confirmed: bool


class Half(msgspec.Struct, frozen=True):
    """Who has shown their password in a browser, and what is missing."""

    agent_id: UUID
    step: Step
    email: str


class Forgetful(msgspec.Struct, frozen=True):
    """Who forgot their password."""

    email: str
    display_name: str


async def sign_in_rules(reading: Reading) -> SignInRules:
    """What the company asks of everybody."""
    row = await reading.row(RULES)
    if row is None:
        raise LookupError("the row of the rules is missing: the migrations have not run")
    return SignInRules(**dict(row))


async def second_factor(reading: Reading, agent_id: UUID) -> SecondFactor:
    """What an agent has, as told to themselves."""
    row = await reading.row(OF_AGENT, agent_id)
    if row is None:
        raise LookupError("the row of the rules is missing: the migrations have not run")
    return SecondFactor(**dict(row))


async def held(reading: Reading, agent_id: UUID) -> Held | None:
    """What an agent's codes are computed from. Locks the row."""
    row = await reading.row(HELD, agent_id)
    return Held(**dict(row)) if row else None


async def with_second_factor(reading: Reading) -> list[UUID]:
    """The agents who have an app, a passkey or a link to the company's provider: something that can be reset."""
    return [row["agent_id"] for row in await reading.rows(WITH_SECOND_FACTOR)]


async def agent_of_subject(reading: Reading, issuer: str, subject: str) -> UUID | None:
    """Whom a provider means."""
    found: UUID | None = await reading.value(OF_SUBJECT, issuer, subject)
    return found


async def role_named(reading: Reading, name: str) -> UUID | None:
    """The role of this name; none where there is no such, or no name."""
    found: UUID | None = await reading.value(ROLE_NAMED, name)
    return found


async def missing_step(reading: Reading, agent_id: UUID) -> Step | None:
    """What somebody who has shown their password must still do; None if nothing."""
    found: Step | None = await reading.value(MISSING_STEP, agent_id)
    return found


async def half_sign_in(reading: Reading, token_sha256: bytes) -> Half | None:
    """Whose half sign-in this is, if it still holds and the agent is active."""
    row = await reading.row(HALF, token_sha256)
    return Half(**dict(row)) if row else None


async def forgetful(reading: Reading, token_sha256: bytes) -> Forgetful | None:
    """Whose password a link replaces, if it still does and the agent is active."""
    row = await reading.row(FORGETFUL, token_sha256)
    return Forgetful(**dict(row)) if row else None
