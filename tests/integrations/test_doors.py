"""Everything that the console does over HTTP, a program with the right scope can do too, or it stands here why not."""

from __future__ import annotations

import re
from collections.abc import Sequence

import httpx
import pytest
from litestar import Litestar

from alongside.app import create_app
from alongside.domains.agents.permissions import PERMISSIONS
from alongside.domains.integrations.scopes import FOR_PEOPLE, SCOPES
from alongside.platform.auth.actor import READ
from tests.harness.stage import Stage
from tests.security.test_doors import UNSAFE, Door, api_doors
from tests.world import make_config

ACCOUNT = "a person's own account"
NOTIFIED = "what a person is told, on devices of theirs"
GIVES_KEYS = "a key could make itself more than it was made to be"
MAILED = "a report that is sent is sent to the person who set it up"
SIGN_IN = "a key could open another way for people to come in"

# Doors for people alone, by how their address begins.
WHY_NOT = {
    "me/notifications": NOTIFIED,
    "me": ACCOUNT,
    "session": ACCOUNT,
    "sessions": ACCOUNT,
    "api-keys": GIVES_KEYS,
    "reports/schedules": MAILED,
    "sign-in-rules": SIGN_IN,
    "second-factors": SIGN_IN,
}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> list[Door]:
    app: Litestar = create_app(make_config("postgresql://nowhere/", tmp_path_factory.mktemp("app")))
    return [door for door in api_doors(app) if door.who.kind == "agent"]


def name(door: Door) -> str:
    return door.path.removeprefix("/api/v1/")


def why_not(door: Door) -> str | None:
    return next((why for begin, why in WHY_NOT.items() if re.match(rf"{begin}(/|$)", name(door))), None)


def test_every_door_that_is_closed_to_programs_says_why(doors: list[Door]) -> None:
    closed = [door for door in doors if door.who.person or door.who.permission in FOR_PEOPLE]
    assert [str(door) for door in closed if why_not(door) is None] == []
    used = {why_not(door) for door in closed}
    assert used == set(WHY_NOT.values()), "a reason that no door has any more"


def test_every_scope_opens_a_door(doors: list[Door]) -> None:
    asked = {door.who.permission or READ for door in doors if not door.who.person}
    # Asked by the verb, not by the door: who may take a conversation may not yet give it to others.
    assert set(SCOPES) - asked == set()
    assert {each.name for each in PERMISSIONS} - set(SCOPES) == FOR_PEOPLE


@pytest.mark.timeout(600)
async def test_every_other_door_opens_to_its_scope_and_to_no_other(one: Stage, doors: list[Door]) -> None:
    open_doors = [door for door in doors if not door.who.person and door.who.permission not in FOR_PEOPLE]
    assert len(open_doors) > 120
    for scope in SCOPES:
        own = [door for door in open_doors if (door.who.permission or READ) == scope]
        await try_doors(one, [scope], own, let_in=True)
        await try_doors(one, [each for each in SCOPES if each != scope], own, let_in=False)


async def try_doors(one: Stage, scopes: Sequence[str], doors: Sequence[Door], *, let_in: bool) -> None:
    # A key may ask a hundred times at once.
    for first in range(0, len(doors), 90):
        async with one.console(one.world.sol) as http:
            made = (await http.post("/api-keys", json={"name": "Doors", "scopes": list(scopes)})).json()
        async with httpx.AsyncClient(base_url=one.node.url, timeout=60) as program:
            program.headers["authorization"] = f"Bearer {made['secret']}"
            for door in doors[first : first + 90]:
                body = {} if door.method in UNSAFE else None
                answer = await program.request(door.method, door.path, json=body)
                assert answer.status_code < 500 and answer.status_code not in (401, 429), f"{door}: {answer.text}"
                refused = answer.status_code == 403 and answer.json()["code"] == "not-permitted"
                by_door = refused and "scope" in answer.json().get("details", {})
                assert by_door is not let_in, f"{door} with {scopes}: {answer.status_code} {answer.text}"
        async with one.console(one.world.sol) as http:
            await http.delete(f"/api-keys/{made['key']['id']}")
