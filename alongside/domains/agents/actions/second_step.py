"""The second step of signing in: a code, or setting up what makes codes where the company requires it."""

from __future__ import annotations

from alongside.domains.agents import queries
from alongside.domains.agents.actions.half_sign_ins import complete, whose
from alongside.domains.agents.actions.second_factor import begin_enrolment, finish_enrolment, use_code
from alongside.domains.agents.actions.sessions import Caller, NewSession
from alongside.domains.agents.actions.sign_in import DISTRIBUTED_FACTOR, WINDOW_SECONDS, known_place, note_failure
from alongside.domains.agents.queries.sign_in import Half
from alongside.domains.agents.sign_in_schemas import Enrolment, RecoveryCodes
from alongside.platform import limits
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Forbidden
from alongside.platform.limits import Budget

DAY_SECONDS = 86_400
TOO_MANY = "Too many codes were tried. Wait, then try again."


async def give_code(database: Database, config: Config, token: str | None, code: str, caller: Caller) -> NewSession:
    """The session, for a code of the app or a recovery code.

    Raises `Unauthorized` where the password was shown too long ago, `Forbidden` for a wrong or used code, `TooMany`
    when codes of this account were guessed too often: from here, or lately from everywhere.
    """
    half = await whose(database, token, "code")
    budgets = await _budgets(database, config, half, caller)
    await limits.spend(database, budgets, TOO_MANY)
    try:
        async with database.work() as work:
            await queries.hold(work, [half.agent_id])
            await use_code(work, half.agent_id, code)
            session = await complete(work, token or "", caller, config.session_days)
    except Forbidden:
        await note_failure(database, half.agent_id)
        raise
    await limits.give_back(database, budgets)
    await limits.remember(database, known_place(half.email, limits.address_prefix(caller.address)))
    return session


async def enrol_on_the_way(database: Database, token: str | None) -> Enrolment:
    """What an authenticator app needs, for who may not go on without one."""
    half = await whose(database, token, "enrol")
    async with database.work() as work:
        return await begin_enrolment(work, half.agent_id, half.email)


async def confirm_on_the_way(
    database: Database, config: Config, token: str | None, code: str, caller: Caller
) -> tuple[NewSession, RecoveryCodes]:
    """The second factor stands, and the session begins."""
    half = await whose(database, token, "enrol")
    budgets = await _budgets(database, config, half, caller)
    await limits.spend(database, budgets, TOO_MANY)
    async with database.work() as work:
        await queries.hold(work, [half.agent_id])
        codes = await finish_enrolment(work, half.agent_id, code)
        session = await complete(work, token or "", caller, config.session_days)
    await limits.give_back(database, budgets)
    await limits.remember(database, known_place(half.email, limits.address_prefix(caller.address)))
    return session, codes


async def _budgets(database: Database, config: Config, half: Half, caller: Caller) -> list[Budget]:
    """Six digits are few: besides the tries of a quarter of an hour, those of a day are counted over all places."""
    prefix, name = limits.address_prefix(caller.address), str(half.agent_id)
    tries = config.login_tries_per_account
    budgets = [Budget("second-step", name, prefix, tries, WINDOW_SECONDS)]
    if not await limits.is_remembered(database, known_place(half.email, prefix)):
        budgets.append(Budget("second-step-everywhere", name, "", tries * DISTRIBUTED_FACTOR, DAY_SECONDS))
    return budgets
