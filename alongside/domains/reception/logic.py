"""What is still to be asked, and whether answers will do. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal
from uuid import UUID

import msgspec

from alongside.domains.channels.around_schemas import AroundChat, Asked
from alongside.domains.fields.logic import clean_value
from alongside.domains.fields.schemas import Content, Field, FieldKind
from alongside.domains.reception.schemas import Before, ConsentAsked, Question
from alongside.kit.text import clean_line
from alongside.platform.errors import Invalid

# Of a contact itself. None of the three is a field's key.
OWN: Mapping[str, FieldKind] = {"name": "text", "email": "email", "phone": "phone"}
NAME_CHARS = 200
NOBODY = UUID(int=0)

Problem = Literal["required", "malformed"]


class Known(msgspec.Struct, frozen=True):
    """What is known of a visitor: whether they wrote before, which questions have an answer, what they agreed to."""

    begun: bool = False
    answered: Collection[str] = ()
    agreed: Collection[int] = ()


def still_asked(around: AroundChat, fields: Iterable[Field], known: Known) -> Before:
    """What to ask now: after the first message nothing but another wording that must be agreed to."""
    needed = around.consent_tick and around.consent_version not in known.agreed
    shown = needed or (bool(around.consent) and not around.consent_tick and not known.begun)
    consent = ConsentAsked(version=around.consent_version, text=around.consent, tick=needed) if shown else None
    askable = {
        f"field:{each.key}": each for each in fields if each.archived_at is None and each.set_by_page == "unsigned"
    }
    questions = [
        _question(each, askable.get(each.what))
        for each in around.asked
        if (each.what in OWN or each.what in askable) and each.what not in known.answered
    ]
    return Before(consent=consent, questions=[] if known.begun else questions)


def missing(before: Before) -> bool:
    """Whether something is missing without which nobody may write."""
    return bool(before.consent and before.consent.tick) or any(each.required for each in before.questions)


def checked(before: Before, values: Mapping[str, Any]) -> tuple[dict[str, Content], dict[str, Problem]]:
    """The answers as they are stored, and what is wrong with the others. Empty ones are left out."""
    taken: dict[str, Content] = {}
    problems: dict[str, Problem] = {}
    for question in before.questions:
        try:
            value = _clean(question, values.get(question.what))
        except Invalid:
            problems[question.what] = "malformed"
            continue
        if value is not None:
            taken[question.what] = value
        elif question.required:
            problems[question.what] = "required"
    return taken, problems


def _clean(question: Question, raw: Any) -> Content | None:
    value = clean_value(_field(question), raw)
    return clean_line(str(value), NAME_CHARS) if question.what == "name" and value is not None else value


def _question(asked: Asked, field: Field | None) -> Question:
    return Question(
        what=asked.what,
        kind=field.kind if field else OWN[asked.what],
        label=asked.label or (field.label if field else {}),
        help=asked.help or (field.help if field else {}),
        options=field.options if field else [],
        required=asked.required,
    )


def _field(question: Question) -> Field:
    return Field(
        id=NOBODY,
        key=question.what,
        kind=question.kind,
        label={},
        help={},
        options=question.options,
        required=False,
        personal=True,
        set_by_page="unsigned",
        role_ids=[],
        archived_at=None,
    )
