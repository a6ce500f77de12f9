"""How each table with people's data belongs to a contact, and the SQL that finds one person's rows in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

ROOT = "contact"


class Link(msgspec.Struct, frozen=True):
    """A foreign key that deletes along: `columns` of `source` name `keys` of `target`."""

    source: str
    target: str
    columns: Sequence[str]
    keys: Sequence[str]


def routes(links: Iterable[Link]) -> dict[str, Sequence[Link]]:
    """The shortest way from each table that belongs to contacts up to `contact`; `contact` itself has none."""
    by_target: dict[str, list[Link]] = {}
    for link in sorted(links, key=lambda each: (each.target, each.source, tuple(each.columns))):
        if link.source != link.target:
            by_target.setdefault(link.target, []).append(link)
    found: dict[str, Sequence[Link]] = {ROOT: ()}
    waiting = [ROOT]
    for table in waiting:
        for link in by_target.get(table, ()):
            if link.source not in found:
                found[link.source] = (link, *found[table])
                waiting.append(link.source)
    return found


def selves(links: Iterable[Link]) -> list[str]:
    """Columns by which a contact belongs to another contact: they were one person all along."""
    return sorted(link.columns[0] for link in links if link.source == link.target == ROOT)


def belongs(route: Sequence[Link], of_person: Sequence[str]) -> str:
    """A condition on a row: it belongs to the contact `$1`. Identifiers come from the catalogue and are quoted."""
    if not route:
        return " OR ".join(f"{_quoted(column)} = $1" for column in ("id", *of_person))
    link, *rest = route
    inner = belongs(rest, of_person)
    return f"({_listed(link.columns)}) IN (SELECT {_listed(link.keys)} FROM {_quoted(link.target)} WHERE {inner})"


def unreachable(subjects: Mapping[str, str], found: Mapping[str, Sequence[Link]]) -> set[str]:
    """Tables that say they hold contacts' data and that no foreign key leads to a contact."""
    return {table for table, subject in subjects.items() if subject == ROOT and table not in found}


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(_quoted(column) for column in columns)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
