"""At least one agent is online and has room for another chat."""

from __future__ import annotations

from alongside.domains.conditions.language import Condition, agent_states
from alongside.domains.conditions.schemas import Facts


class AgentAvailableCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="agent_available"):
    """At least one agent is online and has room for another chat."""

    closed = True

    def holds(self, facts: Facts) -> bool | None:
        return None if facts.agents is None else facts.agents.available > 0

    def subject(self) -> str:
        return "agents"

    def samples(self) -> list[Facts]:
        return agent_states()
