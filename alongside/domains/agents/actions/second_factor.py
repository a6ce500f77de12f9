"""The second factor: set up, asked, turned off, taken away by who manages the agent."""

from __future__ import annotations

import time
from uuid import UUID

from alongside.domains.agents import queries, totp
from alongside.domains.agents.actions.accounts import Manager, manageable
from alongside.domains.agents.actions.half_sign_ins import forget_halves_of
from alongside.domains.agents.actions.passwords import prove_password
from alongside.domains.agents.actions.presence import announce_presence_changes
from alongside.domains.agents.actions.sessions import revoke_all, revoke_others
from alongside.domains.agents.events import (
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    SecondFactorReset,
    SecondFactorSetUp,
    SecondFactorTurnedOff,
)
from alongside.domains.agents.logic import account_name
from alongside.domains.agents.sign_in_schemas import Enrolment, ProveBoth, RecoveryCodes
from alongside.domains.workspace.queries import workspace
from alongside.kit.ids import digest
from alongside.platform import limits
from alongside.platform.auth.actor import AgentActor, SystemActor, id_of
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Forbidden, NotFound
from alongside.platform.limits import Budget

WINDOW_SECONDS = 15 * 60
TOO_MANY = "Too many tries. Wait a few minutes, then try again."


async def enrol_second_factor(database: Database, config: Config, actor: AgentActor, password: str) -> Enrolment:
    """What an authenticator app needs. Nothing is asked of the agent before a first code has confirmed it.

    Raises `Forbidden` for a wrong password, `Conflict` where there is a second factor already.
    """
    account = await prove_password(database, config, actor, password)
    async with database.work() as work:
        return await begin_enrolment(work, actor.id, account.email)


async def confirm_second_factor(database: Database, config: Config, actor: AgentActor, code: str) -> RecoveryCodes:
    """From now on codes are asked. Ends the agent's other sessions, which began without one."""
    tries = code_tries(config, actor.id)
    await limits.spend(database, tries, TOO_MANY)
    async with database.work() as work:
        await queries.hold(work, [actor.id])
        codes = await finish_enrolment(work, actor.id, code)
        await revoke_others(work, actor)
    await limits.give_back(database, tries)
    return codes


async def turn_off_second_factor(database: Database, config: Config, actor: AgentActor, proof: ProveBoth) -> None:
    """Ask for no codes any more. Ends the agent's other sessions; where the company requires codes, this one too.

    Raises `Forbidden` for a wrong password or code, `NotFound` where there is no second factor.
    """
    await prove_password(database, config, actor, proof.password)
    tries = code_tries(config, actor.id)
    await limits.spend(database, tries, TOO_MANY)
    async with database.work() as work:
        await queries.hold(work, [actor.id])
        await use_code(work, actor.id, proof.code)
        if not await _remove_app(work, actor.id):
            raise _none()
        work.announce(SecondFactorTurnedOff(actor_id=actor.id))
        bare = await forget_codes_without_factor(work, actor.id)
        if bare and (await queries.sign_in_rules(work)).second_factor_required:
            await revoke_all(work, actor.id)
        else:
            await revoke_others(work, actor)
    await limits.give_back(database, tries)
    await announce_presence_changes(database)


async def renew_recovery_codes(
    database: Database, config: Config, actor: AgentActor, proof: ProveBoth
) -> RecoveryCodes:
    """Other recovery codes; those given out before stop working."""
    await prove_password(database, config, actor, proof.password)
    tries = code_tries(config, actor.id)
    await limits.spend(database, tries, TOO_MANY)
    async with database.work() as work:
        await queries.hold(work, [actor.id])
        await use_code(work, actor.id, proof.code)
        work.announce(RecoveryCodesRenewed(actor_id=actor.id))
        codes = await give_recovery_codes(work, actor.id)
    await limits.give_back(database, tries)
    return codes


async def reset_second_factor(database: Database, actor: Manager, agent_id: UUID) -> None:
    """Take away app, passkeys and recovery codes of somebody who lost them, and end all their sessions.

    With them goes the link to their account at the company's provider, which is made anew by their e-mail address.
    Raises `Forbidden` for who holds more than the actor, `NotFound` where there is nothing to take away.
    """
    async with database.work() as work:
        target = await manageable(work, actor, agent_id)
        had_app = await _remove_app(work, agent_id)
        had_passkey = await work.run("DELETE FROM passkey WHERE agent_id = $1", agent_id)
        await forget_codes_without_factor(work, agent_id)
        had_link = await work.run("DELETE FROM provider_identity WHERE agent_id = $1", agent_id)
        if not (had_app or had_passkey or had_link):
            raise NotFound("no-second-factor", "This agent has no second factor.")
        await forget_halves_of(work, agent_id)
        work.announce(SecondFactorReset(actor_id=id_of(actor), agent_id=agent_id, agent=target.display_name))
        await revoke_all(work, agent_id)
    await announce_presence_changes(database)


async def reset_second_factor_of(database: Database, email: str) -> None:
    """The same for the operator at the command line."""
    async with database.reading() as reading:
        account = await queries.account(reading, account_name(email))
    if account is None:
        raise NotFound("no-such-agent", f"There is no agent with the address {email}.")
    await reset_second_factor(database, SystemActor(), account.id)


async def begin_enrolment(work: Work, agent_id: UUID, email: str) -> Enrolment:
    """A fresh secret, which counts for nothing yet. One that was shown before and never confirmed is forgotten."""
    secret = totp.new_secret()
    begun = await work.value(
        """
        INSERT INTO second_factor (agent_id, secret) VALUES ($1, $2)
        ON CONFLICT (agent_id) DO UPDATE SET secret = excluded.secret, last_step = 0, created_at = now()
        WHERE second_factor.confirmed_at IS NULL RETURNING true
        """,
        agent_id,
        secret,
    )
    if not begun:
        raise Conflict(
            "second-factor-exists", "There is a second factor already. Turn it off before setting up another."
        )
    address = totp.address(secret, email, (await workspace(work)).name)
    return Enrolment(secret=secret, address=address, picture=totp.picture(address))


async def finish_enrolment(work: Work, agent_id: UUID, code: str) -> RecoveryCodes:
    """The app has proven that it knows the secret. Raises `Forbidden` for a wrong code."""
    held = await queries.held(work, agent_id)
    if held is None or held.confirmed:
        raise _none()
    step = totp.step_of(held.secret, totp.typed(code), time.time())
    if step is None:
        raise _wrong_code()
    await work.run("UPDATE second_factor SET confirmed_at = now(), last_step = $2 WHERE agent_id = $1", agent_id, step)
    work.announce(SecondFactorSetUp(actor_id=agent_id))
    return await give_recovery_codes(work, agent_id)


async def use_code(work: Work, agent_id: UUID, code: str) -> None:
    """Take a code of the app, or a recovery code, which are accepted once. Raises `Forbidden` for any other.

    The caller has counted the try, and holds the agent.
    """
    ways = await queries.second_ways(work, agent_id)
    if not (ways.app or ways.passkey):
        raise _none()
    code = totp.typed(code)
    if not totp.is_of_app(code):
        used = await work.run(
            "DELETE FROM recovery_code WHERE agent_id = $1 AND code_sha256 = $2", agent_id, digest(code)
        )
        if not used:
            raise _wrong_code()
        work.announce(RecoveryCodeUsed(actor_id=agent_id))
        return
    held = await queries.held(work, agent_id)
    if held is None or not held.confirmed:
        raise _wrong_code()
    step = totp.step_of(held.secret, code, time.time())
    if step is None:
        raise _wrong_code()
    if step <= held.last_step:
        raise Forbidden("code-used", "This code was used already. Wait for the next one that the app shows.")
    await work.run("UPDATE second_factor SET last_step = $2 WHERE agent_id = $1", agent_id, step)


def code_tries(config: Config, agent_id: UUID) -> list[Budget]:
    """What guessing codes costs somebody who is signed in."""
    return [Budget("second-factor", str(agent_id), "", config.login_tries_per_account, WINDOW_SECONDS)]


async def give_recovery_codes(work: Work, agent_id: UUID) -> RecoveryCodes:
    """Fresh recovery codes. Any that the agent had stop working."""
    codes = totp.new_recovery_codes()
    await work.run("DELETE FROM recovery_code WHERE agent_id = $1", agent_id)
    await work.run(
        "INSERT INTO recovery_code (agent_id, code_sha256) SELECT $1, unnest($2::bytea[])",
        agent_id,
        [digest(totp.typed(code)) for code in codes],
    )
    return RecoveryCodes(codes=codes)


async def forget_codes_without_factor(work: Work, agent_id: UUID) -> bool:
    """Recovery codes stand in for something: they go with the last of it. Returns whether nothing is left."""
    ways = await queries.second_ways(work, agent_id)
    if ways.app or ways.passkey:
        return False
    await work.run("DELETE FROM recovery_code WHERE agent_id = $1", agent_id)
    return True


async def _remove_app(work: Work, agent_id: UUID) -> bool:
    return bool(await work.run("DELETE FROM second_factor WHERE agent_id = $1", agent_id))


def _none() -> NotFound:
    return NotFound("no-second-factor", "There is no second factor to deal with. Load the page anew.")


def _wrong_code() -> Forbidden:
    return Forbidden("wrong-code", "This code is wrong. Enter the one that the app shows now, or a recovery code.")
