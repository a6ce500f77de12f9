"""Signing in as whom the company's provider vouches for."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.agents import logic, queries
from alongside.domains.agents.actions.accounts import Newcomer, add_agent
from alongside.domains.agents.actions.half_sign_ins import HalfSignIn, admit
from alongside.domains.agents.actions.sessions import Caller, NewSession, begin_session
from alongside.domains.agents.events import ProviderLinked
from alongside.domains.agents.provider_claims import Person, is_allowed
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Forbidden

# OpenID Connect Core 1.0, 2.
SUBJECT_CHARS = 255


async def sign_in_by_provider(
    database: Database, config: Config, person: Person, caller: Caller
) -> NewSession | HalfSignIn:
    """A session for the agent whom the provider knows as this subject; at first, whose e-mail address it is.

    Raises `Forbidden` for an address that is not verified or of another domain, for who has no account here where
    newcomers get none, and for a deactivated account.
    """
    if not 1 <= len(person.subject) <= SUBJECT_CHARS or "\x00" in person.subject:
        raise Forbidden("provider-refused", "The company's sign-in gave an answer that does not hold. Try again.")
    if not person.email_verified or not person.email:
        raise Forbidden("provider-email", "The company's sign-in does not vouch for your e-mail address.")
    if not is_allowed(person.email, config.oidc_domains):
        raise Forbidden("provider-domain", "People with this e-mail address are not let in here.")
    async with database.work() as work:
        agent_id = await _agent_of(work, config, person)
        account = await queries.account_of(work, agent_id)
        if account is None or not account.active:
            raise Forbidden("account-deactivated", "This account was deactivated. Ask an admin to let you back in.")
        if config.oidc_second_factor:
            return await begin_session(work, agent_id, caller, config.session_days)
        return await admit(work, agent_id, caller, config.session_days)


async def _agent_of(work: Work, config: Config, person: Person) -> UUID:
    known = await queries.agent_of_subject(work, config.oidc_issuer, person.subject)
    if known:
        return known
    account = await queries.account(work, logic.normal_email(person.email))
    agent_id = account.id if account else await _newcomer(work, config, person)
    linked = await work.run(
        """
        INSERT INTO provider_identity (issuer, subject, agent_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
        """,
        config.oidc_issuer,
        person.subject,
        agent_id,
    )
    if not linked and await queries.agent_of_subject(work, config.oidc_issuer, person.subject) != agent_id:
        # An address that the provider gave to somebody else since must not open the account of who had it before.
        raise Forbidden("provider-other", "This account belongs to another account of the company's sign-in.")
    if linked:
        work.announce(ProviderLinked(actor_id=agent_id))
    return agent_id


async def _newcomer(work: Work, config: Config, person: Person) -> UUID:
    role_id = await queries.role_named(work, config.oidc_newcomers_role)
    if role_id is None:
        raise Forbidden("provider-unknown", "You have no account here yet. Ask an admin to invite you.")
    email = logic.normal_email(person.email)
    name = logic.display_name((person.name or email.partition("@")[0])[: logic.NAME_CHARS])
    newcomer = Newcomer(email=email, display_name=name, password_hash=None, role_id=role_id)
    return (await add_agent(work, None, newcomer)).id
