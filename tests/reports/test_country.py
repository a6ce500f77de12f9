"""Where the visit was in which a conversation began: in the rows, as a filter, in the file; gone with the person."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts import queries as contact_queries
from alongside.domains.contacts.actions import PageSeen
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages.actions import Draft, post
from alongside.kit.ids import new_client_id
from alongside.platform.places import Place
from tests.world import Browser, World

TODAY = datetime.now(UTC).date()
DAYS = f"first={TODAY - timedelta(days=1)}&last={TODAY + timedelta(days=1)}&zone=UTC"


async def come(world: World, place: Place) -> str:
    """A visitor from there, who writes."""
    async with world.database.work() as work:
        visitor = (await contacts.meet_visitor(work, world.site.id, None, "en")).actor
        await contacts.start_visit(work, visitor, PageSeen(timezone="Europe/Berlin"), "Firefox", place)
        conversation_id = await conversations.begin(work, visitor)
    await post(world.database, visitor, conversation_id, Draft(new_client_id(), "hello"), 1_000)
    return str(conversation_id)


async def test_in_the_rows_the_filter_the_figures_and_the_file(world: World, browser: Browser) -> None:
    vienna, zurich = await come(world, Place("AT", "Vienna")), await come(world, Place("CH"))
    nowhere = await come(world, Place())
    browser.be(world.sol)
    rows = {row["conversation_id"]: row for row in (await browser.get(f"/reports/episodes?{DAYS}")).json()["rows"]}
    assert [(rows[each]["country"], rows[each]["city"]) for each in (vienna, zurich, nowhere)] == [
        ("AT", "Vienna"),
        ("CH", None),
        (None, None),
    ]
    only = (await browser.get(f"/reports/episodes?{DAYS}&country=AT")).json()["rows"]
    assert [row["conversation_id"] for row in only] == [vienna]
    told = (await browser.get(f"/reports/dashboard?{DAYS}&country=CH")).json()
    assert told["figures"]["episodes"] == 1
    file = await browser.get(f"/reports/conversations?{DAYS}&columns=conversation_id,country,city&country=AT")
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert lines == [["conversation_id", "country", "city"], [vienna, "AT", "Vienna"]]
    assert (await browser.get("/reports/countries")).json() == {"countries": ["AT", "CH"]}
    for wrong in ("at", "AUT", "A'", ""):
        assert (await browser.get(f"/reports/episodes?{DAYS}&country={wrong}")).status_code in (400, 422), wrong


async def test_it_is_in_what_a_person_gets_and_goes_with_them(world: World, browser: Browser) -> None:
    await come(world, Place("AT", "Vienna"))
    async with world.database.reading() as reading:
        contact_id = await reading.value("SELECT contact_id FROM visit WHERE city = 'Vienna'")
        (visit,) = await contact_queries.visits(reading, contact_id)
    assert (visit.country, visit.city) == ("AT", "Vienna")
    browser.be(world.sol)
    given = await browser.get(f"/contacts/{contact_id}/personal-data")
    assert given.status_code == 200
    assert "Vienna" in given.text
    assert (await browser.delete(f"/contacts/{contact_id}")).status_code == 204
    assert (await browser.get("/reports/countries")).json() == {"countries": []}
