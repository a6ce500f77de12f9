"""Values of fields: by agents, by a site's signature, by a page's word; who may know them."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from alongside.domains.contacts import actions
from alongside.domains.contacts.events import ContactChanged
from alongside.domains.contacts.schemas import Claims, FieldValue, SetField
from alongside.domains.contacts.tokens import Vouched
from alongside.domains.fields import actions as field_actions
from alongside.domains.fields.schemas import Field, FieldOption, NewField
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound
from tests.world import Browser, World, hire, make_role

OPTIONS = [FieldOption(value="gold", label="Gold"), FieldOption(value="basic", label="Basic")]


async def define(world: World, **more: Any) -> Field:
    given: dict[str, Any] = {"kind": "text", "label": {"en": more.get("key", "Order")}} | more
    async with world.database.work() as work:
        return await field_actions.create_field(work, world.sol.actor, NewField(**given))


async def put(world: World, field: Field, value: Any, actor: AgentActor | None = None, **more: Any) -> None:
    async with world.database.work() as work:
        change = SetField(value=value, **more)
        await actions.set_field(work, actor or world.ada.actor, world.vera.actor.contact_id, field.id, change)


async def known(world: World, actor: AgentActor | None = None, contact_id: UUID | None = None) -> list[FieldValue]:
    async with world.database.reading() as reading:
        contact_id = contact_id or world.vera.actor.contact_id
        return (await actions.contact_details(reading, actor or world.ada.actor, contact_id)).fields


async def claim(world: World, fields: dict[str, Any] | None) -> list[str]:
    async with world.database.work() as work:
        return await actions.claim(work, world.vera.actor, Claims(), fields)


async def vouch(world: World, fields: dict[str, Any]) -> list[str]:
    async with world.database.work() as work:
        vouched = Vouched("customer-1", "Vera", None, None, fields)
        return (await actions.recognise_visitor(work, world.site.id, vouched, world.vera.actor, "de")).left_out


async def test_an_agent_sets_changes_and_clears(world: World) -> None:
    plan = await define(world, key="plan", kind="choice", options=OPTIONS)
    assert [each.value for each in await known(world)] == [None]
    await put(world, plan, "gold")
    found = (await known(world))[0]
    assert (found.value, found.source, found.set_by) == ("gold", "agent", world.ada.id)
    assert world.facts.of(ContactChanged)[-1].contact_id == world.vera.actor.contact_id
    with pytest.raises(Invalid, match="none of its options"):
        await put(world, plan, "silver")
    await put(world, plan, "")
    assert (await known(world))[0] == FieldValue(field_id=plan.id)


async def test_a_required_field_is_changed_but_not_cleared(world: World) -> None:
    order = await define(world, required=True)
    await put(world, order, None)
    await put(world, order, "4711")
    with pytest.raises(Invalid, match="required"):
        await put(world, order, None)
    await put(world, order, "4712")
    assert (await known(world))[0].value == "4712"


async def test_two_who_change_different_fields_lose_nothing(world: World) -> None:
    made = [await define(world, key=f"field_{number}") for number in range(6)]
    await asyncio.gather(*(put(world, field, field.key, was=None) for field in made))
    assert [each.value for each in await known(world)] == [field.key for field in made]


async def test_of_two_who_change_the_same_field_the_second_is_told(world: World) -> None:
    number = await define(world, kind="number", key="orders")
    await put(world, number, 1)
    answers = await asyncio.gather(*(put(world, number, new, was=1.0) for new in (2, 3)), return_exceptions=True)
    refused = [each for each in answers if isinstance(each, Conflict)]
    assert len(refused) == 1
    value = (await known(world))[0].value
    assert value in (2, 3)
    assert refused[0].details == {"value": value}


async def test_what_a_role_may_not_know_does_not_leave_the_server(world: World, browser: Browser) -> None:
    role_id = await make_role(world.database, "Doctors", ["contacts.edit"])
    doctor = await hire(world.config, world.database, "Dana", role_id)
    secret = await define(world, key="allergy", role_ids=[role_id], set_by_page="unsigned")
    await put(world, secret, "pollen", doctor.actor)
    await claim(world, {"allergy": "penicillin"})
    assert await known(world) == []
    with pytest.raises(NotFound):
        await put(world, secret, "none")
    contact = f"/contacts/{world.vera.actor.contact_id}"
    for path in (contact, "/contacts", "/contacts?search=pollen", "/fields"):
        text = (await browser.be(world.ada).get(path)).text
        assert "pollen" not in text
        assert "penicillin" not in text
        assert "allergy" not in text
    assert "pollen" in (await browser.be(doctor).get(contact)).text
    assert (await known(world, world.sol.actor))[0].value == "pollen", "an admin may know everything"


async def test_who_may_not_edit_may_not_set(world: World) -> None:
    order = await define(world)
    with pytest.raises(Forbidden):
        await put(world, order, "x", AgentActor(world.ada.id, world.ada.actor.session_id, "Ada", frozenset()))


async def test_a_page_claims_and_never_overwrites(world: World) -> None:
    order = await define(world, key="order", set_by_page="unsigned")
    await put(world, order, "4711")
    assert await claim(world, {"order": " 9999 "}) == []
    found = (await known(world))[0]
    assert (found.value, found.claim, found.source) == ("4711", "9999", "agent")
    await put(world, order, None)
    assert ((await known(world))[0].value, (await known(world))[0].claim) == (None, "9999")
    await claim(world, None)
    assert (await known(world))[0].claim == "9999", "a page that says nothing of fields takes nothing back"
    await claim(world, {})
    assert (await known(world))[0].claim is None
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM contact_field") == 0


async def test_what_cannot_be_taken_is_left_out_and_the_rest_is_not_lost(world: World) -> None:
    await define(world, key="signed_only", set_by_page="signed")
    await define(world, key="never")
    await define(world, key="orders", kind="number", set_by_page="unsigned")
    await define(world, key="plan", set_by_page="unsigned")
    said = {"signed_only": "x", "never": "x", "nothing": "x", "orders": {"deep": []}, "plan": "gold"}
    left_out = await claim(world, said)
    assert [each.claim for each in await known(world)] == [None, None, None, "gold"]
    told = {line.split('"')[1]: line.split(": ", 1)[1] for line in left_out}
    assert told.keys() == {"signed_only", "never", "nothing", "orders"}
    assert told["signed_only"] == told["never"] == told["nothing"], "nobody learns which fields there are"
    assert told["orders"].startswith("this is not a number")


async def test_a_signature_sets_and_clears(world: World) -> None:
    await define(world, key="plan", kind="choice", options=OPTIONS, set_by_page="signed")
    await define(world, key="orders", kind="number", set_by_page="unsigned")
    await define(world, key="never")
    left_out = await vouch(world, {"plan": "gold", "orders": 3, "never": "x", "plan2": None})
    assert [each.value for each in await known(world)] == ["gold", 3, None]
    assert {each.source for each in await known(world)} == {"signed", None}
    assert len(left_out) == 2
    await vouch(world, {"plan": None})
    assert [each.value for each in await known(world)] == [None, 3, None]
    assert await claim(world, {"orders": 9}) == []


async def test_claims_do_not_touch_a_proven_identity(world: World) -> None:
    await define(world, key="orders", kind="number", set_by_page="unsigned")
    async with world.database.work() as work:
        vouched = Vouched("customer-1", "Vera", None, None, {"orders": 3})
        new = await actions.recognise_visitor(work, world.site.id, vouched, world.vera.actor, "de")
        assert await actions.claim(work, new.actor, Claims(), {"orders": 9}) == []
    assert [(each.value, each.claim) for each in await known(world)] == [(3, None)]


async def test_by_the_widgets_door(world: World, browser: Browser) -> None:
    await define(world, key="orders", kind="number", set_by_page="unsigned")
    claims = {"name": "Vera", "fields": {"orders": "12", "other": 1, "deep": {"a": [{}]}}}
    for path in ("/widget/visitors", "/widget/identify"):
        answer = await browser.post(path, {"channel": world.site.key, "claims": claims})
        assert answer.status_code == 201, answer.text
        body = answer.json()
        assert (body["visitor"]["name"], len(body["left_out"])) == ("Vera", 2)
        assert set(body) == {"token", "visitor", "left_out"}
    rows = (await browser.be(world.sol).get("/contacts?search=vera")).json()["rows"]
    details = (await browser.get(f"/contacts/{rows[0]['id']}")).json()
    assert [each["claim"] for each in details["fields"]] == [12]


async def test_it_goes_with_the_contact(world: World) -> None:
    order = await define(world, set_by_page="unsigned")
    await put(world, order, "4711")
    async with world.database.work() as work:
        await work.run("DELETE FROM contact WHERE id = $1", world.vera.actor.contact_id)
        assert await work.value("SELECT count(*) FROM contact_field") == 0


async def test_what_is_not_there(world: World) -> None:
    order = await define(world)
    async with world.database.work() as work:
        for contact_id, field_id in ((new_client_id(), order.id), (world.vera.actor.contact_id, new_client_id())):
            with pytest.raises(NotFound):
                await actions.set_field(work, world.ada.actor, contact_id, field_id, SetField(value="x"))
