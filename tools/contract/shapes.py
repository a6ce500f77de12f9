"""Finds every JSON shape of the product and settles the one name by which the outside knows it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import types
import typing
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import msgspec

import alongside.domains

DOORS = ("console", "widget")
"""The two live doors. Their frames always carry the door's name, since both have a `hello`."""

Shape = type[msgspec.Struct]


@dataclass(frozen=True)
class Alias:
    """A named union or literal of a schemas module, such as `Status` or `ConsoleFrame`."""

    domain: str
    name: str
    target: Any


@dataclass(frozen=True)
class Shapes:
    """All structs and aliases of the domains, in the order of floors' folders and of the source."""

    structs: list[Shape]
    aliases: list[Alias]

    @cached_property
    def names(self) -> dict[Shape, str]:
        """The outside name of each struct; unique."""
        counts = Counter(struct.__name__ for struct in self.structs)
        return {struct: self._name(struct, counts[struct.__name__]) for struct in self.structs}

    def _name(self, struct: Shape, sharing: int) -> str:
        domain = domain_of(struct)
        bare = struct.__name__
        if is_frame(struct):
            return pascal(domain) + bare
        if sharing == 1:
            return bare
        # Of shapes that share a name, the one on the ground keeps it; a door always names itself.
        grounded = [other for other in self.structs if other.__name__ == bare and domain_of(other) not in DOORS]
        return bare if grounded == [struct] else pascal(domain) + bare

    def alias_for(self, target: Any, domain: str) -> Alias | None:
        """The alias that means `target`, the reader's own domain first."""
        matches = [alias for alias in self.aliases if alias.target == target]
        own = [alias for alias in matches if alias.domain == domain]
        return next(iter(own or matches), None)


def collect() -> Shapes:
    """Import every module of schemas of the domains and list what it defines itself."""
    structs: list[Shape] = []
    aliases: list[Alias] = []
    for module in _schema_modules():
        domain = module.__name__.removeprefix("alongside.domains.").split(".")[0]
        for name, value in vars(module).items():
            if name.startswith("_"):
                continue
            if inspect.isclass(value) and issubclass(value, msgspec.Struct):
                if value.__module__ == module.__name__:
                    structs.append(value)
            elif is_union(value) or typing.get_origin(value) is Literal:
                aliases.append(Alias(domain, name, value))
    bases = {base for struct in structs for base in struct.__mro__[1:]}
    return Shapes([struct for struct in structs if struct not in bases], _first_of_each(aliases))


def _schema_modules() -> Iterator[types.ModuleType]:
    """`schemas`, and where a domain has more of them `..._schemas` beside it, or many `kinds` of one."""
    for found in sorted(pkgutil.iter_modules(alongside.domains.__path__), key=lambda found: found.name):
        package = importlib.import_module(f"alongside.domains.{found.name}")
        names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
        for name in (name for name in names if name == "schemas" or name.endswith("_schemas")):
            yield importlib.import_module(f"{package.__name__}.{name}")
        if "kinds" in names:
            kinds = importlib.import_module(f"{package.__name__}.kinds")
            for module in sorted(module.name for module in pkgutil.iter_modules(kinds.__path__)):
                yield importlib.import_module(f"{kinds.__name__}.{module}")


def _first_of_each(aliases: list[Alias]) -> list[Alias]:
    """An alias imported into another module is the same object there: keep where it was born."""
    by_birth: dict[str, list[Alias]] = {}
    for alias in aliases:
        same = by_birth.setdefault(alias.name, [])
        if all(alias.target != other.target for other in same):
            same.append(alias)
    clashing = [name for name, same in by_birth.items() if len(same) > 1]
    if clashing:
        raise SystemExit(f"Two meanings for the alias {clashing[0]} in the schemas modules: rename one of them.")
    return [same[0] for same in by_birth.values()]


def domain_of(struct: Shape) -> str:
    """The folder under `alongside/domains` that defines the struct."""
    return struct.__module__.removeprefix("alongside.domains.").split(".")[0]


def is_frame(struct: Shape) -> bool:
    """Whether the struct is a frame of one of the sockets."""
    return struct.__struct_config__.tag_field == "type" and domain_of(struct) in DOORS


def is_union(value: Any) -> bool:
    """Whether the annotation is a union, written either way."""
    return isinstance(value, types.UnionType) or typing.get_origin(value) is typing.Union


def pascal(name: str) -> str:
    """`text_blocks` as `TextBlocks`."""
    return "".join(part.capitalize() for part in name.split("_"))


def parts_of(annotation: Any) -> Iterator[Any]:
    """The annotation and everything inside it, depth first."""
    yield annotation
    if typing.get_origin(annotation) is Literal:
        return
    for inner in typing.get_args(annotation):
        yield from parts_of(inner)


def structs_in(annotation: Any) -> Iterator[Shape]:
    """The structs that an annotation mentions."""
    for part in parts_of(annotation):
        if inspect.isclass(part) and issubclass(part, msgspec.Struct):
            yield part


def reachable(roots: list[Shape]) -> set[Shape]:
    """The roots and every struct inside them, to any depth."""
    seen: set[Shape] = set()
    waiting = list(roots)
    while waiting:
        struct = waiting.pop()
        if struct not in seen:
            seen.add(struct)
            waiting += [inner for field in msgspec.structs.fields(struct) for inner in structs_in(field.type)]
    return seen
