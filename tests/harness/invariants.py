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

# A test that seeds more conversations than this has its newest replayed; the numbers of all are compared in SQL.
REPLAYED = 2_000

CONVERSATIONS = "SELECT * FROM conversation ORDER BY last_message_at DESC, id LIMIT %s"
ENTRIES = "SELECT * FROM entry WHERE conversation_id = ANY(%s) ORDER BY conversation_id, seq"
EPISODES = "SELECT * FROM episode WHERE conversation_id = ANY(%s) ORDER BY conversation_id, number"
# Numbers run from 1 to the head without gap or double, in both numberings; messages have a public one, and
# what became of them.
NUMBERS = """
SELECT c.id, c.last_seq, c.last_public_seq, count(e.seq), max(e.seq), count(e.public_seq), max(e.public_seq)
FROM conversation c LEFT JOIN entry e ON e.conversation_id = c.id
GROUP BY c.id
HAVING (c.last_seq, c.last_seq) IS DISTINCT FROM (count(e.seq), coalesce(max(e.seq), 0))
    OR (c.last_public_seq, c.last_public_seq) IS DISTINCT FROM (count(e.public_seq), coalesce(max(e.public_seq), 0))
    OR count(*) FILTER (WHERE (e.kind = 'message' OR coalesce(e.data ->> 'of_public' IS NOT NULL, false))
                              <> (e.public_seq IS NOT NULL)) > 0
    OR count(DISTINCT e.public_seq) <> count(e.public_seq)
"""
# An entry names the files that it has claimed, and no others; they are of its own conversation.
STRAY_FILES = """
SELECT e.conversation_id, e.seq
FROM entry e CROSS JOIN LATERAL jsonb_array_elements(e.data -> 'attachments') AS named
LEFT JOIN entry_attachment u ON u.attachment_id = (named ->> 'id')::uuid AND u.seq = e.seq
     AND u.conversation_id = e.conversation_id
WHERE e.kind IN ('message', 'note') AND u.attachment_id IS NULL
UNION ALL
SELECT u.conversation_id, u.seq FROM entry_attachment u
JOIN attachment a ON a.id = u.attachment_id JOIN entry e ON e.conversation_id = u.conversation_id AND e.seq = u.seq
WHERE a.conversation_id <> u.conversation_id OR a.kind IS NULL
   OR NOT e.data -> 'attachments' @> jsonb_build_array(jsonb_build_object('id', a.id))
"""
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
    preview_attachment: str | None = None
    assignee_id: UUID | None = None
    team_id: UUID | None = None
    first_seqs: dict[int, int] = field(default_factory=lambda: {1: 1})
    ratings: dict[int, tuple[int, str | None]] = field(default_factory=dict)
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
        shown = entry["kind"] == "message" or ("of" in (entry["data"] or {}) and entry["data"]["of_public"] is not None)
        assert (entry["public_seq"] is not None) == shown, "only messages are public"

    def _message(self, entry: Row) -> None:
        self.last_public_seq += 1
        assert entry["public_seq"] == self.last_public_seq, "a gap or a double in the visitor's numbering"
        if entry["author_kind"] == "system":
            assert entry["seq"] > 1 and entry["author_id"] is None, "a log begins with a person's message"
            return
        self.preview, self.preview_author = preview(entry["text"]), entry["author_kind"]
        files = (entry["data"] or {}).get("attachments") or []
        assert entry["text"] or files or entry["deleted_at"], "a message of nothing"
        assert not (entry["deleted_at"] and (entry["text"] or files)), "a deleted message that says something"
        self.preview_attachment = files[0]["kind"] if files else None
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

    def _edited(self, entry: Row) -> None:
        """The message itself says already what is true now; only the numbers go on."""
        assert entry["data"]["of"] < entry["seq"], "an edit of what comes later"
        if entry["public_seq"] is not None:
            self.last_public_seq += 1
            assert entry["public_seq"] == self.last_public_seq, "a gap or a double in the visitor's numbering"

    _deleted = _edited

    def _status(self, entry: Row) -> None:
        assert entry["status"] != self.status, "a change of status that changes nothing"
        self.status = entry["status"]
        if self.status != "unread":
            self.unread_count, self.waiting_since = 0, None

    def _assignment(self, entry: Row) -> None:
        agent_id, team_id = entry["data"]["agent_id"], entry["data"]["team_id"]
        self.assignee_id = UUID(agent_id) if agent_id else None
        self.team_id = UUID(team_id) if team_id else None

    def _mailed(self, entry: Row) -> None:
        """Tells what happened; changes nothing."""

    def _rating(self, entry: Row) -> None:
        """Only of an episode that was over; the last one is what the episode says."""
        assert entry["author_kind"] == "visitor"
        assert 1 <= entry["data"]["stars"] <= 5
        self.ratings[self.episode] = (entry["data"]["stars"], entry["data"]["comment"])

    def _identified(self, entry: Row) -> None:
        """Nothing waits for an answer where all of it was taken along to the person's own conversation."""
        if entry["status"] == "done":
            self.status, self.unread_count, self.waiting_since = "done", 0, None


COMPARED = (
    "status",
    "episode",
    "last_seq",
    "last_public_seq",
    "unread_count",
    "waiting_since",
    "preview",
    "preview_author",
    "preview_attachment",
    "assignee_id",
    "team_id",
)


def check(url: str) -> int:
    """Replay the logs of a database; returns how many entries hold. A database without the tables holds."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = connection.execute("SELECT to_regclass('entry') IS NOT NULL AS there").fetchone()
        if not found or not found["there"]:
            return 0
        conversations = connection.execute(CONVERSATIONS, [REPLAYED]).fetchall()
        replayed = [conversation["id"] for conversation in conversations]
        entries = connection.execute(ENTRIES, [replayed]).fetchall()
        episodes = connection.execute(EPISODES, [replayed]).fetchall()
        stray = connection.execute(STRAY_MARKS).fetchall()
        files = connection.execute(STRAY_FILES).fetchall()
        wrong = connection.execute(NUMBERS).fetchall()
    assert not wrong, f"numbers with gaps or doubles: {wrong[:3]}"
    assert not stray, f"marks beyond the log: {stray[:3]}"
    assert not files, f"files that are named and not claimed, or the other way round: {files[:3]}"
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
    rated = {each["number"]: (each["rating"], each["rating_comment"]) for each in episodes if each["rating"]}
    assert rated == replay.ratings, "the ratings of the episodes are not those of the log"
    running = [each["number"] for each in episodes if each["done_at"] is None]
    assert running == ([] if replay.status == "done" else [replay.episode]), "not exactly the last episode runs"
