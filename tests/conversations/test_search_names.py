"""The search box finds the same conversations whether a name is rare (by index) or common (by walking the list)."""

from __future__ import annotations

import pytest

from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.schemas import Claims
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries
from alongside.domains.conversations.queries import InboxQuestion
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.kit.paging import read_cursor
from tests.world import World

NAMES = (
    "Anna Bauer",
    "Hanna Novák",
    "Ben 100% Sure",
    "Jo_e Ann",
    "joanne",
    "Zoë",
    "Bauer & Söhne",
    "Schäfer",
    "Weiß",
    "Jim O’Neill",
    "Can Yıldız",
    "Room 137",
)

FINDS = {
    "ann": {"Anna Bauer", "Hanna Novák", "Jo_e Ann", "joanne"},
    "AN": {"Anna Bauer", "Jo_e Ann"},  # two letters: at the start of a word
    "b": {"Anna Bauer", "Ben 100% Sure", "Bauer & Söhne"},
    "na bau": {"Anna Bauer"},
    " bauer ": {"Anna Bauer", "Bauer & Söhne"},
    "%": set(),
    "100%": {"Ben 100% Sure"},
    "o_e": {"Jo_e Ann"},
    "zoë": {"Zoë"},
    "zoe": {"Zoë"},
    "schafer": {"Schäfer"},
    "SCHAEFER": {"Schäfer"},
    "weiss": {"Weiß"},
    "o'neill": {"Jim O’Neill"},
    "oneill": {"Jim O’Neill"},
    "yildiz": {"Can Yıldız"},
    "sohne": {"Bauer & Söhne"},
    "137": {"Room 137"},
    "room 137": {"Room 137"},
    "nobody": set(),
}


@pytest.fixture
async def named(world: World) -> World:
    for name in NAMES:
        async with world.database.work() as work:
            new = await contacts.meet_visitor(work, world.site.id, Claims(name=name), "en")
            place = await conversations.begin(work, new.actor)
        await messages.post(world.database, new.actor, place, Draft(new_client_id(), "hello"), 1000)
    return world


async def found(world: World, typed: str, limit: int = 50) -> list[str]:
    async with world.database.reading() as reading:
        page = await queries.inbox(reading, InboxQuestion(folder="unread", search=typed, limit=limit))
    return [row.contact.name or "" for row in page.rows]


@pytest.mark.parametrize("rare", [0, 1_000])
async def test_each_way_finds_the_same(named: World, rare: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alongside.domains.conversations.queries.listing.RARE_NAMES", rare)
    assert {typed: set(await found(named, typed)) for typed in FINDS} == FINDS


@pytest.mark.parametrize("rare", [0, 1_000])
async def test_each_way_keeps_the_order_of_the_list_and_its_pages(
    named: World, rare: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alongside.domains.conversations.queries.listing.RARE_NAMES", rare)
    async with named.database.reading() as reading:
        first = await queries.inbox(reading, InboxQuestion(folder="all", search="ann", limit=3))
        assert first.next_cursor is not None
        cursor = read_cursor(first.next_cursor)
        second = await queries.inbox(reading, InboxQuestion(folder="all", search="ann", limit=3, cursor=cursor))
    names = [row.contact.name for row in (*first.rows, *second.rows)]
    assert names == ["joanne", "Jo_e Ann", "Hanna Novák", "Anna Bauer"]
    assert second.next_cursor is None


@pytest.mark.parametrize("words", ["{}", "Visitor {}", "Besucher {}"])
async def test_a_number_finds_the_visitor_who_has_no_name(named: World, words: str) -> None:
    async with named.database.reading() as reading:
        row = await queries.conversation(reading, named.conversation_id)
        assert row is not None
        page = await queries.inbox(reading, InboxQuestion(folder="all", search=words.format(row.contact.number)))
    assert named.conversation_id in [each.id for each in page.rows]
    assert words == "{}" or len(page.rows) == 1
