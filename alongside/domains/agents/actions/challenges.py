"""What authenticators are asked to sign: once, by one browser, within five minutes."""

from __future__ import annotations

import secrets
from typing import Literal

from alongside.domains.agents.passkeys import Place, place_of
from alongside.kit.ids import digest
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Forbidden

Purpose = Literal["add", "step", "sign-in"]

CHALLENGE_BYTES = 32
VALID_SECONDS = 300


def place(config: Config) -> Place:
    """Where passkeys hold. Raises `Conflict` for a server that goes by a number."""
    found = place_of(config.own_origins)
    if found is None:
        raise Conflict("no-passkeys-here", "Passkeys need a server with a name, not a number, in its public_url.")
    return found


async def challenge(work: Work, purpose: Purpose, bound: str) -> bytes:
    """Ask the browser that holds `bound`. What it was asked before no longer counts."""
    fresh = secrets.token_bytes(CHALLENGE_BYTES)
    await work.run(
        """
        INSERT INTO passkey_challenge (purpose, bound_sha256, challenge, expires_at)
        VALUES ($1, $2, $3, now() + make_interval(secs => $4))
        ON CONFLICT (bound_sha256, purpose) DO UPDATE SET
            challenge = excluded.challenge, expires_at = excluded.expires_at
        """,
        purpose,
        digest(bound),
        fresh,
        VALID_SECONDS,
    )
    return fresh


async def challenged(database: Database, purpose: Purpose, bound: str) -> bytes:
    """What this browser was asked. It is forgotten at once, whatever comes of the answer. Raises `Forbidden`."""
    async with database.work() as work:
        found: bytes | None = await work.value(
            """
            DELETE FROM passkey_challenge WHERE bound_sha256 = $1 AND purpose = $2
            RETURNING CASE WHEN expires_at > now() THEN challenge END
            """,
            digest(bound),
            purpose,
        )
    if found is None:
        raise Forbidden("passkey-expired", "This took too long, or was answered already. Try again.")
    return found


async def forget_expired_challenges(work: Work) -> None:
    """Delete those that nobody answered."""
    await work.run("DELETE FROM passkey_challenge WHERE expires_at < now()")
