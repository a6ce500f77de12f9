"""Importing people from a CSV file: each becomes an invitation with a link, so that no password stands in a file.

First a preview that says of every line what is wrong with it; then all lines are imported, or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from alongside.domains.agents import policy, queries, sheet
from alongside.domains.agents.actions.accounts import hold, require
from alongside.domains.agents.actions.invitations import Invitee, write_invitation
from alongside.domains.agents.events import AgentsImported
from alongside.domains.agents.joining_schemas import (
    ImportAgents,
    Imported,
    ImportLine,
    ImportPreview,
    ImportProblem,
    Profile,
)
from alongside.domains.agents.schemas import Role
from alongside.domains.agents.sheet import Person
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Reading
from alongside.platform.errors import Invalid, NotFound


class Known(msgspec.Struct, frozen=True):
    """What the lines of a file are held against. Names are in lower case."""

    roles: Mapping[str, Role]
    teams: Mapping[str, UUID]
    taken: frozenset[str]
    default_role: Role | None


async def preview_import(database: Database, actor: AgentActor, body: ImportAgents) -> ImportPreview:
    """What an import of this file would do, and what keeps it from being done. Raises `Invalid` for no such file."""
    require(policy.may_manage_agents(actor))
    people, ignored = sheet.people(body.csv)
    async with database.snapshot() as reading:
        known = await _known(reading, body, people)
    lines = [_line(actor, known, person) for person in people]
    return ImportPreview(lines=lines, ignored_columns=ignored, problems=sum(bool(line.problems) for line in lines))


async def import_agents(database: Database, config: Config, actor: AgentActor, body: ImportAgents) -> Imported:
    """Invite everybody in the file, or nobody. Raises `Invalid` where any line has a problem."""
    require(policy.may_manage_agents(actor))
    people, _ = sheet.people(body.csv)
    async with database.work() as work:
        await hold(work, actor)
        known = await _known(work, body, people)
        wrong = [line for line in (_line(actor, known, person) for person in people) if line.problems]
        if wrong:
            raise Invalid(
                "import-has-problems",
                f"{len(wrong)} line(s) cannot be imported, the first is line {wrong[0].line}: "
                f"{wrong[0].problems[0].message} Nothing was imported.",
                lines=len(wrong),
            )
        # In one order, whatever the file's: two imports at once wait for each other in a line, not in a circle.
        invitees = sorted((_invitee(known, person) for person in people), key=lambda invitee: invitee.email)
        made = [await write_invitation(work, config, actor, invitee) for invitee in invitees]
        work.announce(AgentsImported(actor_id=actor.id, invitations=len(made)))
    return Imported(made)


async def _known(reading: Reading, body: ImportAgents, people: list[Person]) -> Known:
    roles = await queries.roles(reading)
    default = next((role for role in roles if role.id == body.role_id), None)
    if body.role_id and default is None:
        raise NotFound("no-such-role", "This role does not exist (any more).")
    return Known(
        roles={role.name.lower(): role for role in roles},
        teams={team.name.lower(): team.id for team in await queries.teams(reading)},
        taken=frozenset(await queries.taken_emails(reading, [person.email for person in people])),
        default_role=default,
    )


def _role_of(known: Known, person: Person) -> Role | None:
    return known.roles.get(person.role.lower()) if person.role else known.default_role


def _line(actor: AgentActor, known: Known, person: Person) -> ImportLine:
    role = _role_of(known, person)
    problems = list(person.problems)
    if person.email in known.taken:
        problems.append(
            ImportProblem("email", "email-taken", "There is already an agent with this address, perhaps deactivated.")
        )
    if role is None:
        message = f"There is no role {person.role!r}." if person.role else "This line names no role."
        problems.append(ImportProblem("role", "no-such-role", message))
    elif not policy.covers(actor, role.permissions):
        message = f"The role {role.name!r} may do more than yours; you cannot give it."
        problems.append(ImportProblem("role", "not-permitted", message))
    for team in person.teams:
        if team.lower() not in known.teams:
            problems.append(ImportProblem("teams", "no-such-team", f"There is no team {team!r}."))
    return ImportLine(
        line=person.line,
        email=person.email,
        display_name=person.display_name,
        role_name=role.name if role else person.role,
        team_names=person.teams,
        problems=problems,
    )


def _invitee(known: Known, person: Person) -> Invitee:
    role = _role_of(known, person)
    assert role is not None
    profile = Profile(
        display_name=person.display_name,
        description=person.description,
        area=person.area,
        chat_limit=person.chat_limit,
        tags=person.tags,
        team_ids=[known.teams[team.lower()] for team in person.teams],
        locale=person.locale,
    )
    return Invitee(person.email, role.id, profile)
