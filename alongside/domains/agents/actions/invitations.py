"""Invitations: a link by which one person becomes an agent and chooses their own password."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.agents import logic, policy, queries
from alongside.domains.agents.actions.accounts import Newcomer, add_agent, hold, require, require_grantable
from alongside.domains.agents.actions.half_sign_ins import HalfSignIn, admit
from alongside.domains.agents.actions.sessions import Caller, NewSession
from alongside.domains.agents.actions.sign_in_rules import judge_password
from alongside.domains.agents.events import AgentInvited, InvitationWithdrawn
from alongside.domains.agents.joining_schemas import (
    AcceptInvitation,
    Invitation,
    InvitationMade,
    Invited,
    NewInvitation,
    Profile,
)
from alongside.domains.agents.letters import INVITATION, invitation_link
from alongside.domains.agents.queries import OpenInvitation
from alongside.domains.mail import actions as mail
from alongside.kit.ids import digest, new_secret
from alongside.platform import limits
from alongside.platform.auth import passwords
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, NotFound
from alongside.platform.limits import Budget

VALID_DAYS = 7
TRIES_PER_ADDRESS = 50
WINDOW_SECONDS = 15 * 60


class Invitee(msgspec.Struct, frozen=True):
    """Whom a link will let in, as what, and with what from the start."""

    email: str
    role_id: UUID
    profile: Profile = Profile()


async def invite(database: Database, config: Config, actor: AgentActor, new: NewInvitation) -> InvitationMade:
    """Make a link for this address, valid for seven days, and mail another; earlier ones for it stop working."""
    require(policy.may_manage_agents(actor))
    email = logic.normal_email(new.email)
    async with database.work() as work:
        await hold(work, actor)
        await require_grantable(work, actor, new.role_id)
        if await queries.account(work, email):
            raise Conflict(
                "email-taken",
                "There is already an agent with this e-mail address, perhaps a deactivated one.",
            )
        return await write_invitation(work, config, actor, Invitee(email, new.role_id))


async def write_invitation(work: Work, config: Config, actor: AgentActor, invitee: Invitee) -> InvitationMade:
    """Make the link, and mail another. The caller has judged who may invite whom."""
    token = new_secret()
    invitation_id: UUID = await work.value(
        """
        INSERT INTO invitation (token_sha256, email, role_id, invited_by, profile, expires_at)
        VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6))
        ON CONFLICT ((lower(email))) WHERE accepted_at IS NULL DO UPDATE SET
            token_sha256 = excluded.token_sha256, role_id = excluded.role_id, profile = excluded.profile,
            invited_by = excluded.invited_by, created_at = now(), expires_at = excluded.expires_at,
            mailed_sha256 = NULL
        RETURNING id
        """,
        digest(token),
        invitee.email,
        invitee.role_id,
        actor.id,
        invitee.profile,
        VALID_DAYS,
    )
    await work.run("DELETE FROM mail WHERE invitation_id = $1 AND state = 'waiting'", invitation_id)
    await mail.post(work, mail.Post(kind=INVITATION, address=invitee.email, invitation_id=invitation_id))
    invitation = await _invitation(work, invitation_id)
    work.announce(AgentInvited(actor_id=actor.id, email=invitation.email, role=invitation.role.name))
    return InvitationMade(invitation, invitation_link(config, token), mailed=config.mail_url is not None)


async def withdraw_invitation(work: Work, actor: AgentActor, invitation_id: UUID) -> None:
    """Make a link stop working."""
    require(policy.may_manage_agents(actor))
    await hold(work, actor)
    email: str | None = await work.value(
        "DELETE FROM invitation WHERE id = $1 AND accepted_at IS NULL RETURNING email", invitation_id
    )
    if email is None:
        raise NotFound("no-such-invitation", "This invitation was accepted or withdrawn already.")
    work.announce(InvitationWithdrawn(actor_id=actor.id, email=email))


async def look_up_invitation(database: Database, token: str, caller: Caller) -> Invited:
    """Whom a link invites, and to which company. Raises `NotFound` for a link that does not work."""
    tries = [Budget("invitation", "", limits.address_prefix(caller.address), TRIES_PER_ADDRESS, WINDOW_SECONDS)]
    await limits.spend(database, tries, "Too many tries from your network. Wait a few minutes.")
    async with database.reading() as reading:
        invited = await queries.invited(reading, digest(token))
    if invited is None:
        raise _dead_link()
    await limits.give_back(database, tries)
    return invited


async def accept_invitation(
    database: Database, config: Config, acceptance: AcceptInvitation, caller: Caller
) -> NewSession | HalfSignIn:
    """Become an agent, and be signed in, or led to set up a second factor. One link makes one agent."""
    invited = await look_up_invitation(database, acceptance.token, caller)
    name = logic.display_name(acceptance.display_name)
    await judge_password(database, acceptance.password, invited.email, name)
    password_hash = await passwords.hash_password(acceptance.password)
    async with database.work() as work:
        found = await _locked(work, digest(acceptance.token))
        await work.run("UPDATE invitation SET accepted_at = now() WHERE id = $1", found.id)
        profile = found.profile
        newcomer = Newcomer(
            email=found.email,
            display_name=name,
            password_hash=password_hash,
            role_id=found.role_id,
            locale=profile.locale,
            area=profile.area,
            chat_limit=profile.chat_limit,
            tags=profile.tags,
            team_ids=await queries.existing_teams(work, profile.team_ids),
            description=profile.description,
        )
        agent = await add_agent(work, None, newcomer)
        return await admit(work, agent.id, caller, config.session_days)


async def _locked(work: Work, token_sha256: bytes) -> OpenInvitation:
    """The invitation, locked after its role, as everybody does who changes a role and withdraws invitations."""
    role_id = await queries.role_invited_to(work, token_sha256)
    if role_id is not None:
        await queries.role_held(work, role_id)
    found = await queries.open_invitation(work, token_sha256)
    if found is None or found.role_id != role_id:
        raise _dead_link()
    return found


async def _invitation(work: Work, invitation_id: UUID) -> Invitation:
    invitation = await queries.invitation(work, invitation_id)
    if invitation is None:
        raise LookupError("written in this transaction")
    return invitation


def _dead_link() -> NotFound:
    return NotFound(
        "no-such-invitation",
        "This invitation was used, withdrawn, or is too old. Ask who sent it for a new one.",
    )
