"""API keys over HTTP, for admins; the names of programs for everybody who reads what they wrote."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, post

from alongside.domains.integrations import actions, queries
from alongside.domains.integrations.policy import MANAGE
from alongside.domains.integrations.schemas import ApiKey, ApiKeyMade, Integration, NewApiKey
from alongside.domains.integrations.scopes import SCOPES
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/integrations", opt={"who": who.agent()})
async def list_integrations(database: Database) -> list[Integration]:
    """All programs that ever had a key: history names them."""
    async with database.reading() as reading:
        return await queries.integrations(reading)


@get("/api-keys", opt={"who": who.person(MANAGE)})
async def list_keys(database: Database) -> list[ApiKey]:
    """All keys that were not revoked, by name."""
    async with database.reading() as reading:
        return await queries.keys(reading)


@get("/api-keys/scopes", opt={"who": who.person(MANAGE)}, sync_to_thread=False)
def list_scopes() -> list[str]:
    """Every scope a key can have."""
    return list(SCOPES)


@post("/api-keys", opt={"who": who.person(MANAGE)})
async def make_key(data: NewApiKey, actor: AgentActor, database: Database) -> ApiKeyMade:
    """Make a key. Its secret is told now and never again."""
    async with database.work() as work:
        return await actions.make_key(work, actor, data)


@delete("/api-keys/{key_id:uuid}", status_code=204, opt={"who": who.person(MANAGE)})
async def revoke_key(key_id: UUID, actor: AgentActor, database: Database) -> None:
    """Revoke a key."""
    async with database.work() as work:
        await actions.revoke_key(work, actor, key_id)


ROUTES = [list_integrations, list_keys, list_scopes, make_key, revoke_key]
