"""Shapes of how people become agents: invited, imported, or as the first admin."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.agents.schemas import Area, Body, Email, Name, Password, RoleBrief, Token
from alongside.domains.workspace.schemas import Locale


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that nobody has accepted yet."""

    id: UUID
    email: str
    role: RoleBrief
    invited_by: UUID | None
    created_at: datetime
    expires_at: datetime


class InvitationMade(msgspec.Struct, frozen=True):
    """A new invitation. `link` is shown once: only its hash is stored. `mailed`: a letter with another one goes out."""

    invitation: Invitation
    link: str
    mailed: bool = False


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an invited agent has from the start. Teams that are gone by then are left out."""

    display_name: str = ""
    description: str = ""
    area: Area = "chat"
    chat_limit: int = 5
    tags: list[str] = []
    team_ids: list[UUID] = []
    locale: Locale | None = None


class Invited(msgspec.Struct, frozen=True):
    """What the holder of an invitation's link may know before accepting. `display_name` is a proposal, or empty."""

    email: str
    workspace_name: str
    display_name: str


class SetupState(msgspec.Struct, frozen=True):
    """Whether the first admin is still missing."""

    needed: bool


class NewInvitation(Body, frozen=True, kw_only=True):
    """Body of an invitation."""

    email: Email
    role_id: UUID


class InvitationToken(Body, frozen=True, kw_only=True):
    """The secret of an invitation's link."""

    token: Token


class AcceptInvitation(Body, frozen=True, kw_only=True):
    """How the invited person becomes an agent."""

    token: Token
    display_name: Name
    password: Password


class SetUp(Body, frozen=True, kw_only=True):
    """How the first admin is made, with the one-time link of the first start."""

    token: Token
    workspace_name: Name
    email: Email
    display_name: Name
    password: Password


class ImportAgents(Body, frozen=True, kw_only=True):
    """A CSV file of people to invite, as text. `role_id` is for lines that name no role."""

    csv: Annotated[str, Meta(max_length=900_000)]
    role_id: UUID | None = None


class ImportProblem(msgspec.Struct, frozen=True):
    """Why a line cannot be imported. `column` is the header's name for it, or None for the whole line."""

    column: str | None
    code: str
    message: str


class ImportLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the file as it was understood; `line` counts from 1, the header included."""

    line: int
    email: str
    display_name: str
    role_name: str
    team_names: list[str]
    problems: list[ImportProblem]


class ImportPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would do. Nothing is imported while any line has a problem."""

    lines: list[ImportLine]
    ignored_columns: list[str]
    problems: int


class Imported(msgspec.Struct, frozen=True):
    """The invitations of an import. Their links are told once."""

    invitations: list[InvitationMade]
