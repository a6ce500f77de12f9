"""The vectors that hold both evaluators together; web/packages/conditions/test/vectors.test.ts reads the same ones."""

from __future__ import annotations

from pathlib import Path

import msgspec

from alongside.domains.conditions import logic
from alongside.domains.conditions.kinds import KINDS
from alongside.domains.conditions.node_schemas import ConditionGroup, ConditionNode
from alongside.domains.conditions.schemas import Facts

VECTORS = Path(__file__).with_name("vectors.json")


class Vector(msgspec.Struct, forbid_unknown_fields=True):
    """A node, what is known, and what the node comes to by it."""

    name: str
    node: ConditionNode
    facts: Facts
    holds: bool | None


def test_every_vector_holds() -> None:
    vectors = msgspec.json.decode(VECTORS.read_bytes(), type=list[Vector])
    wrong = {each.name: logic.evaluate(each.node, each.facts) for each in vectors}
    assert {each.name: wrong[each.name] for each in vectors if wrong[each.name] is not each.holds} == {}
    assert all(logic.explain(each.node, each.facts).holds is each.holds for each in vectors)


def test_every_kind_has_vectors_for_each_answer() -> None:
    told: dict[str, set[bool | None]] = {}
    for each in msgspec.json.decode(VECTORS.read_bytes(), type=list[Vector]):
        if not isinstance(each.node, ConditionGroup):
            told.setdefault(str(type(each.node).__struct_config__.tag), set()).add(each.holds)
    assert told == {str(kind.__struct_config__.tag): {True, False, None} for kind in KINDS}
