"""Tickets: made, changed, commented, linked; the history says who changed what."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import NewTeam
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.tickets import actions, queries
from alongside.domains.tickets.events import TicketChanged
from alongside.domains.tickets.schemas import (
    ChangedEntry,
    CommentEntry,
    EditTicket,
    LinkedEntry,
    NewComment,
    NewTicket,
    TicketDetails,
    TicketRow,
    UnlinkedEntry,
)
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from alongside.platform.storage import Storage
from tests.files.uploading import attach
from tests.world import Browser, World, hire, make_role


async def make(world: World, **fields: Any) -> TicketRow:
    """Ada makes a ticket."""
    new = NewTicket(client_id=fields.pop("client_id", new_client_id()), **{"title": "A broken zip"} | fields)
    async with world.database.work() as work:
        return await actions.create(work, world.ada.actor, new)


async def edit(world: World, number: int, actor: AgentActor | None = None, **fields: Any) -> TicketRow:
    async with world.database.work() as work:
        return await actions.edit(work, actor or world.ada.actor, number, EditTicket(**fields))


async def read(world: World, number: int) -> TicketDetails:
    async with world.database.snapshot() as reading:
        details = await queries.details(reading, number)
    assert details is not None
    assert [entry.seq for entry in details.entries] == list(range(1, details.row.last_seq + 1))
    return details


async def test_from_a_conversation_in_one_step(world: World) -> None:
    for text in ("Is the zip\ncovered by the warranty?", "x" * 500):
        await messages.post(
            world.database, world.vera.actor, world.conversation_id, Draft(new_client_id(), text), 10_000
        )
        row = await make(world, title="", conversation_id=world.conversation_id)
        details = await read(world, row.number)
        assert row.title == " ".join(text.split())[:200]
        assert [contact.id for contact in details.contacts] == [world.vera.actor.contact_id]
        assert [each.id for each in details.conversations] == [world.conversation_id]
        assert (row.status, row.priority, row.assignee_id, row.created_by) == ("open", "normal", None, world.ada.id)
        assert details.entries[0].conversation_id == world.conversation_id  # type: ignore[union-attr]
    fact = world.facts.of(TicketChanged)[-1]
    assert (fact.row, fact.contact_ids) == (row, [world.vera.actor.contact_id])


async def test_an_agents_note_is_not_the_title(world: World) -> None:
    for draft in (Draft(new_client_id(), "an answer"), Draft(new_client_id(), "a note", "note")):
        await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 10_000)
    row = await make(world, title="", conversation_id=world.conversation_id)
    assert row.title == "Hello, is the green one in stock?"
    own = await make(world, title="Mine", conversation_id=world.conversation_id)
    assert own.title == "Mine"


async def test_a_picture_that_came_last_does_not_take_the_title(world: World, storage: Storage) -> None:
    """The words before it do; and nobody's name, which would outlive its owner there."""
    vera = world.vera.actor
    file = await attach(world, storage, vera, b"a seam", "seam.txt")
    draft = Draft(new_client_id(), "", attachments=[file.id])
    await messages.post(world.database, vera, world.conversation_id, draft, 10_000)
    row = await make(world, title="", conversation_id=world.conversation_id)
    assert row.title == "Hello, is the green one in stock?"


async def test_a_repeated_creation_makes_no_second_ticket(world: World) -> None:
    client_id = new_client_id()
    first = await make(world, client_id=client_id)
    assert await make(world, client_id=client_id) == first
    with pytest.raises(Conflict, match="another ticket"):
        await make(world, client_id=client_id, conversation_id=world.conversation_id)
    raced = new_client_id()
    rows = await asyncio.gather(*(make(world, client_id=raced) for _ in range(5)))
    assert len({row.number for row in rows}) == 1


async def test_the_history_says_who_changed_what(world: World) -> None:
    number = (await make(world)).number
    await edit(world, number, title="A broken  zip on the Tarn", status="pending")
    await edit(world, number, world.ben.actor, assignee_id=world.ben.id, due_on=date(2026, 12, 1))
    await edit(world, number, add_labels=["Zip", " zip ", "Warranty"])
    await edit(world, number, remove_labels=["ZIP"], assignee_id=None)
    details = await read(world, number)
    told = [
        (entry.author_id, [(change.field, change.before, change.after) for change in entry.changes])
        for entry in details.entries
        if isinstance(entry, ChangedEntry)
    ]
    ada, ben = world.ada.id, world.ben.id
    assert told == [
        (ada, [("title", "A broken zip", "A broken zip on the Tarn"), ("status", "open", "pending")]),
        (ben, [("assignee", None, str(ben)), ("due", None, "2026-12-01")]),
        (ada, [("labels", [], ["warranty", "zip"])]),
        (ada, [("assignee", str(ben), None), ("labels", ["warranty", "zip"], ["warranty"])]),
    ]
    assert details.row.labels == ["warranty"]


async def test_what_is_so_already_is_no_change(world: World) -> None:
    row = await make(world)
    assert await edit(world, row.number, title=" A broken zip", status="open", remove_labels=["x"]) == row
    assert len((await read(world, row.number)).entries) == 1
    assert len(world.facts.of(TicketChanged)) == 1


async def test_to_a_team_takes_it_from_the_agent_and_back(world: World) -> None:
    async with world.database.work() as work:
        team = await agents.create_team(work, world.sol.actor, NewTeam(name="Repairs"))
    number = (await make(world, assignee_id=world.ben.id)).number
    row = await edit(world, number, team_id=team.id)
    assert (row.assignee_id, row.team_id) == (None, team.id)
    row = await edit(world, number, assignee_id=world.ada.id)
    assert (row.assignee_id, row.team_id) == (world.ada.id, None)
    with pytest.raises(Invalid, match="not to both"):
        await edit(world, number, assignee_id=world.ada.id, team_id=team.id)


async def test_who_left_gets_no_ticket(world: World) -> None:
    number = (await make(world)).number
    await agents.deactivate(world.database, world.sol.actor, world.ben.id)
    for attempt in (
        edit(world, number, assignee_id=world.ben.id),
        make(world, assignee_id=world.ben.id),
        edit(world, number, assignee_id=uuid4()),
        edit(world, number, team_id=uuid4()),
    ):
        with pytest.raises(Invalid, match="Choose another"):
            await attempt


async def test_edits_of_different_fields_all_survive(world: World) -> None:
    number = (await make(world)).number
    await asyncio.gather(
        edit(world, number, title="Another title"),
        edit(world, number, world.ben.actor, priority="urgent"),
        edit(world, number, world.sol.actor, status="pending"),
        *(edit(world, number, add_labels=[f"label {place}"]) for place in range(5)),
    )
    details = await read(world, number)
    row = details.row
    assert (row.title, row.priority, row.status) == ("Another title", "urgent", "pending")
    assert row.labels == [f"label {place}" for place in range(5)]
    assert row.last_seq == 9


async def test_of_two_edits_of_one_field_the_last_holds_and_both_are_told(world: World) -> None:
    number = (await make(world)).number
    await asyncio.gather(
        edit(world, number, title="One"), edit(world, number, world.ben.actor, title="Two")
    )  # fmt: skip
    details = await read(world, number)
    first, second = (entry.changes[0] for entry in details.entries if isinstance(entry, ChangedEntry))
    assert first.before == "A broken zip"
    assert second.before == first.after
    assert second.after == details.row.title
    assert {first.after, second.after} == {"One", "Two"}


async def test_a_comment_is_written_once(world: World) -> None:
    number = (await make(world)).number
    comment = NewComment(client_id=new_client_id(), text=" The spare part\r\nis ordered. ")

    async def write(new: NewComment, actor: AgentActor = world.ben.actor) -> CommentEntry:
        async with world.database.work() as work:
            return await actions.comment(work, actor, number, new)

    written = await asyncio.gather(*(write(comment) for _ in range(5)))
    assert {(entry.seq, entry.text) for entry in written} == {(2, "The spare part\nis ordered.")}
    with pytest.raises(Conflict, match="another text"):
        await write(NewComment(client_id=comment.client_id, text="Something else"))
    assert (await write(comment, world.ada.actor)).seq == 3, "ids are each author's own"
    for text, code in (("", "empty-text"), (" \n\x00", "empty-text"), ("x" * 10_001, "comment-too-long")):
        with pytest.raises(Invalid) as refusal:
            await write(NewComment(client_id=new_client_id(), text=text))
        assert refusal.value.code == code
    assert (await read(world, number)).row.comment_count == 2


async def test_conversations_and_people_come_and_go(world: World) -> None:
    number, vera = (await make(world)).number, world.vera.actor.contact_id
    world.facts.clear()
    for verb, other in (
        (actions.link_conversation, world.conversation_id),
        (actions.link_conversation, world.conversation_id),
        (actions.link_contact, vera),
        (actions.unlink_conversation, world.conversation_id),
        (actions.unlink_contact, vera),
        (actions.unlink_contact, vera),
    ):
        async with world.database.work() as work:
            row = await verb(work, world.ada.actor, number, other)
    assert (row.contacts, row.contact_count, row.conversation_count) == ([], 0, 0)
    entries = (await read(world, number)).entries[1:]
    assert [type(entry) for entry in entries] == [LinkedEntry, UnlinkedEntry, UnlinkedEntry]
    assert entries[-1].contact.id == vera  # type: ignore[union-attr]
    told = [fact.contact_ids for fact in world.facts.of(TicketChanged)]
    assert told == [[vera], [vera], [vera]], "also those in whose details it no longer stands are told"


async def test_what_is_gone_cannot_be_linked(world: World) -> None:
    number = (await make(world)).number
    for verb in (actions.link_conversation, actions.link_contact):
        with pytest.raises(NotFound, match="does not exist"):
            async with world.database.work() as work:
                await verb(work, world.ada.actor, number, uuid4())
        with pytest.raises(NotFound, match="no ticket"):
            async with world.database.work() as work:
                await verb(work, world.ada.actor, number + 1, world.conversation_id)
    with pytest.raises(NotFound, match="conversation"):
        await make(world, title="", conversation_id=uuid4())


async def test_a_ticket_gathers_a_hundred_people_and_no_more(world: World) -> None:
    number = (await make(world)).number
    async with world.database.work() as work:
        ids = [
            row["id"] for row in await work.rows("INSERT INTO contact SELECT FROM generate_series(1, 101) RETURNING id")
        ]
        for contact_id in ids[:100]:
            row = await actions.link_contact(work, world.ada.actor, number, contact_id)
        assert (row.contact_count, len(row.contacts)) == (100, 3)
        with pytest.raises(Conflict, match="at most 100 people"):
            await actions.link_contact(work, world.ada.actor, number, ids[100])


async def test_who_is_erased_leaves_the_ticket_and_takes_their_name_along(world: World) -> None:
    number = (await make(world, conversation_id=world.conversation_id)).number
    async with world.database.work() as work:
        await work.run("UPDATE contact SET name = 'Vera Visitor' WHERE id = $1", world.vera.actor.contact_id)
        await actions.unlink_contact(work, world.ada.actor, number, world.vera.actor.contact_id)
        await actions.link_contact(work, world.ada.actor, number, world.vera.actor.contact_id)
    assert (await read(world, number)).entries[-1].contact.name == "Vera Visitor"  # type: ignore[union-attr]
    async with world.database.work() as work:
        await work.run("DELETE FROM contact WHERE id = $1", world.vera.actor.contact_id)
    details = await read(world, number)
    assert (details.contacts, details.conversations, details.row.contact_count) == ([], [], 0)
    assert [entry.contact for entry in details.entries[1:]] == [None, None]  # type: ignore[union-attr]
    async with world.database.reading() as reading:
        stored = await reading.value("SELECT string_agg(e::text, '') FROM ticket_entry e")
    assert "Vera" not in stored


async def test_a_persons_tickets_are_also_those_of_their_conversations(world: World) -> None:
    vera = world.vera.actor.contact_id
    linked = (await make(world, conversation_id=world.conversation_id)).number
    spoken = (await make(world, conversation_id=world.conversation_id)).number
    await make(world)
    async with world.database.work() as work:
        await actions.unlink_contact(work, world.ada.actor, spoken, vera)
    await edit(world, spoken, status="closed")
    async with world.database.reading() as reading:
        assert [row.number for row in await queries.tickets_of(reading, vera)] == [linked, spoken]


async def test_the_verbs_ask_the_policy_themselves(world: World) -> None:
    number = (await make(world)).number
    looker = (
        await hire(world.config, world.database, "Lou", await make_role(world.database, "Looker", ["tickets.read"]))
    ).actor
    contact_id = world.vera.actor.contact_id
    for attempt in (
        lambda work: actions.create(work, looker, NewTicket(client_id=new_client_id(), title="x")),
        lambda work: actions.edit(work, looker, number, EditTicket(title="x")),
        lambda work: actions.comment(work, looker, number, NewComment(client_id=new_client_id(), text="x")),
        lambda work: actions.link_contact(work, looker, number, contact_id),
        lambda work: actions.unlink_contact(work, looker, number, contact_id),
        lambda work: actions.link_conversation(work, looker, number, world.conversation_id),
        lambda work: actions.unlink_conversation(work, looker, number, world.conversation_id),
    ):
        with pytest.raises(Forbidden):
            async with world.database.work() as work:
                await attempt(work)
    assert len((await read(world, number)).entries) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": ""}, "ticket-title-malformed"),
        ({"title": " \u0000\n"}, "ticket-title-malformed"),
        ({"title": "x" * 201}, "ticket-title-malformed"),
        ({"title": None}, "invalid"),
        ({"description": "x" * 10_001}, "ticket-description-too-long"),
        ({"status": "done"}, "invalid"),
        ({"priority": None}, "invalid"),
        ({"due_on": "tomorrow"}, "invalid"),
        ({"due_on": "2026-02-30"}, "invalid"),
        ({"add_labels": ["x" * 41]}, "label-too-long"),
        ({"add_labels": ["x"] * 21}, "invalid"),
        ({"number": 7}, "invalid"),
        ({"created_by": str(uuid4())}, "invalid"),
        ({"last_seq": 1}, "invalid"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_words(
    world: World, browser: Browser, change: dict[str, object], code: str
) -> None:
    row = await make(world)
    answer = await browser.be(world.ada).patch(f"/tickets/{row.number}", change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await read(world, row.number)).row == row


async def test_twenty_labels_and_no_more(world: World) -> None:
    number = (await make(world, labels=[f"label {place}" for place in range(20)])).number
    with pytest.raises(Invalid, match="at most 20"):
        await edit(world, number, add_labels=["one more"])
    row = await edit(world, number, add_labels=["one more"], remove_labels=["label 0"])
    assert len(row.labels) == 20


async def test_by_the_door(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    body = {"client_id": str(new_client_id()), "title": "By the door", "description": "<b>not HTML</b>"}
    made = await browser.post("/tickets", body)
    assert made.status_code == 201
    assert (await browser.post("/tickets", body)).json() == made.json()
    path = f"/tickets/{made.json()['number']}"
    assert (await browser.patch(path, {"due_on": "2026-12-01", "priority": "high"})).json()["due_on"] == "2026-12-01"
    comment = {"client_id": str(new_client_id()), "text": "A comment"}
    assert (await browser.post(f"{path}/comments", comment)).json()["entry"]["seq"] == 3
    for method in (browser.put, browser.delete):
        assert (await method(f"{path}/conversations/{world.conversation_id}")).status_code == 200
        assert (await method(f"{path}/contacts/{world.vera.actor.contact_id}")).status_code == 200
    read_back = (await browser.get(path)).json()
    assert read_back["description"] == "<b>not HTML</b>"
    kinds = ["created", "changed", "comment", "linked", "unlinked", "unlinked"]
    assert [entry["kind"] for entry in read_back["entries"]] == kinds
    page = (await browser.get(f"{path}/entries?before=3&limit=1")).json()
    assert ([entry["seq"] for entry in page["entries"]], page["has_more"]) == ([2], True)
    theirs = await browser.get(f"/contacts/{world.vera.actor.contact_id}/tickets")
    assert theirs.json() == []
    for number in (0, 999_999, 2**53, 2**70):
        assert (await browser.get(f"/tickets/{number}")).status_code in (404, 422), number
    assert (await browser.get("/tickets/nonsense")).status_code == 404


async def test_refusals_name_a_code_and_what_to_do(world: World) -> None:
    with pytest.raises(Refusal) as refusal:
        await edit(world, 999_999, title="x")
    assert (refusal.value.code, refusal.value.status) == ("no-such-ticket", 404)
