"""What must be true of every conversation at any time, recomputed from its log."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from alongside.kit.text import preview

Row = dict[str, Any]

CONVERSATIONS = "SELECT * FROM conversation"
ENTRIES = "SELECT * FROM entry ORDER BY conversation_id, seq"
EPISODES = "SELECT * FROM episode ORDER BY conversation_id, number"
# Marks never point beyond the log that they speak of.
STRAY_MARKS = """
SELECT c.id FROM conversation c
WHERE greatest(c.visitor_delivered, c.visitor_seen, c.team_seen) > c.last_public_seq
   OR c.visitor_seen > c.visitor_delivered
UNION ALL
SELECT s.conversation_id FROM conversation_seen s JOIN conversation c ON c.id = s.conversation_id
WHERE s.seq > c.last_seq
"""


@dataclass
class Replay:
    """A conversation's row as its log says it must be."""

    status: str = "unread"
    episode: int = 1
    last_seq: int = 0
    last_public_seq: int = 0
    unread_count: int = 0
    waiting_since: datetime | None = None
    preview: str = ""
    preview_author: str | None = None
    assignee_id: UUID | None = None
    team_id: UUID | None = None
    first_seqs: dict[int, int] = field(default_factory=lambda: {1: 1})
    last_at: datetime | None = None

    def apply(self, entry: Row) -> None:
        """One entry of the log. Raises `AssertionError` where it cannot follow what came before."""
        assert entry["seq"] == self.last_seq + 1, "a gap or a double in the log"
        assert self.last_at is None or entry["at"] >= self.last_at, "times run backwards along the log"
        before = self.status
        self.last_seq, self.last_at = entry["seq"], entry["at"]
        getattr(self, f"_{entry['kind']}")(entry)
        told = self.status if self.status != before or (self.last_seq == 1 and entry["text"] is not None) else None
        assert entry["status"] == told, f"the entry says status {entry['status']}, it should say {told}"
        assert entry["episode"] == self.episode, "the entry belongs to another episode"
        assert (entry["public_seq"] is not None) == (entry["kind"] == "message"), "only messages are public"

    def _message(self, entry: Row) -> None:
        self.last_public_seq += 1
        assert entry["public_seq"] == self.last_public_seq, "a gap or a double in the visitor's numbering"
        self.preview, self.preview_author = preview(entry["text"]), entry["author_kind"]
        if entry["author_kind"] == "visitor":
            if self.status == "done":
                self.episode += 1
                self.first_seqs[self.episode] = entry["seq"]
            self.status = "unread"
            self.unread_count += 1
            self.waiting_since = self.waiting_since or entry["at"]
            return
        self.unread_count, self.waiting_since = 0, None
        if entry["status"] == "done":
            self.status = "done"
        elif self.status == "unread":
            self.status = "unresolved"

    def _note(self, entry: Row) -> None:
        """A note changes nothing."""

    def _status(self, entry: Row) -> None:
        assert entry["status"] != self.status, "a change of status that changes nothing"
        self.status = entry["status"]
        if self.status != "unread":
            self.unread_count, self.waiting_since = 0, None

    def _assignment(self, entry: Row) -> None:
        agent_id, team_id = entry["data"]["agent_id"], entry["data"]["team_id"]
        self.assignee_id = UUID(agent_id) if agent_id else None
        self.team_id = UUID(team_id) if team_id else None

    def _identified(self, entry: Row) -> None:
        """Who the visitor is changes nothing of the conversation."""


COMPARED = (
    "status",
    "episode",
    "last_seq",
    "last_public_seq",
    "unread_count",
    "waiting_since",
    "preview",
    "preview_author",
    "assignee_id",
    "team_id",
)


def check(url: str) -> int:
    """Replay every log of a database; returns how many entries hold. A database without the tables holds."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = connection.execute("SELECT to_regclass('entry') IS NOT NULL AS there").fetchone()
        if not found or not found["there"]:
            return 0
        conversations = connection.execute(CONVERSATIONS).fetchall()
        entries = connection.execute(ENTRIES).fetchall()
        episodes = connection.execute(EPISODES).fetchall()
        stray = connection.execute(STRAY_MARKS).fetchall()
    assert not stray, f"marks beyond the log: {stray[:3]}"
    logs, acts = _by_conversation(entries), _by_conversation(episodes)
    for conversation in conversations:
        _check_one(conversation, logs[conversation["id"]], acts[conversation["id"]])
    return len(entries)


def _by_conversation(rows: list[Row]) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["conversation_id"]].append(row)
    return found


def _check_one(conversation: Row, log: list[Row], episodes: list[Row]) -> None:
    replay = Replay()
    for entry in log:
        try:
            replay.apply(entry)
        except AssertionError as error:
            raise AssertionError(f"{conversation['id']} at {entry['seq']}: {error}") from None
    for column in COMPARED:
        stored, told = conversation[column], getattr(replay, column)
        assert stored == told, f"{conversation['id']}.{column} is {stored!r}; its log says {told!r}"
    if not log:
        return
    assert {each["number"]: each["first_seq"] for each in episodes} == replay.first_seqs, "episodes do not fit the log"
    running = [each["number"] for each in episodes if each["done_at"] is None]
    assert running == ([] if replay.status == "done" else [replay.episode]), "not exactly the last episode runs"
