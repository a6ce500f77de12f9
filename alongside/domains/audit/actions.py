"""What can be done to the audit log: decide how long it is kept, note that it was exported, forget the old."""

from __future__ import annotations

from alongside.domains.audit import policy
from alongside.domains.audit.events import AuditExported
from alongside.domains.audit.queries import Filters
from alongside.domains.audit.schemas import AuditSettings
from alongside.domains.workspace.events import SettingsChanged
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Forbidden

FORGET = """
DELETE FROM audit_entry WHERE at < now() - make_interval(days => (SELECT keep_days FROM audit_setting))
"""


async def keep_for(work: Work, actor: AgentActor, settings: AuditSettings) -> None:
    """Keep entries for so many days; older ones go with the next sweep."""
    _require(policy.may_manage(actor))
    changed = await work.run("UPDATE audit_setting SET keep_days = $1 WHERE keep_days <> $1", settings.keep_days)
    if changed:
        values = {"keep_days": settings.keep_days}
        work.announce(SettingsChanged(actor_id=actor.id, area="audit", values=values))


async def note_export(work: Work, actor: AgentActor, filters: Filters) -> None:
    """Somebody takes a copy of what these filters leave."""
    _require(policy.may_read(actor))
    given: dict[str, object] = {"since": filters.since, "until": filters.until}
    given |= {"type": filters.type} if filters.type else {}
    given |= {"agent_id": filters.agent_id} if filters.agent_id else {}
    work.announce(AuditExported(actor_id=actor.id, filters=given))


async def forget_old(work: Work) -> int:
    """Delete what is older than it is kept. Returns how many."""
    return await work.run(FORGET)


def _require(allowed: bool) -> None:
    if not allowed:
        raise Forbidden("not-permitted", "Your role does not allow this. Ask an admin for it.")
