"""Proving again who one is, before something that a browser left open must not allow."""

from __future__ import annotations

from alongside.domains.agents import queries
from alongside.domains.agents.actions.passwords import prove_password
from alongside.domains.agents.actions.second_factor import TOO_MANY, code_tries, use_code
from alongside.domains.agents.passkey_schemas import Proof
from alongside.platform import limits
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Forbidden


async def prove(database: Database, config: Config, actor: AgentActor, proof: Proof) -> None:
    """By the password, or a code, which is used up. Who has no password may have signed in just now instead.

    Raises `Forbidden` for what proves nothing; tries are counted.
    """
    if proof.password is not None:
        await prove_password(database, config, actor, proof.password)
    elif proof.code is not None:
        await _prove_code(database, config, actor, proof.code)
    else:
        async with database.reading() as reading:
            fresh = await queries.signed_in_just_now(reading, actor.session_id)
        if not fresh:
            raise Forbidden(
                "proof-needed",
                "Enter your password first. If you have none, sign out, sign in again, and do this within ten minutes.",
            )


async def _prove_code(database: Database, config: Config, actor: AgentActor, code: str) -> None:
    tries = code_tries(config, actor.id)
    await limits.spend(database, tries, TOO_MANY)
    async with database.work() as work:
        await queries.hold(work, [actor.id])
        await use_code(work, actor.id, code)
    await limits.give_back(database, tries)
