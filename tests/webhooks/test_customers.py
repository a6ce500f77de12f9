"""What receivers hear of customers and tickets (F153), and who hears that a receiver hears nothing any more."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.schemas import EditContact, NewContact
from alongside.domains.conversations import actions as conversations
from alongside.domains.labels import actions as labels
from alongside.domains.labels.schemas import NewLabel
from alongside.domains.mail.letters import Item
from alongside.domains.privacy import actions as privacy
from alongside.domains.tickets import actions as tickets
from alongside.domains.tickets.schemas import EditTicket, NewComment, NewTicket
from alongside.domains.webhooks.letters import WEBHOOK_OFF, write_webhook_off
from alongside.kit.ids import new_client_id
from alongside.platform.mail import Letter
from tests.harness.until import until
from tests.webhooks.receiver import hook, receiving, sending
from tests.world import World


async def test_a_customer_changes_is_labelled_and_is_somebody_else(world: World) -> None:
    vera = world.vera.actor.contact_id
    async with receiving() as receiver, sending(world):
        await hook(world, receiver, "contact.changed", "contact.labelled", "contact.merged", "contact.erased")
        async with world.database.work() as work:
            label = await labels.create_label(work, world.sol.actor, NewLabel(name="Newsletter"))
            other = await contacts.create_contact(work, world.sol.actor, NewContact(name="Vera again"))
        async with world.database.work() as work:
            await contacts.edit_contact(work, world.ada.actor, vera, EditContact(name="Vera", phone="030 1"))
            await contacts.label_contact(work, world.ada.actor, vera, label.id, on=True)
            await conversations.assign_customer(work, world.ada.actor, vera, world.ben.id, None)
        await until(lambda: sorted(receiver.types) == ["contact.changed", "contact.labelled"])
        told = {each.type: each.event["data"] for each in receiver.received}
        contact = told["contact.changed"]["contact"]
        assert (contact["id"], contact["name"], contact["phone"]) == (str(vera), "Vera", "030 1")
        assert (contact["label_ids"], contact["agent_id"]) == ([str(label.id)], str(world.ben.id))
        assert contact["url"] == f"https://chat.test/console/contacts/{vera}"
        assert told["contact.labelled"]["label_name"] == "Newsletter"

        receiver.received.clear()
        async with world.database.work() as work:
            await contacts.merge(work, world.sol.actor, vera, other)
        await until(lambda: sorted(receiver.types) == ["contact.changed", "contact.merged"])
        merged = next(each for each in receiver.received if each.type == "contact.merged")
        assert merged.event["data"] == {"contact_id": str(other), "into_id": str(vera)}

        await privacy.erase(world.database, world.sol.actor, vera)
        await until(lambda: "contact.erased" in receiver.types)
        async with world.database.reading() as reading:
            kept = {row["body"] for row in await reading.rows("SELECT body FROM webhook_delivery")}
        assert not any("030 1" in body or "Vera" in body for body in kept), "what was told of them went with them"


async def test_a_ticket_is_told_without_its_words(world: World) -> None:
    async with receiving() as receiver, sending(world):
        await hook(world, receiver, "ticket.created", "ticket.changed", "ticket.commented")
        async with world.database.work() as work:
            new = NewTicket(client_id=new_client_id(), title="Vera's secret wish")
            made = await tickets.create(work, world.ada.actor, new)
        async with world.database.work() as work:
            await tickets.edit(work, world.ada.actor, made.number, EditTicket(status="pending"))
        async with world.database.work() as work:
            comment = NewComment(client_id=new_client_id(), text="She is in a hurry")
            await tickets.comment(work, world.ben.actor, made.number, comment)
        await until(lambda: len(receiver.received) == 3)
    told = {each.type: each.event["data"] for each in receiver.received}
    assert set(told) == {"ticket.created", "ticket.changed", "ticket.commented"}
    assert {data["seq"] for data in told.values()} == {1, 2, 3}
    assert told["ticket.changed"]["ticket"]["number"] == made.number
    assert told["ticket.commented"]["ticket"]["status"] == "pending"
    assert told["ticket.commented"]["author"] == {"kind": "agent", "id": str(world.ben.id), "name": "Ben"}
    assert told["ticket.created"]["ticket"]["url"] == f"https://chat.test/console/tickets/{made.number}"
    assert not any(word in each.body for each in receiver.received for word in ("secret", "hurry"))


async def test_nothing_is_noted_where_nobody_listens(world: World) -> None:
    async with world.database.work() as work:
        await contacts.edit_contact(work, world.ada.actor, world.vera.actor.contact_id, EditContact(name="Vera"))
        await tickets.create(work, world.ada.actor, NewTicket(client_id=new_client_id(), title="A parcel"))
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM webhook_fact") == 0


async def test_who_manages_webhooks_gets_a_mail_when_one_is_switched_off(world: World) -> None:
    async with receiving() as receiver, sending(world):
        receiver.answer = lambda _: 410
        await hook(world, receiver, "conversation.status_changed")
        async with world.database.work() as work:
            await conversations.set_status(work, world.ada.actor, world.conversation_id, "done")

        async def mailed() -> list[tuple[str, UUID]]:
            async with world.database.reading() as reading:
                rows = await reading.rows("SELECT address, agent_id FROM mail WHERE kind = $1", WEBHOOK_OFF)
            return [(row["address"], row["agent_id"]) for row in rows]

        await until(mailed)
        assert await mailed() == [(world.sol.email, world.sol.id)]
    item = Item(
        id=UUID(int=1),
        kind=WEBHOOK_OFF,
        address=world.sol.email,
        agent_id=world.sol.id,
        invitation_id=None,
        contact_id=None,
        conversation_id=None,
        tries=0,
    )
    async with world.database.work() as work:
        letter = await write_webhook_off(work, world.config, item)
        assert isinstance(letter, Letter)
        assert "410" in letter.text and "/console/settings/webhooks" in letter.text
        await work.run("UPDATE webhook SET active = true, off_reason = NULL")
        assert not isinstance(await write_webhook_off(work, world.config, item), Letter)
