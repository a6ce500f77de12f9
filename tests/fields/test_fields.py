"""Defining fields by the doors: who may, what is refused, and that definitions and values hold together."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest

from alongside.domains.agents.actions.roles import delete_role
from alongside.domains.contacts.actions.fields import set_field
from alongside.domains.contacts.schemas import SetField
from alongside.domains.fields.actions import delete_field, edit_field
from alongside.domains.fields.events import FieldsChanged
from alongside.domains.fields.schemas import EditField
from alongside.kit.ids import new_client_id
from alongside.platform.errors import Conflict, Invalid, NotFound
from tests.world import Browser, World, hire, make_role

PLAN = {
    "kind": "choice",
    "label": {"en": "Plan", "de": "Tarif"},
    "options": [{"value": "gold", "label": "Gold"}, {"value": "basic", "label": "Basic"}],
}


@pytest.fixture
async def sol(world: World, browser: Browser) -> Browser:
    return browser.be(world.sol)


async def define(browser: Browser, **more: Any) -> dict[str, Any]:
    answer = await browser.post("/fields", {"kind": "text", "label": {"en": "Order"}} | more)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def keys(browser: Browser) -> list[str]:
    return [each["key"] for each in (await browser.get("/fields")).json()["fields"]]


async def test_a_field_is_defined_changed_and_deleted(world: World, sol: Browser) -> None:
    plan = await define(sol, **PLAN, required=True, set_by_page="signed", help={"en": "What they pay for"})
    assert (plan["key"], plan["required"], plan["personal"], plan["archived_at"]) == ("plan", True, True, None)
    change = {"label": {"en": "Tariff"}, "set_by_page": "unsigned", "personal": False}
    edited = (await sol.patch(f"/fields/{plan['id']}", change)).json()
    assert (edited["label"], edited["set_by_page"], edited["options"]) == (
        {"en": "Tariff"},
        "unsigned",
        plan["options"],
    )
    answer = await sol.delete(f"/fields/{plan['id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "field-in-use")
    assert (await sol.patch(f"/fields/{plan['id']}", {"archived": True})).json()["archived_at"]
    assert (await sol.delete(f"/fields/{plan['id']}")).status_code == 204
    assert await keys(sol) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"label": {}}, "field-label-malformed"),
        ({"label": {"en": "x" * 81}}, "field-label-malformed"),
        ({"key": "name"}, "field-key-taken"),
        ({"key": "Not a key"}, "field-key-malformed"),
        ({"kind": "choice"}, "field-options-missing"),
        ({"options": PLAN["options"]}, "field-options-unwanted"),
        ({"help": {"en": "x" * 301}}, "field-help-too-long"),
        ({"role_ids": [str(uuid4())]}, "no-such-role"),
        ({"kind": "colour"}, "invalid"),
        ({"set_by_page": "always"}, "invalid"),
        ({"position": 1}, "invalid"),
        ({"label": {"en": "a\x00b"}}, "invalid"),
    ],
)
async def test_a_wrong_definition_is_refused(sol: Browser, body: dict[str, Any], code: str) -> None:
    answer = await sol.post("/fields", {"kind": "text", "label": {"en": "Order"}} | body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert await keys(sol) == []


async def test_a_key_is_used_once_and_kind_and_key_stay(sol: Browser) -> None:
    order = await define(sol)
    answer = await sol.post("/fields", {"kind": "number", "label": {"en": "Order"}})
    assert (answer.status_code, answer.json()["code"]) == (409, "field-key-used")
    for change in ({"key": "other"}, {"kind": "number"}):
        assert (await sol.patch(f"/fields/{order['id']}", change)).status_code == 422


async def test_the_order_is_set_as_a_whole(sol: Browser) -> None:
    made = [await define(sol, key=key) for key in ("one", "two", "three")]
    ids = [each["id"] for each in made]
    assert (await sol.put("/fields/order", {"ids": [ids[2], ids[0], ids[1]]})).status_code == 204
    assert await keys(sol) == ["three", "one", "two"]
    for wrong in (ids[:2], [*ids, str(uuid4())], [ids[0], ids[0], ids[1]]):
        answer = await sol.put("/fields/order", {"ids": wrong})
        assert (answer.status_code, answer.json()["code"]) == (409, "fields-changed")
    assert await keys(sol) == ["three", "one", "two"]


async def test_only_who_may_defines_fields(world: World, browser: Browser, sol: Browser) -> None:
    made = await define(sol)
    browser.be(world.ada)
    for method, path, body in (
        ("POST", "/fields", {"kind": "text", "label": {"en": "x"}}),
        ("PATCH", f"/fields/{made['id']}", {"required": True}),
        ("PUT", "/fields/order", {"ids": [made["id"]]}),
        ("GET", f"/fields/{made['id']}/use", None),
        ("DELETE", f"/fields/{made['id']}", None),
    ):
        answer = await browser.call(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
    assert await keys(browser) == ["order"]


async def test_agents_read_the_fields_in_use_of_their_role(world: World, browser: Browser, sol: Browser) -> None:
    role_id = str(await make_role(world.database, "Doctors", []))
    doctor = await hire(world.config, world.database, "Dana", role_id)  # type: ignore[arg-type]
    await define(sol, key="open")
    await define(sol, key="secret", role_ids=[role_id])
    old = await define(sol, key="old")
    await sol.patch(f"/fields/{old['id']}", {"archived": True})
    assert await keys(browser.be(world.ada)) == ["open"]
    assert await keys(browser.be(doctor)) == ["open", "secret"]
    assert await keys(browser.be(world.sol)) == ["open", "secret", "old"]


async def test_who_defines_fields_learns_no_values_by_it(world: World, browser: Browser, sol: Browser) -> None:
    role_id = str(await make_role(world.database, "Doctors", []))
    secret = await define(sol, key="secret", role_ids=[role_id])
    contact = f"/contacts/{world.vera.actor.contact_id}"
    await sol.put(f"{contact}/fields/{secret['id']}", {"value": "pollen"})
    manager_role = await make_role(
        world.database, "Configurators", ["fields.manage", "contacts.edit", "contacts.export"]
    )
    manager = browser.be(await hire(world.config, world.database, "Max", manager_role))
    assert await keys(manager) == ["secret"]
    for path in (contact, "/contacts?search=pollen", "/contacts/export"):
        answer = await manager.get(path)
        assert answer.status_code == 200
        assert "pollen" not in answer.text
    assert (await manager.get("/contacts?search=pollen")).json()["rows"] == []
    assert (await manager.put(f"{contact}/fields/{secret['id']}", {"value": "cats"})).status_code == 404
    assert len((await browser.be(world.sol).get("/contacts?search=pollen")).json()["rows"]) == 1


async def test_a_role_that_is_gone_opens_nothing(world: World, browser: Browser, sol: Browser) -> None:
    role_id = await make_role(world.database, "Doctors", [])
    secret = await define(sol, key="secret", role_ids=[str(role_id)])
    async with world.database.work() as work:
        await work.run("DELETE FROM role WHERE id = $1", role_id)
    assert (await sol.patch(f"/fields/{secret['id']}", {"required": True})).status_code == 200
    assert await keys(browser.be(world.ada)) == []


async def test_options_are_renamed_where_they_are_searched_too(world: World, sol: Browser) -> None:
    plan = await define(sol, **PLAN)
    contact = f"/contacts/{world.vera.actor.contact_id}"
    assert (await sol.put(f"{contact}/fields/{plan['id']}", {"value": "gold"})).status_code == 200
    renamed = [{"value": "gold", "label": "Premium"}, PLAN["options"][1]]  # type: ignore[index]
    await sol.patch(f"/fields/{plan['id']}", {"options": renamed})
    assert len((await sol.get("/contacts?search=premium")).json()["rows"]) == 1
    assert (await sol.get("/contacts?search=gold")).json()["rows"] == []


async def test_deleting_says_how_much_goes_and_takes_it(world: World, sol: Browser) -> None:
    made = await define(sol)
    contact = f"/contacts/{world.vera.actor.contact_id}"
    await sol.put(f"{contact}/fields/{made['id']}", {"value": "4711"})
    assert (await sol.get(f"/fields/{made['id']}/use")).json() == {"contacts": 1}
    await sol.patch(f"/fields/{made['id']}", {"archived": True})
    assert (await sol.get(contact)).json()["fields"] == []
    await sol.patch(f"/fields/{made['id']}", {"archived": False})
    assert (await sol.get(contact)).json()["fields"][0]["value"] == "4711"
    await sol.patch(f"/fields/{made['id']}", {"archived": True})
    await sol.delete(f"/fields/{made['id']}")
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM contact_field") == 0


async def test_what_is_not_there(sol: Browser) -> None:
    for method in ("PATCH", "DELETE"):
        answer = await sol.call(method, f"/fields/{new_client_id()}", json={"required": True})
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-field")


async def test_every_change_is_told(world: World, browser: Browser) -> None:
    from alongside.domains.fields import actions
    from alongside.domains.fields.schemas import EditField, NewField

    async with world.database.work() as work:
        made = await actions.create_field(work, world.sol.actor, NewField(kind="text", label={"en": "Order"}))
        await actions.edit_field(work, world.sol.actor, made.id, EditField(archived=True))
        await actions.order_fields(work, world.sol.actor, [made.id])
        await actions.delete_field(work, world.sol.actor, made.id)
    assert len(world.facts.of(FieldsChanged)) == 4


async def test_a_role_that_goes_is_named_by_no_field_and_opens_none_to_everybody(world: World, sol: Browser) -> None:
    sales = await make_role(world.database, "Sales", [])
    spare = await make_role(world.database, "Spare", [])
    shared = await define(sol, label={"en": "Shared"}, role_ids=[str(sales), str(spare)])
    alone = await define(sol, label={"en": "Alone"}, role_ids=[str(spare)])
    refused = await sol.delete(f"/roles/{spare}")
    assert (refused.status_code, refused.json()["code"]) == (409, "role-knows-fields")
    assert '"Alone"' in refused.json()["message"]
    await sol.patch(f"/fields/{alone['id']}", {"role_ids": [str(sales)]})
    assert (await sol.delete(f"/roles/{spare}")).status_code == 204
    fields = {each["id"]: each for each in (await sol.get("/fields")).json()["fields"]}
    assert fields[shared["id"]]["role_ids"] == [str(sales)]


async def test_a_role_is_not_given_to_a_field_while_it_goes(world: World, sol: Browser) -> None:
    """Whoever comes first, afterwards no field names a role that is gone, and nobody gets an error of the server."""
    for number in range(6):
        spare = await make_role(world.database, f"Spare {number}", [])
        field = await define(sol, label={"en": f"Field {number}"})
        await asyncio.gather(
            _edit_field(world, field["id"], spare), _delete_role(world, spare), return_exceptions=False
        )
        async with world.database.reading() as reading:
            named: list[UUID] = await reading.value("SELECT role_ids FROM field WHERE id = $1", UUID(field["id"]))
            there = await reading.value("SELECT count(*) FROM role WHERE id = $1", spare)
        assert (named == [spare]) == bool(there)


async def test_a_field_that_is_archived_while_somebody_fills_it_in_says_so(world: World, sol: Browser) -> None:
    """In every order the answer is clear, and nothing stays behind of a field that is gone."""
    contact_id = world.vera.actor.contact_id
    for number in range(6):
        field_id = UUID((await define(sol, label={"en": f"Field {number}"}))["id"])

        async def fill(field_id: UUID = field_id) -> None:
            async with world.database.work() as work:
                await set_field(work, world.sol.actor, contact_id, field_id, SetField(value="x"))

        async def remove(field_id: UUID = field_id) -> None:
            async with world.database.work() as work:
                await edit_field(work, world.sol.actor, field_id, EditField(archived=True))
                await delete_field(work, world.sol.actor, field_id)

        steps = (fill(), remove()) if number % 2 else (remove(), fill())
        outcomes = await asyncio.gather(*steps, return_exceptions=True)
        assert [each for each in outcomes if each is not None and not isinstance(each, NotFound)] == []
        async with world.database.reading() as reading:
            left = await reading.value("SELECT count(*) FROM contact_field WHERE field_id = $1", field_id)
        assert left == 0


async def _edit_field(world: World, field_id: str, role_id: UUID) -> None:
    with suppress(Invalid):
        async with world.database.work() as work:
            await edit_field(work, world.sol.actor, UUID(field_id), EditField(role_ids=[role_id]))


async def _delete_role(world: World, role_id: UUID) -> None:
    with suppress(Conflict):
        async with world.database.work() as work:
            await delete_role(work, world.sol.actor, role_id)
