"""At least one agent is online."""

from __future__ import annotations

from alongside.domains.conditions.language import Condition, agent_states
from alongside.domains.conditions.schemas import Facts


class AgentOnlineCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="agent_online"):
    """At least one agent is online."""

    closed = True

    def holds(self, facts: Facts) -> bool | None:
        return None if facts.agents is None else facts.agents.online > 0

    def subject(self) -> str:
        return "agents"

    def samples(self) -> list[Facts]:
        return agent_states()
