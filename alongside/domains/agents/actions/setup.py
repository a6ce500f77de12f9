"""The first start: whoever holds the one-time link makes the first admin."""

from __future__ import annotations

from alongside.domains.agents import logic, queries
from alongside.domains.agents.actions.accounts import Newcomer, add_agent
from alongside.domains.agents.actions.sessions import Caller, NewSession, begin_session
from alongside.domains.agents.actions.sign_in_rules import judge_password
from alongside.domains.agents.joining_schemas import SetUp
from alongside.domains.workspace.actions import expect_setup, rename
from alongside.domains.workspace.queries import setup_token_digest
from alongside.kit.ids import digest, new_secret
from alongside.platform import limits
from alongside.platform.auth import passwords, tokens
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, NotFound
from alongside.platform.limits import Budget

TRIES_PER_ADDRESS = 20
WINDOW_SECONDS = 15 * 60


async def prepare_setup(database: Database) -> str | None:
    """A new one-time token for `/console/setup#token=...`, or None where agents exist already.

    A token given out before stops working.
    """
    async with database.work() as work:
        await setup_token_digest(work)
        if await queries.any_agent(work):
            await expect_setup(work, None)
            return None
        token = new_secret()
        await expect_setup(work, digest(token))
        return token


async def set_up(database: Database, config: Config, body: SetUp, caller: Caller) -> NewSession:
    """Name the company, make its first admin, and sign them in.

    Raises `NotFound` for a wrong token, `Conflict` when somebody was faster.
    """
    tries = [Budget("setup", "", limits.address_prefix(caller.address), TRIES_PER_ADDRESS, WINDOW_SECONDS)]
    await limits.spend(database, tries, "Too many tries. Wait a few minutes, then try again.")
    async with database.work() as work:
        await _check(work, body.token)
    await limits.give_back(database, tries)
    email = logic.normal_email(body.email)
    name = logic.display_name(body.display_name)
    await judge_password(database, body.password, email, name)
    password_hash = await passwords.hash_password(body.password)
    async with database.work() as work:
        await _check(work, body.token)
        await expect_setup(work, None)
        await rename(work, body.workspace_name)
        admin = await queries.admin_roles(work)
        agent = await add_agent(
            work, None, Newcomer(email=email, display_name=name, password_hash=password_hash, role_id=admin[0])
        )
        return await begin_session(work, agent.id, caller, config.session_days)


async def _check(work: Work, token: str) -> None:
    expected = await setup_token_digest(work)
    if await queries.any_agent(work):
        raise Conflict("already-set-up", "Alongside has been set up already. Sign in, or ask an admin to invite you.")
    if expected is None or not tokens.same(digest(token).hex(), expected.hex()):
        raise NotFound(
            "wrong-setup-link",
            "This set-up link does not work (any more). Use the newest one that the server has printed.",
        )
