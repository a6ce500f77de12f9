"""One's own passkeys: added, named, removed."""

from __future__ import annotations

from uuid import UUID

import structlog

from alongside.domains.agents import letters, logic, passkeys, queries
from alongside.domains.agents.actions.challenges import challenge, challenged, place
from alongside.domains.agents.actions.presence import announce_presence_changes
from alongside.domains.agents.actions.proof import prove
from alongside.domains.agents.actions.second_factor import forget_codes_without_factor, give_recovery_codes
from alongside.domains.agents.actions.sessions import revoke_all, revoke_others
from alongside.domains.agents.events import PasskeyAdded as PasskeyAddedDeed
from alongside.domains.agents.events import PasskeyRemoved
from alongside.domains.agents.passkey_schemas import (
    NewPasskey,
    Passkey,
    PasskeyAdded,
    PasskeyCreation,
    Proof,
    RenamePasskey,
)
from alongside.domains.agents.passkeys import Made, Untrue, to_text
from alongside.domains.mail import actions as mail
from alongside.domains.workspace.queries import workspace
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Invalid, NotFound

MOST_PASSKEYS = 20

_log = structlog.get_logger()


async def begin_passkey(database: Database, config: Config, actor: AgentActor, proof: Proof) -> PasskeyCreation:
    """What the browser needs to make a passkey, for who proves again who they are."""
    here = place(config)
    await prove(database, config, actor, proof)
    async with database.work() as work:
        account = await queries.account_of(work, actor.id)
        if account is None:
            raise _gone()
        known = await queries.passkey_credentials(work, actor.id)
        if len(known) >= MOST_PASSKEYS:
            raise Conflict("too-many-passkeys", f"You have {MOST_PASSKEYS} passkeys. Remove one that you do not use.")
        return PasskeyCreation(
            challenge=to_text(await challenge(work, "add", _bound(actor))),
            host=here.host,
            company=(await workspace(work)).name or "Alongside",
            user_id=to_text(actor.id.bytes),
            email=account.email,
            display_name=account.display_name,
            algorithms=[int(each) for each in passkeys.ALGORITHMS],
            exclude=[to_text(each) for each in known],
        )


async def add_passkey(database: Database, config: Config, actor: AgentActor, new: NewPasskey) -> PasskeyAdded:
    """Take what the authenticator made. The agent is told by mail.

    Where it is the first second factor, recovery codes come with it and the agent's other sessions, which began
    without, end. Raises `Invalid` for an answer that does not hold.
    """
    here, name = place(config), logic.passkey_name(new.name)
    asked = await challenged(database, "add", _bound(actor))
    try:
        made = passkeys.made(new, asked, here)
    except Untrue as untrue:
        _log.warning("a new passkey does not hold", reason=str(untrue))
        raise Invalid("passkey-refused", "This passkey could not be taken. Try again, or use another device.") from None
    async with database.work() as work:
        await queries.hold(work, [actor.id])
        ways = await queries.second_ways(work, actor.id)
        passkey_id = await _insert(work, actor.id, made, name)
        work.announce(PasskeyAddedDeed(actor_id=actor.id, passkey=name))
        await _tell(work, actor.id)
        codes: list[str] = []
        if not ways.app and not ways.passkey:
            codes = (await give_recovery_codes(work, actor.id)).codes
            await revoke_others(work, actor)
        added = await queries.passkey(work, actor.id, passkey_id)
        if added is None:
            raise _gone()
        return PasskeyAdded(passkey=added, recovery_codes=codes)


async def rename_passkey(work: Work, actor: AgentActor, passkey_id: UUID, change: RenamePasskey) -> Passkey:
    """Call a passkey something else."""
    name = logic.passkey_name(change.name)
    await work.run("UPDATE passkey SET name = $3 WHERE agent_id = $1 AND id = $2", actor.id, passkey_id, name)
    found = await queries.passkey(work, actor.id, passkey_id)
    if found is None:
        raise _gone()
    return found


async def remove_passkey(database: Database, config: Config, actor: AgentActor, passkey_id: UUID, proof: Proof) -> None:
    """A passkey opens nothing any more. Ends the agent's other sessions, which may have begun with it.

    Where it was the last second factor and the company requires one, this session ends too: the next sign-in sets
    another up.
    """
    await prove(database, config, actor, proof)
    async with database.work() as work:
        await queries.hold(work, [actor.id])
        name = await work.value(
            "DELETE FROM passkey WHERE agent_id = $1 AND id = $2 RETURNING name", actor.id, passkey_id
        )
        if name is None:
            raise _gone()
        work.announce(PasskeyRemoved(actor_id=actor.id, passkey=name))
        bare = await forget_codes_without_factor(work, actor.id)
        if bare and (await queries.sign_in_rules(work)).second_factor_required:
            await revoke_all(work, actor.id)
        else:
            await revoke_others(work, actor)
    await announce_presence_changes(database)


async def _insert(work: Work, agent_id: UUID, made: Made, name: str) -> UUID:
    passkey_id: UUID | None = await work.value(
        """
        INSERT INTO passkey (agent_id, credential_id, public_key, sign_count, name, synced)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (credential_id) DO NOTHING RETURNING id
        """,
        agent_id,
        made.credential_id,
        made.public_key,
        made.sign_count,
        name,
        made.synced,
    )
    if passkey_id is None:
        raise Conflict("passkey-known", "This passkey is in use already.")
    return passkey_id


async def _tell(work: Work, agent_id: UUID) -> None:
    account = await queries.account_of(work, agent_id)
    if account is not None:
        await mail.post(work, mail.Post(kind=letters.PASSKEY_ADDED, address=account.email, agent_id=agent_id))


def _bound(actor: AgentActor) -> str:
    return str(actor.session_id)


def _gone() -> NotFound:
    return NotFound("no-such-passkey", "This passkey is gone. Load the page anew.")
