"""The demo's tickets: made from its conversations through the product's own verbs, then moved back in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from alongside.domains.tickets import actions
from alongside.domains.tickets.schemas import EditTicket, NewComment, NewTicket, TicketPriority, TicketStatus
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Work


@dataclass(frozen=True)
class Case:
    """A ticket. `ago` is how many hours before now it was made, `due` in how many days from now it is due.

    `of` are e-mail addresses: the first one's conversation is where it came from, the others were added. `to` is an
    agent's or a team's short name.
    """

    by: str
    ago: float
    of: tuple[str, ...] = ()
    title: str = ""
    description: str = ""
    priority: TicketPriority = "normal"
    to: str = ""
    due: int | None = None
    labels: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    status: TicketStatus = "open"


CASES = (
    Case("lena", 2.8, ("hannah.price@mail.example", "rui@mail.example"), "Sleet Shell: main zip breaks (batch SS-0922)",
         "Third customer of this batch. Find out which shops got it, and whether the supplier takes it back.",
         "high", "ines", 2, ("warranty", "zip", "supplier"),
         (("lena", "Photos of two of the jackets are in the shared folder, slider and stitching are both worn."),
          ("ines", "Supplier answers by Monday. Until then we repair at our cost and send the label at once."))),
    Case("ines", 1.3, ("seun@mail.example",), priority="urgent", to="ines", due=0, labels=("delivery",),
         comments=(("ines", "Carrier: scanned this morning in Leipzig. New parcel tomorrow at noon if not."),)),
    Case("tom", 20, ("p.novak@mail.example",), "Tarn 38: hip belt too short for tall people", priority="low", to="gear",
         labels=("product", "sizes"), status="pending",
         comments=(("tom", "Asked the workshop for a measure of the longer belt; they answer next week."),)),
    Case("lena", 26, ("a.krueger@post.example",), "Rücksendung ohne Beleg: Gutschrift prüfen", to="orders", due=-1,
         labels=("returns",)),
    Case("ines", 50, (), "Christmas: opening hours and last shipping day on the help page",
         "Agree with the warehouse, then change the help page and the greeting of the chat in both languages.",
         "normal", "lena", 9, ("website",), (("lena", "Warehouse says 20 December, 14:00."),)),
    Case("sam", 96, ("noah.f@mail.example",), "Basket loses items after signing in", priority="high", to="sam",
         labels=("website", "bug"), status="solved",
         comments=(("sam", "Found it: the two baskets were not put together. Fixed on Tuesday, customer told."),)),
    Case("tom", 180, (), "Replace the worn demo tents", to="tom", labels=("shop",), status="closed"),
)  # fmt: skip

CONVERSATION = """
SELECT v.id, v.contact_id FROM conversation v JOIN contact c ON c.id = v.contact_id
WHERE coalesce(c.email, c.claims ->> 'email') = $1 ORDER BY v.created_at LIMIT 1
"""
FINISHED = "SELECT created_at < $3 FROM ticket WHERE created_by = $1 AND client_id = $2"

# $1 ticket, $2 when it was made, $3 seconds from one entry to the next
MOVE_BACK = (
    "UPDATE ticket_entry SET at = $2::timestamptz + (seq - 1) * $3::float8 * interval '1 s' WHERE ticket_number = $1",
    """
    UPDATE ticket t SET created_at = $2::timestamptz, updated_at = e.at + 0 * $3::float8 * interval '1 s'
    FROM ticket_entry e WHERE t.number = $1 AND e.ticket_number = t.number AND e.seq = t.last_seq
    """,
)


@dataclass(frozen=True)
class Team:
    """Who acts in the demo, by short names, and when it is."""

    agents: Mapping[str, AgentActor]
    teams: Mapping[str, UUID]
    now: datetime


async def write_tickets(database: Database, team: Team) -> None:
    """Those that are not there yet, or were not finished."""
    for case in sorted(CASES, key=lambda each: -each.ago):
        client_id = uuid5(NAMESPACE_URL, f"alongside-demo/ticket/{case.title or case.of}")
        async with database.work() as work:
            await _write(work, team, case, client_id)


async def _write(work: Work, team: Team, case: Case, client_id: UUID) -> None:
    agents, actor, now = team.agents, team.agents[case.by], team.now
    if await work.value(FINISHED, actor.id, client_id, now - timedelta(minutes=1)):
        return
    found = [row for email in case.of if (row := await work.row(CONVERSATION, email))]
    new = NewTicket(
        client_id=client_id,
        conversation_id=found[0]["id"] if found else None,
        title=case.title,
        description=case.description,
        priority=case.priority,
        due_on=None if case.due is None else (now + timedelta(days=case.due)).date(),
        labels=list(case.labels),
    )
    number = (await actions.create(work, actor, new)).number
    for row in found[1:]:
        await actions.link_conversation(work, actor, number, row["id"])
    if case.to:
        own = case.to in agents
        to = EditTicket(assignee_id=agents[case.to].id) if own else EditTicket(team_id=team.teams[case.to])
        await actions.edit(work, actor, number, to)
    for turn, (who, text) in enumerate(case.comments):
        comment = NewComment(client_id=uuid5(client_id, str(turn)), text=text)
        await actions.comment(work, agents[who], number, comment)
    ticket = await actions.edit(work, actor, number, EditTicket(status=case.status))
    step = case.ago * 3_600 / (ticket.last_seq + 1)
    for sql in MOVE_BACK:
        await work.run(sql, number, now - timedelta(hours=case.ago), step)
