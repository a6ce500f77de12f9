"""State as a client has it: read once, then changed by frames alone. One class per audience."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

Frame = dict[str, Any]


@dataclass
class TeamState:
    """What a console knows: one open conversation, the inbox with its counts, colleagues, where the visitor is."""

    snapshot: Frame
    rows: dict[str, Frame]
    counts: dict[str, int]
    online: dict[str, tuple[bool, bool]]
    page: tuple[str | None, bool] | None
    reread: set[str] = field(default_factory=set)

    @classmethod
    async def read(cls, http: httpx.AsyncClient, conversation_id: str) -> TeamState:
        """By HTTP, as after a reload."""
        snapshot = (await http.get(f"/conversations/{conversation_id}")).json()
        rows = await _all_rows(http)
        details = (await http.get(f"/contacts/{snapshot['row']['contact']['id']}")).json()
        visit = details["visits"][0] if details["visits"] else None
        return cls(
            snapshot=snapshot | {"seen": {each["agent_id"]: each["seq"] for each in snapshot["seen"]}},
            rows={row["id"]: row for row in rows},
            counts=(await http.get("/conversations/counts")).json(),
            online={each["id"]: (each["online"], each["logged_in"]) for each in (await http.get("/agents")).json()},
            page=(visit["url"], visit["online"]) if visit else None,
        )

    def apply(self, frame: Frame) -> None:
        """A frame changes the state; what it does not name stays."""
        handler = getattr(self, f"_{frame['type']}", None)
        if handler is not None:
            handler(frame)

    def _entry(self, frame: Frame) -> None:
        entry, entries = frame["entry"], self.snapshot["entries"]
        assert entry["seq"] == entries[-1]["seq"] + 1
        self.snapshot["entries"] = [*(changed(each, entry) for each in entries), entry]

    def _row(self, frame: Frame) -> None:
        row = frame["row"]
        known = self.rows.get(row["id"])
        if known is None or row["last_seq"] > known["last_seq"]:
            self.counts[row["status"]] += 1
            if frame["was_status"] is None:
                self.counts["all"] += 1
            else:
                self.counts[frame["was_status"]] -= 1
        self.rows[row["id"]] = row
        if row["id"] == self.snapshot["row"]["id"]:
            self.snapshot["row"] = row

    def _visitor_marks(self, frame: Frame) -> None:
        for row in (self.snapshot["row"], self.rows[frame["conversation_id"]]):
            row["visitor_delivered"] = max(row["visitor_delivered"], frame["delivered"])
            row["visitor_seen"] = max(row["visitor_seen"], frame["seen"])

    def _agent_mark(self, frame: Frame) -> None:
        marks = self.snapshot["seen"]
        marks[frame["agent_id"]] = max(frame["seq"], marks.get(frame["agent_id"], 0))

    def _agent_presence(self, frame: Frame) -> None:
        self.online[frame["agent_id"]] = frame["online"], frame["logged_in"]

    def _visitor_page(self, frame: Frame) -> None:
        url = frame["url"] if frame["url"] is not None or self.page is None else self.page[0]
        self.page = url, frame["online"]

    def _directory_changed(self, _: Frame) -> None:
        self.reread.add("directory")

    def _refresh(self, _: Frame) -> None:
        self.reread.add("rows")

    def compare(self, truth: TeamState) -> None:
        """Raises `AssertionError` where frames left out, or told wrong, what the database says."""
        if "rows" in self.reread:
            self.snapshot["row"], self.rows = truth.snapshot["row"], truth.rows
        assert self.snapshot["row"] == truth.snapshot["row"]
        assert self.snapshot["entries"] == truth.snapshot["entries"]
        assert self.snapshot["seen"] == truth.snapshot["seen"]
        assert self.rows == truth.rows
        assert self.counts == truth.counts
        assert self.page == truth.page
        if "directory" not in self.reread:
            assert self.online == truth.online


async def _all_rows(http: httpx.AsyncClient) -> list[Frame]:
    """Those of every page: the stage may hold the conversations of many tests."""
    rows: list[Frame] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await http.get("/conversations", params={"folder": "all", "limit": 200, **cursor})).json()
        rows += page["rows"]
        if page["next_cursor"] is None:
            return rows
        cursor = {"cursor": page["next_cursor"]}


def changed(entry: Frame, by: Frame) -> Frame:
    """What a later entry makes of an earlier one."""
    if by["kind"] not in ("edited", "deleted"):
        return entry
    if entry["kind"] == "edited" and entry["of"] == by["of"]:
        return entry | {"text": None, "mentions": []}
    if entry["seq"] != by["of"]:
        return entry
    if by["kind"] == "edited":
        named = {"mentions": by["mentions"]} if entry["kind"] == "note" else {}
        return entry | named | {"text": by["text"], "edited_at": by["at"]}
    empty = {name: [] for name in ("cards", "attachments", "mentions") if name in entry}
    quotes = {name: None for name in ("quote", "quote_public") if name in entry}
    return entry | empty | quotes | {"text": "", "deleted_at": by["at"]}


def changed_publicly(message: Frame, by: Frame) -> Frame:
    """The same in the visitor's words."""
    change, earlier = by["change"], message["change"]
    if earlier and earlier["of"] == change["of"]:
        return message | {"change": earlier | {"text": None}}
    if message["seq"] != change["of"]:
        return message
    if not change["deleted"]:
        return message | {"text": change["text"], "edited": True}
    return message | {"text": "", "cards": [], "attachments": [], "quote": None, "deleted": True}


@dataclass
class VisitorState:
    """What a widget knows."""

    messages: list[Frame]
    head: int
    team_seen: int
    seen: int
    reread: set[str] = field(default_factory=set)

    @classmethod
    async def read(cls, http: httpx.AsyncClient) -> VisitorState:
        """By HTTP, as after a reload."""
        snapshot = (await http.get("/conversation")).json()
        return cls(snapshot["messages"], snapshot["head"], snapshot["team_seen"], snapshot["seen"])

    def apply(self, frame: Frame) -> None:
        """As `TeamState.apply`."""
        match frame["type"]:
            case "message":
                message = frame["message"]
                assert message["seq"] == self.head + 1
                if message["change"]:
                    self.messages = [changed_publicly(each, message) for each in self.messages]
                self.messages.append(message)
                # One's own message is read if all before it was.
                if message["mine"] and self.seen == self.head:
                    self.seen = message["seq"]
                self.head = message["seq"]
            case "team_seen":
                self.team_seen = max(self.team_seen, frame["seq"])
            case "own_marks":
                self.seen = max(self.seen, frame["seen"])
            case "look_changed":
                self.reread.add("look")

    def compare(self, truth: VisitorState) -> None:
        """As `TeamState.compare`."""
        assert self.messages == truth.messages
        assert (self.head, self.team_seen, self.seen) == (truth.head, truth.team_seen, truth.seen)
