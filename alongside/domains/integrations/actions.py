"""What can be done with API keys: make, recognise, revoke."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.agents.events import DirectoryChanged
from alongside.domains.agents.permissions import needing_all
from alongside.domains.agents.policy import covers
from alongside.domains.integrations import logic, policy, queries
from alongside.domains.integrations.events import ApiKeyCreated, ApiKeyRevoked
from alongside.domains.integrations.schemas import ApiKey, ApiKeyMade, NewApiKey
from alongside.domains.integrations.scopes import SCOPES
from alongside.kit.ids import digest
from alongside.platform.auth.actor import READ, AgentActor
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized

# Each program has one: more are a sign that old ones are forgotten.
MOST_KEYS = 100

ACCOUNT = """
INSERT INTO agent (display_name, kind, active, area) VALUES ($1, 'integration', false, 'none') RETURNING id
"""

KEEP = """
INSERT INTO api_key (agent_id, secret_sha256, hint, scopes, created_by, expires_at, only_of)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6), $7) RETURNING id
"""

COLLEAGUE = "SELECT true FROM agent WHERE id = $1 AND kind = 'person' AND active FOR KEY SHARE"

REVOKE = "UPDATE api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL"

NOTE_USE = """
UPDATE api_key SET last_used_at = now()
WHERE id = $1 AND coalesce(last_used_at < now() - interval '1 minute', true)
"""


async def make_key(work: Work, actor: AgentActor, new: NewApiKey) -> ApiKeyMade:
    """Make a key and the account it acts by. Nobody gives a key more than they hold themselves."""
    _require_manage(actor)
    scopes = logic.scopes(new.scopes, SCOPES)
    if not covers(actor, set(scopes) - {READ}):
        raise Forbidden("not-permitted", "A key can hold no more than you may do yourself. Leave out what you may not.")
    if new.only_of:
        await _require_personal(work, new.only_of, scopes)
    # One after the other, so that the limit holds.
    await work.run("LOCK TABLE api_key IN SHARE ROW EXCLUSIVE MODE")
    if await queries.count(work) >= MOST_KEYS:
        raise Conflict("too-many-keys", f"There are at most {MOST_KEYS} keys. Revoke one that is not used.")
    secret = logic.new_key()
    account_id: UUID = await work.value(ACCOUNT, logic.key_name(new.name))
    key_id: UUID = await work.value(
        KEEP, account_id, digest(secret), logic.hint(secret), scopes, actor.id, new.expires_in_days, new.only_of
    )
    key = await _key(work, key_id)
    work.announce(DirectoryChanged())
    work.announce(ApiKeyCreated(actor_id=actor.id, key_id=key_id, name=key.name, permissions=scopes))
    return ApiKeyMade(key, secret)


async def revoke_key(work: Work, actor: AgentActor, key_id: UUID) -> None:
    """From now on nothing is done by this key. What it wrote stays, under its name."""
    _require_manage(actor)
    if not await work.run(REVOKE, key_id):
        raise NotFound("no-such-key", "This key does not exist (any more).")
    key = await _key(work, key_id)
    work.announce(DirectoryChanged())
    work.announce(ApiKeyRevoked(actor_id=actor.id, key_id=key_id, name=key.name))


async def authenticate(database: Database, secret: str) -> AgentActor:
    """Who acts by this key. Raises `Unauthorized` where it was revoked, has expired, or never was."""
    if not logic.looks_like_key(secret):
        raise _not_a_key()
    async with database.reading() as reading:
        found = await queries.by_secret(reading, digest(secret))
    if found is None:
        raise _not_a_key()
    if found.stale:
        async with database.statement() as work:
            await work.run(NOTE_USE, found.actor.session_id)
    return found.actor


async def _require_personal(work: Work, agent_id: UUID, scopes: list[str]) -> None:
    if beyond := needing_all(scopes):
        raise Invalid("scope-needs-all", f"A personal key cannot have the scope {beyond[0]}: it is about everybody's.")
    if not await work.value(COLLEAGUE, agent_id):
        raise NotFound("no-such-agent", "This agent does not exist or was deactivated. Choose another.")


async def _key(work: Work, key_id: UUID) -> ApiKey:
    key = await queries.key(work, key_id)
    if key is None:
        raise LookupError("written in this transaction")
    return key


def _not_a_key() -> Unauthorized:
    return Unauthorized("no-such-key", "This API key does not hold: it was revoked, has expired, or is mistyped.")


def _require_manage(actor: AgentActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow managing API keys. Ask an admin for it.")
