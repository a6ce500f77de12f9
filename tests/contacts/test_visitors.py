"""Meeting visitors, recognising them, following them, and correcting what is known of them."""

from __future__ import annotations

import asyncio

import pytest

from alongside.domains.contacts import actions, queries
from alongside.domains.contacts.actions import PageSeen
from alongside.domains.contacts.events import ContactChanged, IdentityRevoked, VisitorMoved, VisitorRecognised
from alongside.domains.contacts.logic import describe_device
from alongside.domains.contacts.schemas import Claims, ContactDetails, EditContact
from alongside.domains.contacts.tokens import Vouched
from alongside.kit.ids import digest, new_client_id
from alongside.platform.auth.actor import AgentActor
from alongside.platform.errors import Forbidden, NotFound, Unauthorized
from alongside.platform.places import Place
from tests.world import World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
HOME = PageSeen(url="https://shop.test/", title="Shop", referrer="https://search.test/", language="de")
VERA = Vouched("customer-1", "Vera", "vera@example.com", None)


async def details(world: World) -> ContactDetails:
    async with world.database.snapshot() as reading:
        return await actions.contact_details(reading, world.sol.actor, world.vera.actor.contact_id)


async def visit(world: World, page: PageSeen = HOME, browser: str = FIREFOX) -> object:
    async with world.database.work() as work:
        return await actions.start_visit(work, world.vera.actor, page, browser)


async def recognise(world: World, vouched: Vouched = VERA, *, known: bool = True) -> actions.NewVisitor:
    async with world.database.work() as work:
        current = world.vera.actor if known else None
        return await actions.recognise_visitor(work, world.site.id, vouched, current, "de")


async def test_a_visit_goes_on_after_a_short_pause(world: World) -> None:
    first = await visit(world)
    assert await visit(world, PageSeen(url="https://shop.test/green", title="Green")) == first
    assert await visit(world, browser=IPHONE) != first, "another device is another visit"
    async with world.database.work() as work:
        await work.run("UPDATE visit SET last_seen_at = now() - interval '31 minutes' WHERE id = $1", first)
    assert await visit(world) != first
    found = (await details(world)).visits
    assert [each.browser for each in found].count("Firefox 145") == 2
    assert found[-1].referrer == "https://search.test/"


async def test_pages_are_followed_and_leaving_is_told(world: World) -> None:
    visit_id = await visit(world)
    async with world.database.work() as work:
        await actions.see_page(work, world.vera.actor, visit_id, PageSeen(url="https://shop.test/a", title="A"))  # type: ignore[arg-type]
        await actions.leave(work, world.vera.actor, visit_id)  # type: ignore[arg-type]
    moved = world.facts.of(VisitorMoved)
    assert [(fact.url, fact.online) for fact in moved] == [
        ("https://shop.test/", True),
        ("https://shop.test/a", True),
        (None, False),
    ]
    found = (await details(world)).visits[0]
    assert (found.url, found.online) == ("https://shop.test/a", False)


async def test_what_a_page_says_is_cut_and_cleaned(world: World) -> None:
    await visit(world, PageSeen(url="u" * 5_000, title="t\x00\n" * 500, language="x" * 100, screen="s" * 50))
    found = (await details(world)).visits[0]
    assert (len(found.url), len(found.title), len(found.language), len(found.screen)) == (2_000, 300, 35, 20)
    assert "\x00" not in found.title


async def test_where_a_visit_began_is_kept_and_not_where_it_goes_on(world: World) -> None:
    async with world.database.work() as work:
        for place in (Place("AT", "Vienna"), Place("DE", "Berlin")):
            await actions.start_visit(work, world.vera.actor, HOME, FIREFOX, place)
    found = (await details(world)).visits[0]
    assert (found.country, found.city) == ("AT", "Vienna")


async def test_a_new_name_from_the_site_makes_the_visitor_that_person(world: World) -> None:
    new = await recognise(world)
    assert (new.actor.contact_id, new.actor.verified) == (world.vera.actor.contact_id, True)
    found = (await details(world)).contact
    assert (found.name, found.email, found.verified, found.verified_id) == (
        "Vera",
        "vera@example.com",
        True,
        "customer-1",
    )
    assert [fact.identity_id for fact in world.facts.of(IdentityRevoked)] == [world.vera.actor.identity_id]
    async with world.database.reading() as reading:
        with pytest.raises(Unauthorized):
            await actions.authenticate_visitor(reading, world.site.id, world.vera.token)
        assert await actions.authenticate_visitor(reading, world.site.id, new.token) == new.actor


async def test_a_known_person_is_joined_and_the_anonymous_history_stays(world: World) -> None:
    known = await recognise(world, known=False)
    joined = await recognise(world)
    assert joined.actor.contact_id == known.actor.contact_id != world.vera.actor.contact_id
    assert world.facts.of(VisitorRecognised)[-1].earlier_contact_id == world.vera.actor.contact_id
    assert not (await details(world)).contact.verified


async def test_two_devices_recognised_at_once_are_one_person(world: World) -> None:
    found = await asyncio.gather(*(recognise(world, known=False) for _ in range(8)))
    assert len({each.actor.contact_id for each in found}) == 1
    assert len({each.token for each in found}) == 8


async def test_only_the_hash_is_stored(world: World) -> None:
    async with world.database.reading() as reading:
        stored = await reading.value("SELECT secret_hash FROM identity WHERE id = $1", world.vera.actor.identity_id)
        assert stored == digest(world.vera.token)
        assert await queries.visitor_by_secret(reading, digest(world.vera.token)) == world.vera.actor


async def test_claims_are_kept_apart_from_what_is_known(world: World) -> None:
    async with world.database.work() as work:
        await actions.claim(work, world.vera.actor, Claims(name="V" * 500, email=" v@example.com\x00 ", id=""))
    found = (await details(world)).contact
    assert (found.name, found.email, found.verified) == (None, None, False)
    assert found.claims == Claims(name="V" * 200, email="v@example.com")


async def test_correcting(world: World) -> None:
    contact_id = world.vera.actor.contact_id
    async with world.database.work() as work:
        await actions.edit_contact(work, world.ada.actor, contact_id, EditContact(name=" Vera \n V.", phone="1"))
        await actions.edit_contact(work, world.ada.actor, contact_id, EditContact(phone=None))
    found = (await details(world)).contact
    assert (found.name, found.phone) == ("Vera V.", None)
    assert len(world.facts.of(ContactChanged)) == 2
    powerless = AgentActor(world.ada.id, world.ada.actor.session_id, "Ada", frozenset({"conversations.reply"}))
    async with world.database.work() as work:
        with pytest.raises(Forbidden):
            await actions.edit_contact(work, powerless, contact_id, EditContact(name="x"))
        with pytest.raises(NotFound):
            await actions.edit_contact(work, world.ada.actor, new_client_id(), EditContact(name="x"))


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (FIREFOX, ("Firefox 145", "Linux", "desktop")),
        (IPHONE, ("Mobile Safari 18", "iOS 18", "mobile")),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", ("Googlebot 2", None, "bot")),
        ("", ("unknown", "unknown", "unknown")),
        ("\x00" * 5_000, ("unknown", "unknown", "unknown")),
    ],
)
def test_devices(agent: str, expected: tuple[str, str | None, str]) -> None:
    found = describe_device(agent)
    assert (found.browser, found.device) == (expected[0], expected[2])
    assert expected[1] in (None, found.os)
