"""Changing passwords. Every change ends the sessions that the old password began."""

from __future__ import annotations

from alongside.domains.agents import queries
from alongside.domains.agents.actions.half_sign_ins import forget_halves_of
from alongside.domains.agents.actions.sessions import revoke_all, revoke_others
from alongside.domains.agents.actions.sign_in_rules import judge_password
from alongside.domains.agents.events import PasswordChanged, PasswordReset
from alongside.domains.agents.logic import account_name
from alongside.domains.agents.queries import Account
from alongside.domains.agents.schemas import ChangePassword
from alongside.platform import limits
from alongside.platform.auth import passwords
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Conflict, Forbidden, NotFound
from alongside.platform.limits import Budget

WINDOW_SECONDS = 15 * 60


async def change_password(database: Database, config: Config, actor: AgentActor, change: ChangePassword) -> None:
    """Give oneself a new password, knowing the current one. Ends all one's other sessions.

    Raises `Forbidden` when the current one is wrong (tries are counted), `Invalid` for a weak new one.
    """
    account = await prove_password(database, config, actor, change.current)
    await judge_password(database, change.new, account.email, account.display_name)
    fresh = await passwords.hash_password(change.new)
    async with database.work() as work:
        changed = await work.run(
            "UPDATE agent SET password_hash = $2 WHERE id = $1 AND password_hash = $3",
            actor.id,
            fresh,
            account.password_hash,
        )
        if not changed:
            raise Conflict("password-changed", "The password was changed elsewhere at the same moment. Try again.")
        work.announce(PasswordChanged(actor_id=actor.id))
        await forget_halves_of(work, actor.id)
        await revoke_others(work, actor)


async def prove_password(database: Database, config: Config, actor: AgentActor, password: str) -> Account:
    """The account of who is signed in and knows its password. Raises `Forbidden`; tries are counted."""
    tries = [Budget("change-password", str(actor.id), "", config.login_tries_per_account, WINDOW_SECONDS)]
    await limits.spend(database, tries, "Too many tries. Wait a few minutes, then try again.")
    async with database.reading() as reading:
        account = await queries.account_of(reading, actor.id)
    if account is None or not await passwords.verify(account.password_hash, password):
        raise Forbidden("wrong-password", "The current password is wrong.")
    await limits.give_back(database, tries)
    return account


async def reset_password(database: Database, email: str, password: str) -> None:
    """Give an agent a new password without knowing the old one: for the operator at the command line.

    Ends all their sessions. Raises `NotFound` for an unknown address, `Invalid` for a weak password.
    """
    async with database.reading() as reading:
        account = await queries.account(reading, account_name(email))
    if account is None:
        raise NotFound("no-such-agent", f"There is no agent with the address {email}.")
    await judge_password(database, password, account.email, account.display_name)
    fresh = await passwords.hash_password(password)
    async with database.work() as work:
        await work.run("UPDATE agent SET password_hash = $2 WHERE id = $1", account.id, fresh)
        work.announce(
            PasswordReset(actor_id=None, agent_id=account.id, agent=(await queries.names(work, [account.id]))[0])
        )
        await forget_halves_of(work, account.id)
        await revoke_all(work, account.id)
