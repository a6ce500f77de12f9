"""A value of Additional information."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal
from uuid import UUID

from alongside.domains.conditions.language import Condition, Flaw, compare_texts, flaws_of_text, number_of
from alongside.domains.conditions.schemas import Facts, FieldFact, Value


class FieldCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="field"):
    """A field of the customer is filled in ("known"), or its value is as wanted.

    Of several choices one has to be. "at_least" and "at_most" compare numbers as numbers, all else (dates) as text.
    """

    field_id: UUID
    compare: Literal["known", "equals", "contains", "starts_with", "pattern", "at_least", "at_most"] = "known"
    value: Value = ""

    def holds(self, facts: Facts) -> bool | None:
        if facts.fields is None:
            return None
        found = facts.fields.get(str(self.field_id))
        if found is None:
            return False
        return any(self._is_as_wanted(each) for each in _texts(found)) or self.compare == "known"

    def flaws(self) -> list[Flaw]:
        return [] if self.compare == "known" else flaws_of_text(self.compare, self.value)

    def subject(self) -> str:
        return f"field {self.field_id}"

    def samples(self) -> list[Facts]:
        return [Facts(fields={str(self.field_id): self.value}), Facts(fields={})]

    @property
    def pins(self) -> bool:
        return self.compare == "equals"

    def _is_as_wanted(self, found: str) -> bool:
        match self.compare:
            case "known":
                return True
            case "at_least":
                return _reaches(found, self.value)
            case "at_most":
                return _reaches(self.value, found)
            case compare:
                return bool(compare_texts(compare, self.value, found))


def _reaches(found: str, wanted: str) -> bool:
    number, least = number_of(found), number_of(wanted)
    return found >= wanted if number is None or least is None else number >= least


def _texts(found: FieldFact) -> list[str]:
    if isinstance(found, list):
        return found
    if isinstance(found, bool):
        return ["true" if found else "false"]
    if isinstance(found, float):
        return [_digits(found)]
    return [found]


def _digits(number: float) -> str:
    """A number as its digits, never with an exponent."""
    return str(int(number)) if number.is_integer() else f"{Decimal(str(number)):f}"
