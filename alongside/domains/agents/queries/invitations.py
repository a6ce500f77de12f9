"""What is asked of invitations."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.agents.joining_schemas import Invitation, Invited, Profile
from alongside.domains.agents.schemas import RoleBrief
from alongside.platform.db import Reading, Row

INVITATION_COLUMNS = "i.id, i.email, i.role_id, r.name AS role_name, i.invited_by, i.created_at, i.expires_at"

INVITATIONS = f"""
SELECT {INVITATION_COLUMNS} FROM invitation i JOIN role r ON r.id = i.role_id
WHERE i.accepted_at IS NULL AND i.expires_at > now() ORDER BY i.created_at DESC
"""

INVITATION = f"SELECT {INVITATION_COLUMNS} FROM invitation i JOIN role r ON r.id = i.role_id WHERE i.id = $1"

OPEN_INVITATION = """
SELECT id, email, role_id, profile FROM invitation
WHERE $1 IN (token_sha256, mailed_sha256) AND accepted_at IS NULL AND expires_at > now() FOR UPDATE
"""

ROLE_INVITED_TO = "SELECT role_id FROM invitation WHERE $1 IN (token_sha256, mailed_sha256)"

OPEN_INVITATIONS_OF_ROLE = """
SELECT count(*) FROM invitation WHERE role_id = $1 AND accepted_at IS NULL AND expires_at > now()
"""

INVITED = """
SELECT i.email, w.name AS workspace_name, coalesce(i.profile ->> 'display_name', '') AS display_name
FROM invitation i, workspace w
WHERE $1 IN (i.token_sha256, i.mailed_sha256) AND i.accepted_at IS NULL AND i.expires_at > now()
"""


class OpenInvitation(msgspec.Struct, frozen=True):
    """An invitation that can be accepted, with its row locked."""

    id: UUID
    email: str
    role_id: UUID
    profile: Profile


async def invitations(reading: Reading) -> list[Invitation]:
    """Invitations that can still be accepted, newest first."""
    return [_invitation(row) for row in await reading.rows(INVITATIONS)]


async def invitation(reading: Reading, invitation_id: UUID) -> Invitation | None:
    """One invitation."""
    row = await reading.row(INVITATION, invitation_id)
    return _invitation(row) if row else None


async def open_invitation(reading: Reading, token_sha256: bytes) -> OpenInvitation | None:
    """The invitation of a link, if it can be accepted. Locks its row."""
    row = await reading.row(OPEN_INVITATION, token_sha256)
    if row is None:
        return None
    return OpenInvitation(row["id"], row["email"], row["role_id"], msgspec.convert(row["profile"], Profile))


async def role_invited_to(reading: Reading, token_sha256: bytes) -> UUID | None:
    """The role that a link gives, whether it still works or not."""
    role_id: UUID | None = await reading.value(ROLE_INVITED_TO, token_sha256)
    return role_id


async def open_invitations_of_role(reading: Reading, role_id: UUID) -> int:
    """How many links can still be accepted that give this role."""
    return int(await reading.value(OPEN_INVITATIONS_OF_ROLE, role_id))


async def invited(reading: Reading, token_sha256: bytes) -> Invited | None:
    """What the holder of an invitation's link may know."""
    row = await reading.row(INVITED, token_sha256)
    return Invited(**dict(row)) if row else None


def _invitation(row: Row) -> Invitation:
    fields = dict(row)
    return Invitation(role=RoleBrief(fields.pop("role_id"), fields.pop("role_name")), **fields)
