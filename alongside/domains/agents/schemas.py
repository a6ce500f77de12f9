"""Shapes of agents, roles, teams and sessions, as agents see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from alongside.domains.workspace.schemas import Locale, Workspace

Area = Literal["chat", "call", "both", "none"]

Sight = Literal["all", "team", "own"]
"""Whose conversations a role sees: everybody's, those of colleagues in the agent's teams, the agent's own."""

# PostgreSQL stores no NUL, and no keyboard types one.
WITHOUT_NUL = r"^[^\x00]*$"

# Outer bounds of what is looked at at all; the verbs clean and judge what lies within.
Email = Annotated[str, Meta(max_length=320, pattern=WITHOUT_NUL)]
Password = Annotated[str, Meta(max_length=1_000, pattern=WITHOUT_NUL)]
Name = Annotated[str, Meta(max_length=400, pattern=WITHOUT_NUL)]
Token = Annotated[str, Meta(max_length=200)]
Tag = Annotated[str, Meta(max_length=100, pattern=WITHOUT_NUL)]
Tags = Annotated[list[Tag], Meta(max_length=50)]
ChatLimit = Annotated[int, Meta(ge=1, le=1_000)]
Description = Annotated[str, Meta(max_length=2_000, pattern=WITHOUT_NUL)]
PermissionName = Annotated[str, Meta(max_length=80)]
PermissionNames = Annotated[list[PermissionName], Meta(max_length=200)]
TeamIds = Annotated[list[UUID], Meta(max_length=100)]


class RoleBrief(msgspec.Struct, frozen=True):
    """A role by name."""

    id: UUID
    name: str


class Role(msgspec.Struct, frozen=True):
    """What agents of a role may do; the permission `*` grants all. `sees`: whose conversations they may see.

    Conversations that nobody has, and those that wait for one of their teams, are seen by all who may see any.
    """

    id: UUID
    name: str
    permissions: list[str]
    sees: Sight


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a role may allow. `about` says in English what; `default`: a new role has it.

    `needs_all`: only for roles that see all conversations, since who has it could give themselves any.
    """

    name: str
    group: str
    about: str
    default: bool = False
    needs_all: bool = False


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An agent. `logged_in`: has the console open; `online`: and pressed Go online. `area`: their work."""

    id: UUID
    email: str
    display_name: str
    picture_url: str | None
    role: RoleBrief
    team_ids: list[UUID]
    area: Area
    chat_limit: int
    tags: list[str]
    description: str
    active: bool
    online: bool
    logged_in: bool
    locale: Locale


class Agent(Person, frozen=True, kw_only=True):
    """An agent. `logged_in`: has the console open; `online`: and pressed Go online. `area`: their work."""


class Me(Person, frozen=True, kw_only=True):
    """The agent who asks. `wants_online` is the state of their Go online button."""

    permissions: list[str]
    sees: Sight
    wants_online: bool


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in. `csrf` goes into `X-CSRF-Token` of every request that changes something."""

    me: Me
    csrf: str
    workspace: Workspace


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in browser of the agent who asks."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    user_agent: str
    current: bool


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """Agents who share work."""

    id: UUID
    name: str
    tags: list[str]
    member_ids: list[UUID]


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request may say; a field that is not listed is refused."""


class Credentials(Body, frozen=True, kw_only=True):
    """Body of a sign-in."""

    email: Email
    password: Password


class EditMe(Body, frozen=True, kw_only=True):
    """What agents change about themselves."""

    display_name: Name | UnsetType = UNSET
    locale: Locale | UnsetType = UNSET


class ChangePassword(Body, frozen=True, kw_only=True):
    """Body of a change of one's own password."""

    current: Password
    new: Password


class GoOnline(Body, frozen=True, kw_only=True):
    """Body of Go online and Go offline."""

    online: bool


class NewAgent(Body, frozen=True, kw_only=True):
    """Body of an agent created with a password."""

    email: Email
    display_name: Name
    password: Password
    role_id: UUID
    locale: Locale | None = None
    area: Area = "chat"
    chat_limit: ChatLimit = 5
    tags: Tags = []
    team_ids: TeamIds = []
    description: Description = ""


class AgentChanges(Body, frozen=True, kw_only=True):
    """What is changed about an agent; fields left out stay as they are."""

    email: Email | UnsetType = UNSET
    display_name: Name | UnsetType = UNSET
    role_id: UUID | UnsetType = UNSET
    locale: Locale | UnsetType = UNSET
    area: Area | UnsetType = UNSET
    chat_limit: ChatLimit | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    team_ids: TeamIds | UnsetType = UNSET
    description: Description | UnsetType = UNSET


class EditAgent(AgentChanges, frozen=True, kw_only=True):
    """What a manager changes about an agent; fields left out stay as they are."""


class SyncAgent(AgentChanges, frozen=True, kw_only=True):
    """What another system says of an agent; fields left out stay as they are.

    A new agent needs `email`, `display_name` and `role_id`. `password` is only for a new one; without it they sign in
    by the identity provider alone.
    """

    active: bool = True
    password: Password | None = None


class AgentSynced(msgspec.Struct, frozen=True, kw_only=True):
    """An agent as it is after being synchronised."""

    external_id: str
    created: bool
    agent: Agent


class ExternalAgent(msgspec.Struct, frozen=True, kw_only=True):
    """What another system calls an agent."""

    external_id: str
    agent_id: UUID
    active: bool


class NewRole(Body, frozen=True, kw_only=True):
    """Body of a new role."""

    name: Name
    permissions: PermissionNames
    sees: Sight = "all"


class EditRole(Body, frozen=True, kw_only=True):
    """A change to a role; fields left out stay as they are."""

    name: Name | UnsetType = UNSET
    permissions: PermissionNames | UnsetType = UNSET
    sees: Sight | UnsetType = UNSET


class NewTeam(Body, frozen=True, kw_only=True):
    """Body of a new team."""

    name: Name
    member_ids: Annotated[list[UUID], Meta(max_length=1_000)] = []
    tags: Tags = []


class EditTeam(Body, frozen=True, kw_only=True):
    """A change to a team; fields left out stay as they are."""

    name: Name | UnsetType = UNSET
    member_ids: Annotated[list[UUID], Meta(max_length=1_000)] | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
