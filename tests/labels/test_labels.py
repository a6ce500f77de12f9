"""Labels: made and changed by who may, carried by contacts and conversations, filtered by in the inbox."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries
from alongside.domains.conversations.events import RowRefreshed
from alongside.domains.conversations.queries import InboxQuestion
from alongside.domains.labels import actions as labels
from alongside.domains.labels.schemas import NewLabel
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform.errors import Conflict, NotFound
from tests.world import Browser, World, hire, make_role


@pytest.fixture
async def sol(world: World, browser: Browser) -> Browser:
    return browser.be(world.sol)


async def make(world: World, name: str = "VIP") -> UUID:
    async with world.database.work() as work:
        return (await labels.create_label(work, world.sol.actor, NewLabel(name=name))).id


async def carry(world: World, label_id: UUID, conversation_id: UUID | None = None, *, on: bool = True) -> None:
    async with world.database.work() as work:
        place = conversation_id or world.conversation_id
        await conversations.label_conversation(work, world.ada.actor, place, label_id, on=on)


async def arrive(world: World) -> tuple[UUID, UUID]:
    """A new visitor writes: contact and conversation."""
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, None, "en")
        place = await conversations.begin(work, new.actor)
    await messages.post(world.database, new.actor, place, Draft(new_client_id(), "hello"), 1_000)
    return new.actor.contact_id, place


async def test_made_changed_deleted(sol: Browser) -> None:
    made = (await sol.post("/labels", {"name": " Very  important ", "colour": "red"})).json()
    assert (made["name"], made["colour"]) == ("Very important", "red")
    assert (await sol.patch(f"/labels/{made['id']}", {"name": "VIP"})).json() == made | {"name": "VIP"}
    assert (await sol.get("/labels")).json() == [made | {"name": "VIP"}]
    assert (await sol.delete(f"/labels/{made['id']}")).status_code == 204
    assert (await sol.get("/labels")).json() == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "vip"}, 409, "label-name-taken"),
        ({"name": " \x01 "}, 422, "label-name-malformed"),
        ({"name": "x" * 41}, 422, "label-name-malformed"),
        ({"name": "a;b"}, 422, "label-name-malformed"),
        ({"name": "x", "colour": "#ff0000"}, 422, "invalid"),
        ({"name": "a\x00b"}, 422, "invalid"),
    ],
)
async def test_a_wrong_label_is_refused(
    world: World, sol: Browser, body: dict[str, Any], status: int, code: str
) -> None:
    await make(world, "VIP")
    other = await make(world, "Other")
    for answer in (await sol.post("/labels", body), await sol.patch(f"/labels/{other}", body)):
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [each["name"] for each in (await sol.get("/labels")).json()] == ["Other", "VIP"]


async def test_using_needs_another_permission_than_making(world: World, browser: Browser) -> None:
    label_id = await make(world)
    places = (f"/conversations/{world.conversation_id}", f"/contacts/{world.vera.actor.contact_id}")
    reader = browser.be(await hire(world.config, world.database, "Rita", await make_role(world.database, "Reader", [])))
    for place in places:
        for method in ("PUT", "DELETE"):
            answer = await reader.call(method, f"{place}/labels/{label_id}")
            assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
    assert len((await reader.get("/labels")).json()) == 1
    ada = browser.be(world.ada)
    assert (await ada.post("/labels", {"name": "x"})).status_code == 403
    assert (await ada.patch(f"/labels/{label_id}", {"name": "x"})).status_code == 403
    assert (await ada.delete(f"/labels/{label_id}")).status_code == 403
    for place in places:
        assert (await ada.put(f"{place}/labels/{label_id}")).status_code == 200


async def test_rows_and_details_show_them(world: World, browser: Browser) -> None:
    label_id = await make(world)
    ada = browser.be(world.ada)
    row = (await ada.put(f"/conversations/{world.conversation_id}/labels/{label_id}")).json()["row"]
    assert (row["label_ids"], row["contact"]["label_ids"]) == ([str(label_id)], [])
    details = (await ada.put(f"/contacts/{world.vera.actor.contact_id}/labels/{label_id}")).json()
    assert details["contact"]["label_ids"] == [str(label_id)]
    row = (await ada.get("/conversations?folder=all")).json()["rows"][0]
    assert (row["label_ids"], row["contact"]["label_ids"]) == ([str(label_id)], [str(label_id)])
    assert row["last_seq"] == 1, "a label is no entry of the log"
    row = (await ada.delete(f"/conversations/{world.conversation_id}/labels/{label_id}")).json()["row"]
    assert row["label_ids"] == []


async def test_twice_is_once_and_two_at_once_lose_nothing(world: World) -> None:
    made = [await make(world, f"label {number}") for number in range(4)]
    await asyncio.gather(*(carry(world, each) for each in [*made, *made]))
    async with world.database.reading() as reading:
        row = await queries.conversation(reading, world.conversation_id)
    assert row
    assert sorted(row.label_ids) == sorted(made)
    assert world.facts.of(RowRefreshed)[-1].row.id == world.conversation_id


async def test_limits(world: World) -> None:
    for number in range(20):
        await carry(world, await make(world, f"label {number}"))
    more = await make(world, "one more")
    with pytest.raises(Conflict, match="at most 20"):
        await carry(world, more)
    async with world.database.work() as work:
        await work.run(
            "UPDATE contact SET label_ids = (SELECT array_agg(id) FROM label WHERE id <> $1) WHERE id = $2",
            more,
            world.vera.actor.contact_id,
        )
        with pytest.raises(Conflict, match="at most 20"):
            await contacts.label_contact(work, world.ada.actor, world.vera.actor.contact_id, more, on=True)


async def test_what_is_not_there(world: World) -> None:
    label_id = await make(world)
    with pytest.raises(NotFound, match="label"):
        await carry(world, new_client_id())
    with pytest.raises(NotFound, match="conversation"):
        await carry(world, label_id, new_client_id())
    async with world.database.work() as work:
        with pytest.raises(NotFound, match="contact"):
            await contacts.label_contact(work, world.ada.actor, new_client_id(), label_id, on=True)


async def test_a_deleted_label_is_carried_nowhere(world: World, sol: Browser) -> None:
    label_id, kept = await make(world), await make(world, "kept")
    for each in (label_id, kept):
        await carry(world, each)
        await sol.put(f"/contacts/{world.vera.actor.contact_id}/labels/{each}")
    await sol.delete(f"/labels/{label_id}")
    row = (await sol.get("/conversations?folder=all")).json()["rows"][0]
    assert (row["label_ids"], row["contact"]["label_ids"]) == ([str(kept)], [str(kept)])


@pytest.mark.parametrize("rare", [0, 1_000])
async def test_the_inbox_by_label(world: World, sol: Browser, rare: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversation carries it or its contact does; few carriers or many, it is the same."""
    monkeypatch.setattr("alongside.domains.conversations.queries.listing.RARE_LABELS", rare)
    vip, other = await make(world), await make(world, "other")
    by_contact = await arrive(world)
    await arrive(world)
    await carry(world, vip)
    await carry(world, other)
    await sol.put(f"/contacts/{by_contact[0]}/labels/{vip}")
    async with world.database.reading() as reading:
        for folder, expected in (("unread", 2), ("all", 2), ("done", 0)):
            page = await queries.inbox(reading, InboxQuestion(folder=folder, label_id=vip))  # type: ignore[arg-type]
            assert len(page.rows) == expected
        counts = await queries.counts(reading, InboxQuestion(folder="all", label_id=vip))
        assert (counts.unread, counts.all) == (2, 2)
        kind = InboxQuestion(folder="all", label_id=vip, channel_kind="webchat", search="1")
        assert (await queries.counts(reading, kind)).all == 2
        nobody = InboxQuestion(folder="all", label_id=new_client_id())
        assert (await queries.inbox(reading, nobody)).rows == []
    rows = (await sol.get(f"/conversations?folder=all&label={other}")).json()["rows"]
    assert [row["id"] for row in rows] == [str(world.conversation_id)]
    assert (await sol.get(f"/conversations/counts?label={other}")).json()["all"] == 1
    assert (await sol.get("/conversations?label=vip")).status_code == 422


async def test_the_filter_has_its_index(world: World) -> None:
    async with world.database.work() as work:
        await work.run("SET LOCAL enable_seqscan = off")
        plan = await work.rows(
            "EXPLAIN SELECT id FROM conversation c "
            "WHERE cardinality(c.label_ids) > 0 AND c.label_ids @> ARRAY[$1::uuid]",
            new_client_id(),
        )
    assert any("conversation_labels" in row[0] for row in plan)
