"""When and where a channel's widget shows: what is stored, what is refused, what browsers are told."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from alongside.domains.channels import actions, queries
from alongside.domains.channels.availability_schemas import ChannelAvailability
from alongside.domains.channels.schemas import ChannelSettings, EditChannel, EditSettings
from alongside.domains.widget.gate import MOST_CHANGES, Gatekeeper
from alongside.domains.widget.look_schemas import Gate
from alongside.domains.workspace.actions import opening_hours as hours_actions
from alongside.domains.workspace.schemas import EditOpeningHours, Hours, NewOpeningHours, OpenSpan, SpecialDay
from alongside.platform.errors import Conflict, Invalid
from tests.world import Browser, World

# A Friday in winter.
FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)
OFFICE = Hours(zone="UTC", week=[[OpenSpan("09:00", "17:00")]] * 5 + [[], []])


async def set_availability(world: World, availability: ChannelAvailability) -> ChannelSettings:
    async with world.database.work() as work:
        change = EditChannel(settings=EditSettings(availability=availability))
        return (await actions.edit_channel(work, world.sol.actor, world.site.id, change)).settings


async def gate_of(world: World, keeper: Gatekeeper, *, by_mail: bool = False) -> Gate | None:
    async with world.database.reading() as reading:
        channel = await queries.channel(reading, world.site.id)
        assert channel is not None
        return await keeper.gate(reading, channel.settings, by_mail=by_mail)


class Clock:
    """The time, as a fact."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


async def test_a_widget_that_shows_always_and_everywhere_has_no_gate(world: World, browser: Browser) -> None:
    assert await gate_of(world, Gatekeeper(Clock(FRIDAY))) is None
    assert (await browser.get(f"/widget/channels/{world.site.key}")).json()["gate"] is None


async def test_browsers_are_told_the_changes_to_come(world: World) -> None:
    clock = Clock(FRIDAY)
    keeper = Gatekeeper(clock)
    await set_availability(world, ChannelAvailability(outside="form", nobody="hide", closed={"en": "Back {when}"}))
    gate = await gate_of(world, keeper, by_mail=True)
    assert gate is not None
    assert (gate.at, gate.open, gate.outside, gate.nobody, gate.by_mail) == (FRIDAY, True, "form", "hide", True)
    assert gate.changes[:2] == [FRIDAY.replace(hour=17), FRIDAY.replace(day=30, hour=9)]
    assert len(gate.changes) == MOST_CHANGES
    clock.at = FRIDAY.replace(hour=17)
    later = await gate_of(world, keeper)
    assert later is not None
    assert (later.open, later.changes[0]) == (False, FRIDAY.replace(day=30, hour=9))


async def test_hours_that_change_are_told_at_once(world: World) -> None:
    keeper = Gatekeeper(Clock(FRIDAY))
    async with world.database.work() as work:
        own = await hours_actions.create_hours(work, world.sol.actor, NewOpeningHours(name="Own", hours=OFFICE))
    await set_availability(world, ChannelAvailability(outside="message", hours_id=own.id))
    before = await gate_of(world, keeper)
    today = SpecialDay(first=date(2026, 11, 27), last=date(2026, 11, 27))
    closed = Hours(zone="UTC", week=OFFICE.week, special=[today])
    async with world.database.work() as work:
        await hours_actions.edit_hours(
            work, world.sol.actor, own.id, EditOpeningHours(version=1, name="Own", hours=closed)
        )
    after = await gate_of(world, keeper)
    assert before is not None
    assert after is not None
    assert (before.open, after.open) == (True, False)


async def test_hours_that_never_change_have_no_changes(world: World) -> None:
    clock = Clock(FRIDAY)
    keeper = Gatekeeper(clock)
    async with world.database.work() as work:
        never = NewOpeningHours(name="Never", hours=Hours(zone="UTC", week=[[]] * 7))
        hours = await hours_actions.create_hours(work, world.sol.actor, never)
    await set_availability(world, ChannelAvailability(outside="hide", hours_id=hours.id))
    for wait in (timedelta(), timedelta(minutes=10), timedelta(hours=2)):
        clock.at = FRIDAY + wait
        gate = await gate_of(world, keeper)
        assert gate is not None
        assert (gate.at, gate.open, gate.changes) == (clock.at, False, [])


async def test_hours_that_went_leave_the_company_s(world: World) -> None:
    async with world.database.work() as work:
        own = await hours_actions.create_hours(
            work, world.sol.actor, NewOpeningHours(name="Own", hours=Hours(zone="UTC", week=[[]] * 7))
        )
    await set_availability(world, ChannelAvailability(outside="hide", hours_id=own.id))
    with pytest.raises(Conflict, match="Green Shop"):
        async with world.database.work() as work:
            await hours_actions.delete_hours(work, world.sol.actor, own.id)
    async with world.database.work() as work:  # as if it was chosen at the very moment
        await work.run("DELETE FROM opening_hours WHERE id = $1", own.id)
    gate = await gate_of(world, Gatekeeper(Clock(FRIDAY)))
    assert gate is not None
    assert gate.open


async def test_hours_that_are_none_cannot_be_chosen(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        await set_availability(world, ChannelAvailability(hours_id=uuid4()))
    assert refused.value.code == "no-such-hours"


async def test_pages_are_kept_as_they_are_compared(world: World) -> None:
    wanted = ChannelAvailability(show_on=["https://Shop.example/Help/*", ""], hide_on=["/cart/"])
    settings = await set_availability(world, wanted)
    assert (settings.availability.show_on, settings.availability.hide_on) == (["shop.example/Help/*"], ["/cart"])
    gate = await gate_of(world, Gatekeeper(Clock(FRIDAY)))
    assert gate is not None
    assert (gate.show_on, gate.open, gate.changes) == (["shop.example/Help/*"], True, [])
    with pytest.raises(Invalid):
        await set_availability(world, ChannelAvailability(version=1, hide_on=["a b"]))


async def test_of_two_who_change_at_once_the_second_is_told(world: World) -> None:
    outcomes = await asyncio.gather(
        *(set_availability(world, ChannelAvailability(outside=each)) for each in ("hide", "form", "message")),
        return_exceptions=True,
    )
    refused = [each for each in outcomes if isinstance(each, Conflict)]
    assert [each.code for each in refused] == ["changed-meanwhile"] * 2
    kept = next(each for each in outcomes if isinstance(each, ChannelSettings))
    assert kept.availability.version == 1
    # Other settings of the channel are nobody's business here.
    async with world.database.work() as work:
        change = EditChannel(settings=EditSettings(sound=False))
        edited = await actions.edit_channel(work, world.sol.actor, world.site.id, change)
    assert edited.settings.availability == kept.availability


async def test_a_visitor_s_address_stays_when_the_page_says_less(world: World, browser: Browser) -> None:
    started = (
        await browser.post(
            "/widget/visitors",
            {"channel": world.site.key, "claims": {"name": "Nora", "email": "nora@example.com"}},
        )
    ).json()
    headers = {"authorization": f"Bearer {started['token']}"}

    async def claim(claims: dict[str, str]) -> dict[str, str]:
        body = {"channel": world.site.key, "claims": claims}
        answer = await browser.call("POST", "/widget/identify", json=body, headers=headers)
        assert answer.is_success, answer.text
        async with world.database.reading() as reading:
            kept: dict[str, str] = await reading.value(
                "SELECT claims FROM contact WHERE claims ->> 'name' = $1 ORDER BY created_at DESC", claims["name"]
            )
            return kept

    assert await claim({"name": "N."}) == {"name": "N.", "email": "nora@example.com"}
    known = {"id": "7", "name": "Nora F."}
    assert await claim(known) == known | {"email": "nora@example.com"}
    other = {"id": "8", "name": "Otto"}
    assert await claim(other) == other
