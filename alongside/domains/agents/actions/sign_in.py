"""Signing in: what is counted, checked and begun."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.agents import queries
from alongside.domains.agents.actions.half_sign_ins import HalfSignIn, admit
from alongside.domains.agents.actions.sessions import Caller, NewSession
from alongside.domains.agents.events import SignInFailed
from alongside.domains.agents.logic import account_name
from alongside.domains.agents.schemas import Credentials
from alongside.platform import limits
from alongside.platform.auth import passwords
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Forbidden, Unauthorized
from alongside.platform.limits import Budget

WINDOW_SECONDS = 15 * 60
KNOWN_SECONDS = 30 * 86_400

# Guesses at one account from everywhere at once; places where its owner signed in before are not held back.
DISTRIBUTED_FACTOR = 10

UNCHANGED = "UPDATE agent SET password_hash = $3 WHERE id = $1 AND active AND password_hash = $2 RETURNING true"

TOO_MANY = "Too many tries to sign in. Wait a few minutes, then try again."


async def sign_in(
    database: Database, config: Config, credentials: Credentials, caller: Caller
) -> NewSession | HalfSignIn:
    """Begin a session for who knows the password; half of one where a second factor is asked.

    Raises `Unauthorized` alike for an unknown account and a wrong password, after the same work; `Forbidden` for a
    deactivated account, to who knows its password; `TooMany` when guesses, at this account or at all, came too often
    from the caller's address.
    """
    name = account_name(credentials.email)
    prefix = limits.address_prefix(caller.address)
    budgets = await _budgets(database, config, name, prefix)
    await limits.spend(database, budgets, TOO_MANY)
    async with database.reading() as reading:
        account = await queries.account(reading, name)
    stored = account.password_hash if account else None
    if not await passwords.verify(stored, credentials.password) or account is None or stored is None:
        await note_failure(database, account.id if account else None)
        raise _wrong()
    if not account.active:
        raise Forbidden("account-deactivated", "This account was deactivated. Ask an admin to let you back in.")
    await limits.give_back(database, budgets)
    rehashed = await passwords.hash_password(credentials.password) if passwords.is_outdated(stored) else None
    async with database.work() as work:
        if not await work.value(UNCHANGED, account.id, stored, rehashed or stored):
            raise _wrong()  # deactivated, or the password changed, while we were hashing
        admitted = await admit(work, account.id, caller, config.session_days)
    if isinstance(admitted, NewSession):
        # Who knows the password alone does not make a place known: there guesses at codes would be held back less.
        await limits.remember(database, known_place(name, prefix))
    return admitted


async def note_failure(database: Database, agent_id: UUID | None) -> None:
    """For the audit log, alike for an unknown address: how long it takes must not tell which there are."""
    async with database.work() as work:
        names = await queries.names(work, [agent_id] if agent_id else [])
        work.announce(SignInFailed(actor_id=None, agent_id=agent_id, agent=names[0] if names else None))


def _wrong() -> Unauthorized:
    return Unauthorized("wrong-credentials", "E-mail address or password is wrong. Check both and try again.")


async def _budgets(database: Database, config: Config, name: str, prefix: str) -> list[Budget]:
    budgets = [
        Budget("login-account", name, prefix, config.login_tries_per_account, WINDOW_SECONDS),
        Budget("login-address", "", prefix, config.login_tries_per_address, WINDOW_SECONDS),
    ]
    if not await limits.is_remembered(database, known_place(name, prefix)):
        most = config.login_tries_per_account * DISTRIBUTED_FACTOR
        budgets.append(Budget("login-everywhere", name, "", most, WINDOW_SECONDS))
    return budgets


def known_place(name: str, prefix: str) -> Budget:
    """Where the owner of an account has signed in during the last month."""
    return Budget("known-place", name, prefix, 0, KNOWN_SECONDS)
