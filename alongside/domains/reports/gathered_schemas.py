"""What was learned about contacts in a period: row by row, and how often."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from alongside.domains.fields.schemas import Content
from alongside.domains.reports.schemas import ReportPeriod


class GatheredRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was learned of a contact in a period: values by the ids of their fields."""

    contact_id: UUID
    customer: str | None
    customer_number: int
    gathered_at: datetime | None
    values: dict[UUID, Content]


class GatheredList(msgspec.Struct, frozen=True):
    """A page of contacts by their numbers. `next_after` is the number to go on behind; None at the end."""

    rows: list[GatheredRow]
    next_after: int | None


class AnswerCount(msgspec.Struct, frozen=True):
    """How often an option was chosen, or "true" or "false" was said."""

    answer: str
    count: int


class NumberFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of numbers. `bars`: how many lie in each of ten parts of one width from the least to the most."""

    least: float
    most: float
    mean: float
    median: float
    bars: list[int]


class FieldFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of a field: of how many contacts it was learned; which answers were given, the most frequent first."""

    field_id: UUID
    known: int
    answers: list[AnswerCount]
    numbers: NumberFigures | None


class GatheredFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What was learned in a period, of the fields that the asker may know, in their order."""

    period: ReportPeriod
    contacts: int
    fields: list[FieldFigures]
