"""Two contacts become one person, and two again; no visitor ever sees more for it."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from alongside.domains.contacts import actions, queries
from alongside.domains.contacts.actions import NewVisitor
from alongside.domains.contacts.schemas import Claims, ContactDetails, EditContact, SetField
from alongside.domains.contacts.tokens import Vouched
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations.actions import Rating
from alongside.domains.fields import actions as field_actions
from alongside.domains.fields.schemas import Field, NewField
from alongside.domains.labels import actions as labels
from alongside.domains.labels.schemas import NewLabel
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor
from alongside.platform.errors import Conflict, Forbidden, NotFound
from tests.world import Browser, World


async def arrive(world: World, name: str | None = None) -> NewVisitor:
    """Somebody writes on the same site."""
    async with world.database.work() as work:
        new = await actions.meet_visitor(work, world.site.id, Claims(name=name), "en")
        place = await conversations.begin(work, new.actor)
    await messages.post(world.database, new.actor, place, Draft(new_client_id(), f"I am {name}"), 1_000)
    return new


async def recognise(world: World, subject: str, current: NewVisitor | None = None) -> NewVisitor:
    async with world.database.work() as work:
        actor = current.actor if current else None
        return await actions.recognise_visitor(work, world.site.id, Vouched(subject, None, None, None), actor, "en")


async def merge(world: World, kept: UUID, gone: UUID) -> UUID:
    async with world.database.work() as work:
        return await actions.merge(work, world.sol.actor, kept, gone)


async def details(world: World, contact_id: UUID) -> ContactDetails:
    async with world.database.snapshot() as reading:
        return await actions.contact_details(reading, world.sol.actor, contact_id)


async def undo(world: World, contact_id: UUID) -> None:
    merge_id = (await details(world, contact_id)).merges[0].id
    async with world.database.work() as work:
        await actions.undo_merge(work, world.sol.actor, merge_id)


async def edit(world: World, contact_id: UUID, **change: str | None) -> None:
    async with world.database.work() as work:
        await actions.edit_contact(work, world.ada.actor, contact_id, EditContact(**change))


async def make_field(world: World, key: str) -> Field:
    async with world.database.work() as work:
        return await field_actions.create_field(
            work, world.sol.actor, NewField(kind="text", label={"en": key}, set_by_page="unsigned")
        )


async def set_field(world: World, contact_id: UUID, field: Field, value: str) -> None:
    async with world.database.work() as work:
        await actions.set_field(work, world.ada.actor, contact_id, field.id, SetField(value=value))


async def carry(world: World, contact_id: UUID, name: str) -> UUID:
    async with world.database.work() as work:
        label = await labels.create_label(work, world.sol.actor, NewLabel(name=name))
        await actions.label_contact(work, world.ada.actor, contact_id, label.id, on=True)
        return label.id


async def all_of(world: World) -> list[str]:
    """Everything that a merge could touch."""
    async with world.database.reading() as reading:
        return [
            str(
                await reading.value(
                    f"SELECT string_agg((to_jsonb(t) - 'changed_in')::text, '|' ORDER BY {order}) FROM {table} t"
                )
            )
            for table, order in (
                *(("contact", "id"), ("conversation", "id"), ("identity", "id"), ("visit", "id")),
                *(("episode", "conversation_id, number"), ("transcript_wish", "conversation_id")),
                *(("consent", "contact_id, version"), ("ticket_contact", "ticket_number, contact_id")),
                (
                    "(SELECT contact_id, field_id, value, claim, source, search FROM contact_field)",
                    "contact_id, field_id",
                ),
            )
        ]


async def test_one_person_with_all_conversations_of_the_same_channel(world: World, browser: Browser) -> None:
    vera, phone = world.vera.actor.contact_id, await arrive(world, "Vera on the phone")
    await edit(world, vera, name="Vera")
    await edit(world, phone.actor.contact_id, name="V.", phone="030 123")
    assert await merge(world, vera, phone.actor.contact_id) == vera
    for asked in (vera, phone.actor.contact_id):
        found = await details(world, asked)
        assert (found.contact.id, found.contact.name, found.contact.phone) == (vera, "Vera", "030 123")
        assert len({each.conversation_id for each in found.episodes}) == 2
    rows = (await browser.be(world.ada).get("/conversations?folder=all&search=vera")).json()["rows"]
    assert [row["contact"]["name"] for row in rows] == ["Vera", "Vera"]
    listed = (await browser.get("/contacts")).json()["rows"]
    assert [row["id"] for row in listed] == [str(vera)]
    await edit(world, phone.actor.contact_id, name="Vera Visitor")
    rows = (await browser.get("/conversations?folder=all")).json()["rows"]
    assert {row["contact"]["name"] for row in rows} == {"Vera Visitor"}, "what is done to one is done to the person"


async def test_no_visitor_sees_more_than_before(world: World, browser: Browser) -> None:
    """P20: an agent's belief gives no browser another's history."""
    await recognise(world, "customer-1", NewVisitor(world.vera.token, world.vera.actor))
    other = await arrive(world, "Mallory")
    await merge(world, world.vera.actor.contact_id, other.actor.contact_id)
    headers = {"authorization": f"Bearer {other.token}"}
    seen = (await browser.call("GET", "/widget/conversation", headers=headers)).json()
    assert [message["text"] for message in seen["messages"]] == ["I am Mallory"]
    async with world.database.reading() as reading:
        actor = await actions.authenticate_visitor(reading, world.site.id, other.token)
        assert (actor, actor.verified) == (other.actor, False)
    row = next(
        row
        for row in (await browser.be(world.ada).get("/conversations?folder=all")).json()["rows"]
        if row["contact"]["id"] == str(other.actor.contact_id)
    )
    assert not row["contact"]["verified"], "who writes there has proven nothing"


async def test_undo_brings_everything_back(world: World) -> None:
    vera, other = world.vera.actor.contact_id, (await arrive(world, "Other")).actor.contact_id
    size, shoe = await make_field(world, "size"), await make_field(world, "shoe")
    await edit(world, vera, name="Vera")
    await edit(world, other, name="V.", email="v@example.com", phone="1")
    await set_field(world, vera, size, "M")
    await set_field(world, other, size, "L")
    await set_field(world, other, shoe, "39")
    async with world.database.work() as work:
        await actions.claim(work, world.vera.actor, Claims(name="claimed"), {"shoe": "40"})
    await carry(world, vera, "one")
    await carry(world, other, "two")
    before = await all_of(world)
    await merge(world, vera, other)
    found = await details(world, vera)
    assert [(each.value, each.claim) for each in found.fields] == [("M", None), ("39", "40")]
    assert (found.contact.name, found.contact.email, len(found.contact.label_ids)) == ("Vera", "v@example.com", 2)
    assert [(each.name, each.by_id) for each in found.merges] == [("V.", world.sol.id)]
    await undo(world, vera)
    assert await all_of(world) == before


async def leave_traces(world: World, browser: Browser, visitor: NewVisitor) -> None:
    """They agree to a wording, rate an episode, want the next one by mail, are named by a ticket, belong to Ada."""
    who = visitor.actor.contact_id
    async with world.database.work() as work:
        await work.run(
            """INSERT INTO consent_text (channel_id, version, texts) VALUES ($1, 1, '{"en": "Agree?"}')""",
            world.site.id,
        )
        await work.run(
            "INSERT INTO consent (contact_id, channel_id, version, language) VALUES ($1, $2, 1, 'en')",
            who,
            world.site.id,
        )
        place = await work.value("SELECT id FROM conversation WHERE contact_id = $1", who)
        await conversations.set_status(work, world.sol.actor, place, "done")
        await conversations.rate(work, visitor.actor, Rating(1, 4, None))
        await work.run("INSERT INTO transcript_wish VALUES ($1, 1, 'v@home.test')", place)
        await actions.give_contact(work, world.sol.actor, who, world.ada.id, None)
    new = {"client_id": str(new_client_id()), "conversation_id": str(place), "title": "Broken tent"}
    made = await browser.be(world.sol).post("/tickets", new)
    assert made.status_code == 201, made.text


async def test_what_hangs_on_each_stays_there_and_the_person_shows_all(world: World, browser: Browser) -> None:
    """Consent, rating, transcript by mail, tickets, whose they are: the merge moves none, the undo loses none."""
    vera, other = world.vera.actor.contact_id, await arrive(world, "Other")
    await leave_traces(world, browser, other)
    before = await all_of(world)
    await merge(world, vera, other.actor.contact_id)
    for asked in (vera, other.actor.contact_id):
        found = await details(world, asked)
        assert [(each.version, each.text) for each in found.consents] == [(1, "Agree?")]
        assert sorted(str(each.rating) for each in found.episodes) == ["4", "None"]
        assert (found.contact.agent_id, found.contact.team_id) == (world.ada.id, None)
        tickets = (await browser.get(f"/contacts/{asked}/tickets")).json()
        assert [each["title"] for each in tickets] == ["Broken tent"]
    await undo(world, vera)
    assert await all_of(world) == before
    assert (await details(world, vera)).consents == []
    assert (await browser.get(f"/contacts/{vera}/tickets")).json() == []


async def test_an_undo_brings_back_nothing_that_was_deleted_meanwhile(world: World, browser: Browser) -> None:
    vera, other = world.vera.actor.contact_id, (await arrive(world)).actor.contact_id
    label = await carry(world, other, "gone")
    team = (await browser.be(world.sol).post("/teams", {"name": "Gone"})).json()["id"]
    async with world.database.work() as work:
        await actions.give_contact(work, world.sol.actor, other, None, UUID(team))
    await merge(world, vera, other)
    assert (await details(world, vera)).contact.team_id == UUID(team)
    for deleted in (f"/labels/{label}", f"/teams/{team}"):
        assert (await browser.delete(deleted)).is_success
    await undo(world, vera)
    found = (await details(world, other)).contact
    assert (found.label_ids, found.team_id) == ([], None)


async def test_undo_keeps_what_was_changed_since(world: World) -> None:
    vera, other = world.vera.actor.contact_id, (await arrive(world)).actor.contact_id
    shoe = await make_field(world, "shoe")
    await edit(world, other, email="v@example.com", phone="1")
    await set_field(world, other, shoe, "39")
    await merge(world, vera, other)
    await edit(world, vera, email="new@example.com")
    await set_field(world, vera, shoe, "41")
    late = await carry(world, vera, "late")
    await undo(world, vera)
    kept, gone = await details(world, vera), await details(world, other)
    assert (kept.contact.email, kept.contact.phone, kept.fields[0].value) == ("new@example.com", None, "41")
    assert (gone.contact.email, gone.contact.phone, gone.fields[0].value) == ("v@example.com", "1", "39")
    assert (kept.contact.label_ids, gone.contact.label_ids) == ([late], [])


async def test_two_verified_ids_stay_two(world: World) -> None:
    vera = await recognise(world, "customer-1", NewVisitor(world.vera.token, world.vera.actor))
    ben = await recognise(world, "customer-2")
    before = await all_of(world)
    with pytest.raises(Conflict, match=r"customer-1, customer-2"):
        await merge(world, vera.actor.contact_id, ben.actor.contact_id)
    assert await all_of(world) == before


async def test_the_verified_one_is_kept_whichever_was_named(world: World) -> None:
    ben = await recognise(world, "customer-2")
    assert await merge(world, world.vera.actor.contact_id, ben.actor.contact_id) == ben.actor.contact_id


async def test_whom_the_site_tells_apart_later_is_apart_again(world: World) -> None:
    ben = await recognise(world, "customer-2")
    await merge(world, ben.actor.contact_id, world.vera.actor.contact_id)
    await recognise(world, "customer-1", NewVisitor(world.vera.token, world.vera.actor))
    found = await details(world, world.vera.actor.contact_id)
    assert (found.contact.id, found.contact.verified_id) == (world.vera.actor.contact_id, "customer-1")
    assert (await details(world, ben.actor.contact_id)).contact.verified_id == "customer-2"
    await undo(world, ben.actor.contact_id)  # what was taken over goes back as well
    assert (await details(world, ben.actor.contact_id)).merges == []


async def test_a_merged_visitor_proves_to_be_the_one_it_was_merged_with(world: World) -> None:
    ben = await recognise(world, "customer-2")
    await merge(world, ben.actor.contact_id, world.vera.actor.contact_id)
    same = await recognise(world, "customer-2", NewVisitor(world.vera.token, world.vera.actor))
    assert same.actor.contact_id == ben.actor.contact_id
    assert (await details(world, world.vera.actor.contact_id)).contact.id == ben.actor.contact_id


async def test_chains_are_flat_and_undone_from_the_end(world: World) -> None:
    one, two, three = world.vera.actor.contact_id, *[(await arrive(world)).actor.contact_id for _ in range(2)]
    before = await all_of(world)
    await merge(world, two, three)
    await merge(world, one, two)
    async with world.database.reading() as reading:
        assert {(await queries.standing(reading, each)).person_id for each in (one, two, three)} == {one}
        first = await reading.value("SELECT id FROM contact_merge WHERE kept_id = $1", two)
    async with world.database.work() as work:
        with pytest.raises(Conflict, match="later merge first"):
            await actions.undo_merge(work, world.sol.actor, first)
    await undo(world, one)
    assert (await details(world, three)).contact.id == two
    await undo(world, two)
    assert await all_of(world) == before


async def test_of_many_who_merge_at_once_one_wins(world: World) -> None:
    vera, other = world.vera.actor.contact_id, (await arrive(world)).actor.contact_id
    pairs = [(vera, other), (other, vera)] * 3
    answers = await asyncio.gather(*(merge(world, *pair) for pair in pairs), return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["Conflict"] * 5 + ["UUID"]
    assert len((await details(world, vera)).merges) == 1


async def test_who_edits_while_others_merge_loses_nothing(world: World) -> None:
    vera, other = world.vera.actor.contact_id, (await arrive(world)).actor.contact_id
    await asyncio.gather(
        merge(world, vera, other), edit(world, other, phone="030"), edit(world, vera, email="v@x.test")
    )
    found = (await details(world, vera)).contact
    assert (found.phone, found.email) == ("030", "v@x.test")


async def test_after_a_day_it_cannot_be_undone(world: World) -> None:
    vera, other = world.vera.actor.contact_id, (await arrive(world)).actor.contact_id
    await merge(world, vera, other)
    merge_id = (await details(world, vera)).merges[0].id
    async with world.database.work() as work:
        await work.run("UPDATE contact_merge SET at = now() - interval '25 hours'")
        assert (await actions.contact_details(work, world.sol.actor, vera)).merges == []
        with pytest.raises(NotFound, match="for a day"):
            await actions.undo_merge(work, world.sol.actor, merge_id)
        assert await actions.forget_merges(work) == 1
        assert await actions.forget_merges(work) == 0
    assert (await details(world, other)).contact.id == vera


async def test_all_of_a_person_goes_together(world: World) -> None:
    vera, other = world.vera.actor.contact_id, (await arrive(world)).actor.contact_id
    await merge(world, vera, other)
    async with world.database.work() as work:
        await work.run("DELETE FROM contact WHERE id = $1", vera)
        for table in ("contact", "conversation", "contact_merge"):
            assert await work.value(f"SELECT count(*) FROM {table}") == 0


async def test_who_may_and_what_cannot(world: World, browser: Browser) -> None:
    vera, other = world.vera.actor.contact_id, (await arrive(world)).actor.contact_id
    nobody = AgentActor(world.ada.id, world.ada.actor.session_id, "Ada", frozenset(["contacts.edit"]))
    async with world.database.work() as work:
        with pytest.raises(Forbidden):
            await actions.merge(work, nobody, vera, other)
        with pytest.raises(Forbidden):
            await actions.undo_merge(work, nobody, new_client_id())
        with pytest.raises(NotFound):
            await actions.merge(work, world.sol.actor, vera, new_client_id())
        with pytest.raises(Conflict, match="one person already"):
            await actions.merge(work, world.sol.actor, vera, vera)
    answer = await browser.be(world.ada).post(f"/contacts/{vera}/merge", {"contact_id": str(other)})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
    answer = await browser.be(world.sol).post(f"/contacts/{vera}/merge", {"contact_id": str(other)})
    assert answer.json()["contact"]["id"] == str(vera)
    undone = await browser.post(f"/contacts/merges/{answer.json()['merges'][0]['id']}/undo")
    assert (undone.status_code, undone.json()["merges"]) == (200, [])
