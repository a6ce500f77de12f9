"""What the company asks of everybody who signs in, and holding a chosen password to it."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from alongside.domains.agents import password_rules, policy, queries
from alongside.domains.agents.sign_in_schemas import EditSignInRules, SignInRules
from alongside.domains.workspace.events import SettingsChanged
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Work
from alongside.platform.errors import Forbidden


async def edit_sign_in_rules(work: Work, actor: AgentActor, change: EditSignInRules) -> SignInRules:
    """Ask for longer passwords, or for a second factor of everybody. Who is signed in stays so."""
    if not policy.may_manage_sign_in(actor):
        raise Forbidden("not-permitted", "Your role does not allow this. Ask an admin for it.")
    before = await queries.sign_in_rules(work)
    if change.password_chars is not UNSET:
        await work.run("UPDATE sign_in_rule SET password_chars = $1", change.password_chars)
    if change.second_factor_required is not UNSET:
        await work.run("UPDATE sign_in_rule SET second_factor_required = $1", change.second_factor_required)
    after = await queries.sign_in_rules(work)
    was, now = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    values = {name: value for name, value in now.items() if value != was[name]}
    if values:
        work.announce(SettingsChanged(actor_id=actor.id, area="security", values=values))
    return after


async def judge_password(database: Database, password: str, email: str, display_name: str) -> None:
    """Raises `Invalid` with what to do for a password that this person may not choose: the one place for it."""
    async with database.reading() as reading:
        rules = await queries.sign_in_rules(reading)
    password_rules.check(password, rules.password_chars, email, display_name)
