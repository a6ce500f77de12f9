"""Judging conditions, and finding what is wrong with them. Pure.

Three-valued: where facts do not tell, a node is None, negated too; "all" is already False with one that does not hold,
"any" already True with one that does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from msgspec import json, structs

from alongside.domains.conditions.language import Condition, kind_of
from alongside.domains.conditions.node_schemas import ConditionGroup, ConditionNode
from alongside.domains.conditions.schemas import DEEPEST, MOST_CONDITIONS, Facts, Place, Problem, Verdict
from alongside.platform.errors import Invalid

# A rule that could hold in more ways than these is not searched for contradictions.
MOST_WAYS = 500

# A condition, and whether it has to hold or must not.
Literal = tuple[Condition, bool]
Way = tuple[Literal, ...]


def evaluate(node: ConditionNode, facts: Facts) -> bool | None:
    """Whether a node holds by these facts; None where they do not tell."""
    if isinstance(node, ConditionGroup):
        holds = _together(node.match, (evaluate(each, facts) for each in node.of))
    else:
        holds = node.holds(facts)
    return holds if holds is None else holds != node.negate


def explain(node: ConditionNode, facts: Facts) -> Verdict:
    """The same, node by node."""
    kind = kind_of(node)
    if not isinstance(node, ConditionGroup):
        return Verdict(kind, evaluate(node, facts))
    of = [explain(each, facts) for each in node.of]
    holds = _together(node.match, (each.holds for each in of))
    return Verdict(kind, holds if holds is None else holds != node.negate, of)


def _together(match: str, parts: Iterable[bool | None]) -> bool | None:
    decisive, unknown = match == "any", False
    for part in parts:
        if part is decisive:
            return decisive
        unknown = unknown or part is None
    return None if unknown else not decisive


def problems(group: ConditionGroup, place: Place) -> list[Problem]:
    """What is wrong with the conditions of a rule that is judged in the browser or on the server."""
    found = [problem for path, node in _nodes(group) for problem in _own(path, node, place)]
    if group.of and not found:
        if _never(group, wanted=True):
            found.append(Problem([], "never-matches"))
        elif _never(group, wanted=False):
            found.append(Problem([], "always-matches"))
    return found


def refuse(group: ConditionGroup) -> None:
    """Raises `Invalid` where there are too many conditions, or groups too deep within each other."""
    nodes = list(_nodes(group))
    if len(nodes) > MOST_CONDITIONS or max(len(path) for path, _ in nodes) > DEEPEST:
        raise Invalid(
            "too-many-conditions",
            f"A rule has at most {MOST_CONDITIONS} conditions, in groups at most {DEEPEST} deep. Make two rules of it.",
            field="conditions",
        )


def leaves(group: ConditionGroup) -> Iterator[Condition]:
    """The conditions of all groups."""
    for _, node in _nodes(group):
        if not isinstance(node, ConditionGroup):
            yield node


def _nodes(node: ConditionNode, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], ConditionNode]]:
    yield path, node
    if isinstance(node, ConditionGroup):
        for number, each in enumerate(node.of):
            yield from _nodes(each, (*path, number))


def _own(path: tuple[int, ...], node: ConditionNode, place: Place) -> Iterator[Problem]:
    """What is wrong with this node, its parts aside: what it says, where it is asked, that they exclude each other."""
    if not isinstance(node, ConditionGroup):
        if place not in node.known_in:
            yield Problem([*path], "not-known-here")
        yield from (flaw.at([*path]) for flaw in node.flaws())
    elif path and node.of and _never(node, wanted=not node.negate):
        yield Problem([*path], "contradiction")


def _never(group: ConditionGroup, *, wanted: bool) -> bool:
    """Whether there is no way for the group to come to `wanted`. Where that is too much to look through: no."""
    ways = _ways(group, wanted=wanted)
    return ways is not None and all(_contradicts(way) for way in ways)


def _ways(node: ConditionNode, *, wanted: bool) -> list[Way] | None:
    """Every way for a node to come to `wanted`, as what must hold and what must not. None where there are too many."""
    wanted = wanted != node.negate
    if not isinstance(node, ConditionGroup):
        return [((node, wanted),)]
    parts = [_ways(each, wanted=wanted) for each in node.of]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if (node.match == "any") == wanted:
        ways = [way for part in known for way in part]
        return ways if len(ways) <= MOST_WAYS else None
    size = 1
    for part in known:
        size *= len(part)
        if size > MOST_WAYS:
            return None
    return [tuple(literal for way in chosen for literal in way) for chosen in product(*known)]


def _contradicts(way: Way) -> bool:
    subjects: dict[str, list[Literal]] = {}
    for condition, wanted in way:
        subjects.setdefault(condition.subject(), []).append((condition, wanted))
    return any(_impossible(literals) for literals in subjects.values())


def _impossible(literals: list[Literal]) -> bool:
    """Whether nothing can be as all of these want it: by what they say, or in every case that there is."""
    told: dict[bytes, bool] = {}
    for condition, wanted in literals:
        if told.setdefault(json.encode(structs.replace(condition, negate=False)), wanted) is not wanted:
            return True
    if not any(condition.closed or (wanted and condition.pins) for condition, wanted in literals):
        return False
    samples = [sample for condition, _ in literals for sample in condition.samples()]
    return not any(all(condition.holds(sample) is wanted for condition, wanted in literals) for sample in samples)
