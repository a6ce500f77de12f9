"""What happens to rules. Agents who manage them may know it; visitors nothing of it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from alongside.domains.rules.schemas import RuleKind
from alongside.platform.deeds import Deed
from alongside.platform.events import Fact


class RulesChanged(Fact, frozen=True, kw_only=True):
    """A rule of this kind was made, changed, moved, switched or deleted: read them again."""

    kind: RuleKind


class RuleWritten(Deed, frozen=True, kw_only=True):
    """Somebody made or changed a rule; `state` is how it stands now."""

    deed: ClassVar[str] = "RULE_WRITTEN"

    rule_id: UUID
    rule: str
    kind: str
    state: str


class RuleDeleted(Deed, frozen=True, kw_only=True):
    """Somebody deleted a rule."""

    deed: ClassVar[str] = "RULE_DELETED"

    rule_id: UUID
    rule: str
    kind: str


class RulesOrdered(Deed, frozen=True, kw_only=True):
    """Somebody put the rules of a kind into another order."""

    deed: ClassVar[str] = "RULES_ORDERED"

    kind: str


class RulesTaken(Deed, frozen=True, kw_only=True):
    """Somebody brought rules in from a file, as drafts."""

    deed: ClassVar[str] = "RULES_IMPORTED"

    kind: str
    added: int
