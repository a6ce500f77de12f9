"""A person is erased: nothing of them is left anywhere, nobody else is touched (P59)."""

from __future__ import annotations

import asyncio
import re
import subprocess

import asyncpg
import msgspec
import pytest

from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.actions import PageSeen
from alongside.domains.contacts.events import IdentityRevoked
from alongside.domains.contacts.schemas import Claims
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.privacy import actions, queries
from alongside.domains.privacy.events import ContactErased, CustomerErased
from alongside.kit.ids import new_client_id
from alongside.platform import pgtools
from alongside.platform.auth.actor import NOBODY, VisitorActor
from alongside.platform.errors import Forbidden, NotFound, Unauthorized
from tests.harness.until import until
from tests.world import Browser, World

CANARY = "canary-7f3a"

TEXTS = """
SELECT c.relname AS place, a.attname AS name
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = '' AND a.atttypid = 'text'::regtype AND a.attname NOT IN ('kind', 'status')
"""

CHECKSUM = """
SELECT md5(coalesce(string_agg(row::text, '' ORDER BY row::text), '')) FROM "{table}" row WHERE NOT ({condition})
"""


async def plant(world: World) -> int:
    """A canary in every text about Vera that may hold any word. Returns how many."""
    planted = 0
    async with world.database.reading() as reading:
        register = await queries.register(reading)
        columns = await reading.rows(TEXTS)
    for column in columns:
        if condition := register.conditions.get(column["place"]):
            statement = f'UPDATE "{column["place"]}" SET "{column["name"]}" = $2 WHERE {condition}'
            try:
                async with world.database.work() as work:
                    mark = f"{CANARY}-{column['place']}-{column['name']}"
                    planted += await work.run(statement, world.vera.actor.contact_id, mark) > 0
            except (asyncpg.CheckViolationError, asyncpg.UniqueViolationError):
                pass  # a column of a few words of ours, or of ids
    return planted


async def sums_of_others(world: World) -> dict[str, str]:
    """A checksum over each table without Vera's rows."""
    async with world.database.reading() as reading:
        register = await queries.register(reading)
        return {
            table: await reading.value(CHECKSUM.format(table=table, condition=condition), world.vera.actor.contact_id)
            for table, condition in register.conditions.items()
        }


def dump(world: World) -> str:
    """The whole database as SQL."""
    assert world.config.database_url
    with pgtools.environment(world.config.database_url) as env:
        process = pgtools.start("pg_dump", ["--inserts"], env, stdout=subprocess.PIPE)
        told, _ = process.communicate()
    return bytes(told).decode()


async def say(world: World, actor: VisitorActor, text: str) -> None:
    async with world.database.work() as work:
        conversation_id = await conversations.begin(work, actor)
    draft = Draft(new_client_id(), text)
    await messages.post(world.database, actor, conversation_id, draft, world.config.max_message_chars)


@pytest.fixture
async def zoe(world: World) -> VisitorActor:
    """Another visitor, who wrote too; and Vera moved about, was noted and answered."""
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, Claims(name="Zoe", email="zoe@example.com"), "en")
        page = PageSeen(url="https://shop.test/tents", title="Tents", referrer="https://search.test/?q=tent")
        await contacts.start_visit(work, world.vera.actor, page, "Firefox")
    await say(world, new.actor, "I am Zoe")
    note = Draft(new_client_id(), "Vera called twice", "note")
    await messages.post(world.database, world.ada.actor, world.conversation_id, note, 1000)
    return new.actor


async def test_nothing_is_left_and_nobody_else_is_touched(world: World, zoe: VisitorActor) -> None:
    assert await plant(world) >= 12
    assert CANARY in dump(world)
    before = await sums_of_others(world)
    await actions.erase(world.database, world.sol.actor, world.vera.actor.contact_id)
    assert CANARY not in dump(world)
    assert await sums_of_others(world) == before


async def test_it_is_announced(world: World, zoe: VisitorActor) -> None:
    world.facts.clear()
    await actions.erase(world.database, world.sol.actor, world.vera.actor.contact_id)
    assert world.facts.of(IdentityRevoked) == [IdentityRevoked(identity_id=world.vera.actor.identity_id)]
    told = world.facts.of(ContactErased)
    assert [(each.contact_id, each.conversation_ids, each.holders) for each in told] == [
        (world.vera.actor.contact_id, [world.conversation_id], [NOBODY])
    ]
    deed = world.facts.of(CustomerErased)[0]
    assert (deed.actor_id, deed.customer_id) == (world.sol.id, world.vera.actor.contact_id)


async def look_around(world: World) -> None:
    """Vera's page says who she is, begins a visit, goes to another page."""
    page = PageSeen(url="https://shop.test/tents")
    async with world.database.work() as work:
        await contacts.claim(work, world.vera.actor, Claims(name="Vera"))
        visit_id = await contacts.start_visit(work, world.vera.actor, page, "Firefox")
        await contacts.see_page(work, world.vera.actor, visit_id, page)


async def test_what_comes_meanwhile_is_refused_or_goes_along(world: World) -> None:
    gone = actions.erase(world.database, world.sol.actor, world.vera.actor.contact_id)
    said = [say(world, world.vera.actor, f"late {n}") for n in range(5)]
    seen = [look_around(world) for _ in range(5)]
    results = await asyncio.gather(gone, *said, *seen, return_exceptions=True)
    assert results[0] is None
    assert [each for each in results[1:] if not isinstance(each, NotFound | Unauthorized | None)] == []
    await nothing_is_left(world)


async def test_what_comes_while_it_is_not_yet_final_waits_and_is_refused(world: World) -> None:
    """The narrow gap, made wide: each has begun before the erasure is committed and goes on after it."""
    late = say(world, world.vera.actor, "late"), look_around(world)
    async with world.database.work() as work:
        await work.run("DELETE FROM contact WHERE id = $1", world.vera.actor.contact_id)
        answers = asyncio.gather(*late, return_exceptions=True)
        await until_waiting(world, len(late))
    assert [type(each) for each in await answers] == [NotFound, Unauthorized]
    await nothing_is_left(world)


async def until_waiting(world: World, count: int) -> None:
    """Once so many statements wait for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

    async def all_wait() -> bool:
        async with world.database.reading() as reading:
            return bool(await reading.value(waiting) >= count)

    await until(all_wait, what="everything waits for the erasure")


async def nothing_is_left(world: World) -> None:
    """No row of Vera's in any table of the register."""
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM entry") == 0
        register = await queries.register(reading)
        assert await queries.count(reading, register, world.vera.actor.contact_id) == {}


async def test_who_may_not_does_not(world: World) -> None:
    with pytest.raises(Forbidden):
        await actions.erase(world.database, world.ada.actor, world.vera.actor.contact_id)


async def test_who_sees_a_part_takes_nothing_and_erases_nothing(world: World, zoe: VisitorActor) -> None:
    """Vera and Zoe are one person; Vera's conversation is Ada's, Zoe's nobody's."""
    vera, ada, sol = world.vera.actor.contact_id, world.ada.id, world.sol.actor
    async with world.database.work() as work:
        await contacts.merge(work, sol, vera, zoe.contact_id)
        await conversations.assign(work, sol, world.conversation_id, ada, None)
    for holders, expected in ((frozenset({sol.id}), NotFound), (frozenset({NOBODY}), Forbidden)):
        actor = msgspec.structs.replace(sol, holders=holders)
        with pytest.raises(expected):
            await actions.erase(world.database, actor, vera)
        async with world.database.work() as work:
            with pytest.raises(expected):
                await actions.note_export(work, actor, vera)
            with pytest.raises(expected):
                await actions.extent(work, actor, zoe.contact_id)
    whole = msgspec.structs.replace(sol, holders=frozenset({NOBODY, ada}))
    async with world.database.work() as work:
        await actions.note_export(work, whole, vera)
    await actions.erase(world.database, whole, vera)
    assert set(world.facts.of(ContactErased)[0].holders) == {NOBODY, ada}


async def test_whichever_of_a_persons_contacts_is_named(world: World, zoe: VisitorActor, browser: Browser) -> None:
    """From the conversation of one who was merged, too, the whole person is told, exported, and erased."""
    async with world.database.work() as work:
        await contacts.merge(work, world.sol.actor, world.vera.actor.contact_id, zoe.contact_id)
    browser.be(world.sol)
    told = [
        (
            (await browser.get(f"/contacts/{each}/extent")).json(),
            (await browser.get(f"/contacts/{each}/personal-data")).json()["tables"],
        )
        for each in (world.vera.actor.contact_id, zoe.contact_id)
    ]
    for extent, tables in told:
        assert (extent["messages"], extent["notes"]) == (2, 1)
        assert [extent["rows"][each] for each in ("contact", "conversation", "identity")] == [2, 2, 2]
        assert [len(tables[each]) for each in ("contact", "conversation", "identity")] == [2, 2, 2]
    assert (await browser.delete(f"/contacts/{zoe.contact_id}")).status_code == 204
    await nothing_is_left(world)
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM contact") == 0
        assert await reading.value("SELECT count(*) FROM erasure") == 2


async def test_no_name_lives_on_in_the_audit_log(world: World, zoe: VisitorActor, browser: Browser) -> None:
    """While the person is there the log says who it was; afterwards only a number is left."""
    sol, vera = browser.be(world.sol), world.vera.actor.contact_id
    name = f"Vera {CANARY}"
    await sol.patch(f"/contacts/{vera}", {"name": name})
    merged = (await sol.post(f"/contacts/{vera}/merge", {"contact_id": str(zoe.contact_id)})).json()
    await sol.post(f"/contacts/merges/{merged['merges'][0]['id']}/undo")
    for taken in (
        f"/contacts/{vera}/personal-data",
        f"/contacts/export?search={name}",
        f"/conversations/{world.conversation_id}/transcript",
    ):
        assert (await sol.get(taken)).status_code == 200
    told = [each["data"] for each in (await sol.get("/audit")).json()["entries"]]
    assert sum(each.get("customer") == name for each in told) >= 4
    assert (await sol.delete(f"/contacts/{vera}")).status_code == 204
    assert CANARY not in dump(world)
    entries = (await sol.get("/audit")).json()["entries"]
    assert entries[0]["type"] == "CUSTOMER_ERASED"
    number = entries[0]["data"]["customer_number"]
    here = {each["type"] for each in entries if each["data"].get("customer_number") == number}
    assert here == {
        *("CUSTOMER_ERASED", "CUSTOMER_EXPORTED", "CONVERSATION_EXPORTED"),
        *("CUSTOMERS_MERGED", "CUSTOMERS_SEPARATED"),
    }


async def test_by_the_door_once(world: World, browser: Browser, zoe: VisitorActor) -> None:
    path = f"/contacts/{world.vera.actor.contact_id}"
    browser.be(world.sol)
    extent = (await browser.get(f"{path}/extent")).json()
    assert (extent["messages"], extent["notes"]) == (1, 1)
    assert extent["rows"]["conversation"] == 1
    assert (await browser.delete(path)).status_code == 204
    assert [(await browser.delete(path)).status_code, (await browser.get(path)).status_code] == [404, 404]
    assert (await browser.get(f"/contacts/{zoe.contact_id}")).status_code == 200
    assert (await browser.be(world.ada).delete(f"/contacts/{zoe.contact_id}")).status_code == 403


async def test_every_table_about_contacts_is_reached(world: World) -> None:
    async with world.database.reading() as reading:
        register = await queries.register(reading)
    assert {"contact", "identity", "visit", "page_view", "conversation", "entry"} <= set(register.conditions)
    # Counts of tries by address: salted hashes that end within the hour, and that no key leads to.
    assert register.unreachable == {"rate_window"}


async def test_the_export_holds_everything(world: World, zoe: VisitorActor, browser: Browser) -> None:
    planted = await plant(world)
    answer = await browser.be(world.sol).get(f"/contacts/{world.vera.actor.contact_id}/personal-data")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert len(set(re.findall(rf"{CANARY}-\w+-\w+", answer.text))) == planted
    tables = answer.json()["tables"]
    assert all("secret_hash" not in row for row in tables["identity"])
    assert [word for word in ('"Zoe"', "I am Zoe", "zoe@example.com") if word in answer.text] == []
    assert (await browser.be(world.ada).get(f"/contacts/{zoe.contact_id}/personal-data")).status_code == 403
    await actions.erase(world.database, world.sol.actor, world.vera.actor.contact_id)  # canaries break the log
