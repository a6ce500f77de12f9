"""Channels: made, changed, found by their key."""

from __future__ import annotations

from uuid import uuid4

import pytest

from alongside.domains.channels import actions, queries
from alongside.domains.channels.events import ChannelChanged, ChannelConfigured
from alongside.domains.channels.look_schemas import EditLook
from alongside.domains.channels.schemas import EditChannel, EditSettings, NewChannel
from alongside.platform.auth.actor import SystemActor
from alongside.platform.errors import Conflict, Forbidden, NotFound
from tests.world import Browser, World


async def test_a_new_channel_greets_in_two_languages(world: World) -> None:
    settings = world.site.settings
    assert set(settings.title) == set(settings.greeting) == set(settings.away) == {"en", "de"}
    assert (settings.position, settings.sound, settings.privacy_url) == ("right", True, None)
    assert (world.site.kind, world.site.active, world.site.allowed_origins) == ("webchat", True, [])


async def test_an_edit_changes_what_is_given_and_nothing_else(world: World) -> None:
    change = EditChannel(
        settings=EditSettings(position="left", greeting={"fr": "Bonjour", "de": "Moin"}),
        allowed_origins=["HTTPS://Shop.Test:443/", "https://shop.test", "http://localhost:3000"],
    )
    async with world.database.work() as work:
        edited = await actions.edit_channel(work, world.sol.actor, world.site.id, change)
    assert edited.settings.position == "left"
    assert edited.settings.greeting == {"en": "Hello! How can we help you?", "fr": "Bonjour", "de": "Moin"}
    assert edited.settings.title == world.site.settings.title
    assert edited.settings.accent == world.site.settings.accent
    assert edited.allowed_origins == ["https://shop.test", "http://localhost:3000"]
    assert edited.name == "Green Shop"
    assert [fact.channel_id for fact in world.facts.of(ChannelChanged)] == [world.site.id]


async def test_an_inactive_channel_is_unknown_to_its_site_and_known_to_agents(world: World) -> None:
    async with world.database.work() as work:
        await actions.edit_channel(work, world.sol.actor, world.site.id, EditChannel(active=False))
        assert await queries.channel_by_key(work, world.site.key) is None
        assert [channel.active for channel in await queries.channels(work)] == [False]


@pytest.mark.parametrize("key", ["", "nope", "\x00", "' OR 1=1 --", "x" * 10_000])
async def test_an_unknown_key_is_no_channel(world: World, key: str) -> None:
    async with world.database.reading() as reading:
        assert await queries.channel_by_key(reading, key) is None


async def test_a_key_can_be_chosen_for_a_demo_but_not_twice(world: World) -> None:
    async with world.database.work() as work:
        await actions.create_channel(work, SystemActor(), NewChannel(name="Demo"), key="demo")
    with pytest.raises(Conflict):
        async with world.database.work() as work:
            await actions.create_channel(work, SystemActor(), NewChannel(name="Demo 2"), key="demo")


async def test_identity_keys_rotate_without_a_gap(world: World) -> None:
    async with world.database.work() as work:
        old = await actions.add_identity_key(work, world.sol.actor, world.site.id)
        new = await actions.add_identity_key(work, world.sol.actor, world.site.id)
        assert old.secret != new.secret
        assert len(new.secret) == 43
        assert {key.kid for key in await queries.identity_keys(work, world.site.id)} == {old.kid, new.kid}
        await actions.retire_identity_key(work, world.sol.actor, world.site.id, old.kid)
        assert await queries.identity_keys(work, world.site.id) == [new]
    with pytest.raises(NotFound):
        async with world.database.work() as work:
            await actions.retire_identity_key(work, world.sol.actor, world.site.id, old.kid)


async def test_forgotten_keys_do_not_pile_up(world: World) -> None:
    async with world.database.work() as work:
        for _ in range(5):
            await actions.add_identity_key(work, world.sol.actor, world.site.id)
    with pytest.raises(Conflict, match="at most 5"):
        async with world.database.work() as work:
            await actions.add_identity_key(work, world.sol.actor, world.site.id)


async def test_the_verbs_ask_the_policy_themselves(world: World) -> None:
    for attempt in (
        lambda work: actions.create_channel(work, world.ada.actor, NewChannel(name="X")),
        lambda work: actions.edit_channel(work, world.ada.actor, world.site.id, EditChannel(name="X")),
        lambda work: actions.add_identity_key(work, world.ada.actor, world.site.id),
        lambda work: actions.retire_identity_key(work, world.ada.actor, world.site.id, "k"),
    ):
        with pytest.raises(Forbidden):
            async with world.database.work() as work:
                await attempt(work)


async def test_by_the_door(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    made = await browser.post(
        "/channels", {"name": "Second", "settings": {"accent": "#7A1FA2"}, "allowed_origins": ["https://b.test"]}
    )
    assert made.status_code == 201
    channel = made.json()
    assert channel["settings"]["accent"] == "#7a1fa2"
    assert channel["identity_keys"] == []
    key = (await browser.post(f"/channels/{channel['id']}/identity-keys")).json()
    assert set(key) == {"kid", "secret"}
    read = await browser.be(world.ada).get(f"/channels/{channel['id']}")
    assert [each["kid"] for each in read.json()["identity_keys"]] == [key["kid"]]
    assert key["secret"] not in read.text
    assert key["secret"] not in (await browser.get("/channels")).text
    assert (await browser.get(f"/channels/{uuid4()}")).status_code == 404
    browser.be(world.sol)
    assert (await browser.delete(f"/channels/{channel['id']}/identity-keys/{key['kid']}")).status_code == 204


async def test_the_audit_log_hears_what_changed_and_of_a_style_sheet_how_long_it_is(world: World) -> None:
    look = EditLook(css="h1 { color: red }", header="#102030")
    async with world.database.work() as work:
        await actions.edit_channel(work, world.sol.actor, world.site.id, EditChannel(settings=EditSettings(look=look)))
    [deed] = world.facts.of(ChannelConfigured)
    assert deed.values == {"settings": {"look": {"css": "17 characters", "header": "#102030"}}}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, "channel-name-malformed"),
        ({"name": "x" * 81}, "channel-name-malformed"),
        ({"settings": {"accent": "red"}}, "invalid"),
        ({"settings": {"accent": "#ffff00"}}, "accent-unreadable"),
        ({"settings": {"privacy_url": "javascript:alert(1)"}}, "privacy-url-malformed"),
        ({"settings": {"privacy_url": "https://"}}, "privacy-url-malformed"),
        ({"settings": {"greeting": {"en": "x" * 501}}}, "invalid"),
        ({"settings": {"greeting": {"<script>": "x"}}}, "invalid"),
        ({"settings": {"colour": "#000000"}}, "invalid"),
        ({"allowed_origins": ["https://shop.test/path"]}, "origin-malformed"),
        ({"allowed_origins": ["*"]}, "origin-malformed"),
        ({"allowed_origins": ["https://a.test"] * 101}, "invalid"),
        ({"key": "mine"}, "invalid"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_words(
    world: World, browser: Browser, change: dict[str, object], code: str
) -> None:
    answer = await browser.be(world.sol).patch(f"/channels/{world.site.id}", change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    async with world.database.reading() as reading:
        assert await queries.channel(reading, world.site.id) == world.site


async def test_a_refused_colour_comes_with_one_that_works(world: World, browser: Browser) -> None:
    body = {"settings": {"accent": "#ffff00"}}
    answer = await browser.be(world.sol).patch(f"/channels/{world.site.id}", body)
    body["settings"]["accent"] = answer.json()["details"]["suggestion"]
    assert (await browser.patch(f"/channels/{world.site.id}", body)).status_code == 200
