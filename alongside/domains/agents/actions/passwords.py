"""Changing passwords. Every change ends the sessions that the old password began."""

from __future__ import annotations

from alongside.domains.agents import queries
from alongside.domains.agents.actions.sessions import revoke_all, revoke_others
from alongside.domains.agents.events import PasswordChanged, PasswordReset
from alongside.domains.agents.logic import account_name, check_password, normal_email
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
    tries = [Budget("change-password", str(actor.id), "", config.login_tries_per_account, WINDOW_SECONDS)]
    await limits.spend(database, tries, "Too many tries. Wait a few minutes, then try again.")
    async with database.reading() as reading:
        account = await queries.account_of(reading, actor.id)
    stored = account.password_hash if account else None
    if account is None or not await passwords.verify(stored, change.current):
        raise Forbidden("wrong-password", "The current password is wrong.")
    await limits.give_back(database, tries)
    check_password(change.new, account.email)
    fresh = await passwords.hash_password(change.new)
    async with database.work() as work:
        changed = await work.run(
            "UPDATE agent SET password_hash = $2 WHERE id = $1 AND password_hash = $3",
            actor.id,
            fresh,
            stored,
        )
        if not changed:
            raise Conflict("password-changed", "The password was changed elsewhere at the same moment. Try again.")
        work.announce(PasswordChanged(actor_id=actor.id))
        await revoke_others(work, actor)


async def reset_password(database: Database, email: str, password: str) -> None:
    """Give an agent a new password without knowing the old one: for the operator at the command line.

    Ends all their sessions. Raises `NotFound` for an unknown address, `Invalid` for a weak password.
    """
    check_password(password, normal_email(email))
    fresh = await passwords.hash_password(password)
    async with database.work() as work:
        account = await queries.account(work, account_name(email))
        if account is None:
            raise NotFound("no-such-agent", f"There is no agent with the address {email}.")
        await work.run("UPDATE agent SET password_hash = $2 WHERE id = $1", account.id, fresh)
        work.announce(
            PasswordReset(actor_id=None, agent_id=account.id, agent=(await queries.names(work, [account.id]))[0])
        )
        await revoke_all(work, account.id)
