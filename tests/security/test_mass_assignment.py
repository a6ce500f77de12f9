"""P24: no request sets what its shape does not list, whatever the columns are called."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.world import PASSWORD, Browser, World

FAVOURITES = ["is_admin", "admin", "role", "roles", "permissions", "account_id", "password_hash", "hmac_verified", "*"]

ALLOWED = {
    "/me": {"display_name", "locale"},
    "/agents/{ben}": {
        "email",
        "display_name",
        "role_id",
        "locale",
        "area",
        "chat_limit",
        "tags",
        "team_ids",
        "description",
    },
    "/teams/{team}": {"name", "member_ids", "tags"},
    "/roles/{role}": {"name", "permissions", "sees"},
    "/channels/{site}": {"name", "settings", "allowed_origins", "active", "revision"},
    "/text-blocks/{block}": {"title", "shortcut", "text", "folder", "language", "team_ids"},
}
TABLES = {
    "/me": "agent",
    "/agents/{ben}": "agent",
    "/teams/{team}": "team",
    "/roles/{role}": "role",
    "/channels/{site}": "channel",
    "/text-blocks/{block}": "text_block",
}
VALUES: list[object] = [True, "*", 1, str(uuid4()), ["*"], None]


async def columns(world: World, table: str) -> list[str]:
    async with world.database.reading() as reading:
        rows = await reading.rows("SELECT column_name FROM information_schema.columns WHERE table_name = $1", table)
    return [row["column_name"] for row in rows]


async def rows(world: World, table: str) -> str:
    async with world.database.reading() as reading:
        return str(await reading.value(f"SELECT string_agg(t::text, '|' ORDER BY id) FROM {table} t"))


@pytest.mark.parametrize("path", list(TABLES))
async def test_columns_that_are_not_offered_cannot_be_set(world: World, browser: Browser, path: str) -> None:
    browser.be(world.sol)
    team = (await browser.post("/teams", {"name": "Sales"})).json()["id"]
    role = (await browser.post("/roles", {"name": "Helper", "permissions": []})).json()["id"]
    table = TABLES[path]
    block = (await browser.post("/text-blocks", {"title": "Hello", "text": "Hello"})).json()["id"]
    address = path.format(ben=world.ben.id, team=team, role=role, site=world.site.id, block=block)
    before = await rows(world, table)
    names = [name for name in [*await columns(world, table), *FAVOURITES] if name not in ALLOWED[path]]
    assert len(names) > 6
    for name in names:
        for value in VALUES:
            answer = await browser.patch(address, {name: value})
            assert answer.status_code == 422, (name, value)
    assert await rows(world, table) == before


@pytest.mark.parametrize("name", ["role_id", "email", "active", "chat_limit", "password"])
async def test_agents_do_not_promote_themselves(world: World, browser: Browser, name: str) -> None:
    before = await rows(world, "agent")
    browser.be(world.ada)
    assert (await browser.patch("/me", {name: str(world.sol.id)})).status_code == 422
    assert (await browser.patch(f"/agents/{world.ada.id}", {name: str(world.sol.id)})).status_code == 403
    assert await rows(world, "agent") == before


@pytest.mark.parametrize("extra", ["id", "active", "permissions", "created_at", "wants_online", "picture_file_id"])
async def test_nothing_extra_comes_in_with_a_new_agent(world: World, browser: Browser, extra: str) -> None:
    browser.be(world.sol)
    role = (await browser.get("/roles")).json()[0]["id"]
    body = {"email": "eva@shop.test", "display_name": "Eva", "password": PASSWORD, "role_id": role, extra: "x"}
    assert (await browser.post("/agents", body)).status_code == 422


@pytest.mark.parametrize(
    "body",
    [b"[]", b"null", b'"x"', b"1", b"{", b"", b'{"display_name": {"a": 1}}', b'{"display_name": 5}', b"\xff\xfe"],
)
async def test_other_shapes_are_refused_without_detail(world: World, browser: Browser, body: bytes) -> None:
    answer = await browser.be(world.ada).call(
        "PATCH", "/me", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    assert set(answer.json()) <= {"code", "message", "details"}
    assert "msgspec" not in answer.text.lower()
    assert "litestar" not in answer.text.lower()


async def test_deep_nesting_is_no_way_to_bring_it_down(world: World, browser: Browser) -> None:
    bomb = b'{"tags":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    answer = await browser.be(world.sol).call(
        "PATCH", f"/agents/{world.ben.id}", content=bomb, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (400, 413, 422)
