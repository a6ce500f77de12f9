"""Everything that is asked of the workspace."""

from __future__ import annotations

from alongside.domains.workspace.schemas import Workspace
from alongside.platform.db import Reading

WORKSPACE = "SELECT name, epoch::text, default_locale, time_zone FROM workspace"

SETUP_TOKEN = "SELECT setup_token_sha256 FROM workspace FOR UPDATE"  # noqa: S105 - the name of a column

LINK_KEY = "SELECT link_key FROM workspace"


async def workspace(reading: Reading) -> Workspace:
    """The company."""
    row = await reading.row(WORKSPACE)
    if row is None:
        raise LookupError("the workspace's row is missing: the migrations have not run")
    return Workspace(**dict(row))


async def setup_token_digest(reading: Reading) -> bytes | None:
    """The hash of the one-time set-up token, with the row locked: whoever asks next waits for our answer."""
    found: bytes | None = await reading.value(SETUP_TOKEN)
    return found


async def link_key(reading: Reading) -> str:
    """What signs short-lived addresses of files."""
    return str(await reading.value(LINK_KEY))
