"""What can be done to the workspace."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.workspace.events import SettingsChanged
from alongside.kit.text import clean_line
from alongside.platform.db import Work
from alongside.platform.errors import Invalid

NAME_CHARS = 120


async def rename(work: Work, name: str, *, by: UUID | None = None) -> None:
    """Give the company another name, at most 120 characters. `by` an agent, or None."""
    name = clean_line(name, NAME_CHARS)
    if not name:
        raise Invalid("workspace-name-empty", "Enter the name of your company.")
    await work.run("UPDATE workspace SET name = $1", name)
    work.announce(SettingsChanged(actor_id=by, area="workspace", values={"name": name}))


async def set_time_zone(work: Work, zone: str, *, by: UUID | None = None) -> None:
    """Have reports count days in this zone, an IANA name. The caller has made sure that it exists."""
    if await work.run("UPDATE workspace SET time_zone = $1 WHERE time_zone <> $1", zone):
        work.announce(SettingsChanged(actor_id=by, area="workspace", values={"time_zone": zone}))


async def set_edit_minutes(work: Work, minutes: int, *, by: UUID | None = None) -> None:
    """Let people edit and delete what they wrote for so long, whenever they wrote it; 0 is never."""
    if await work.run("UPDATE workspace SET edit_minutes = $1 WHERE edit_minutes <> $1", minutes):
        work.announce(SettingsChanged(actor_id=by, area="workspace", values={"edit_minutes": minutes}))


async def expect_setup(work: Work, token_digest: bytes | None) -> None:
    """Let the holder of this token, and nobody else, create the first admin; None closes that door."""
    await work.run("UPDATE workspace SET setup_token_sha256 = $1", token_digest)
