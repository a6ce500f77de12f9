"""The history of a run: what was sent, what was promised, and whether the database keeps the promises.

- acknowledged: there exactly once, with this text and this number;
- refused: not there;
- unknown (nobody heard the answer): there at most once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

import psycopg

from tests.harness import invariants


@dataclass
class Sent:
    """One text that somebody sent, perhaps several times. `seq` is in the sender's numbering."""

    sender: str
    scope: str
    client_id: UUID
    text: str
    seq: int | None = None
    refused: bool = False


@dataclass
class Journal:
    """Everything that was sent in a run. `earlier`: what was there before, and is none of its business."""

    earlier: frozenset[UUID] = frozenset()
    sends: dict[UUID, Sent] = field(default_factory=dict)

    def sent(self, sender: str, client_id: UUID, text: str, scope: str = "") -> None:
        """About to leave. `scope` tells a sender's conversations apart."""
        self.sends.setdefault(client_id, Sent(sender, scope, client_id, text))

    def acked(self, client_id: UUID, seq: int, text: str) -> None:
        """The server promised. Every repeat must promise the same."""
        record = self.sends[client_id]
        assert record.seq in (None, seq), f"{client_id} was number {record.seq}, and is {seq} in a later answer"
        assert record.text == text, "the acknowledgement tells another text"
        record.seq = seq

    def refused(self, client_id: UUID) -> None:
        """The server said no for good."""
        self.sends[client_id].refused = True

    @property
    def acknowledged(self) -> list[Sent]:
        return [each for each in self.sends.values() if each.seq is not None]

    @property
    def unknown(self) -> list[Sent]:
        return [each for each in self.sends.values() if each.seq is None and not each.refused]

    def check(self, url: str) -> str:
        """Compare with the database, invariants included. Returns one line of figures."""
        stored = _stored(url)
        for record in self.sends.values():
            found = stored.pop(record.client_id, [])
            _check_send(record, found)
        strangers = stored.keys() - self.earlier
        assert not strangers, f"nobody sent these: {strangers}"
        _check_order(self.acknowledged)
        entries = invariants.check(url)
        return (
            f"{len(self.sends)} sent, {len(self.acknowledged)} acknowledged, {len(self.unknown)} unknown, "
            f"{entries} entries hold"
        )


def _stored(url: str) -> dict[UUID, list[tuple[str, str, int, int | None]]]:
    found: dict[UUID, list[tuple[str, str, int, int | None]]] = defaultdict(list)
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT client_id, author_kind, text, seq, public_seq FROM entry WHERE client_id IS NOT NULL"
        )
        for client_id, author, text, seq, public_seq in rows:
            found[client_id].append((author, text, seq, public_seq))
    return found


def _check_send(record: Sent, found: list[tuple[str, str, int, int | None]]) -> None:
    assert len(found) <= 1, f"{record.client_id} of {record.sender} is there {len(found)} times"
    if record.refused:
        assert not found, f"{record.client_id} of {record.sender} was refused, and is there"
    if record.seq is None:
        return
    assert found, f"{record.client_id} of {record.sender} was acknowledged as {record.seq}, and is not there"
    author, text, seq, public_seq = found[0]
    number = public_seq if author == "visitor" else seq
    assert (text, number) == (record.text, record.seq), f"{record.client_id}: acknowledged {record}, stored {found[0]}"


def _check_order(acknowledged: Iterable[Sent]) -> None:
    """A sender waits for the answer before sending more: later sends have higher numbers."""
    reached: dict[tuple[str, str], int] = {}
    for record in acknowledged:
        place = record.sender, record.scope
        assert record.seq is not None
        assert reached.get(place, 0) < record.seq, f"messages of {record.sender} changed places: {record}"
        reached[place] = record.seq
