"""P24: roles do exactly what the table says. Every door is tried by every shape of role; what a door asks for decides.

The table is made from the routes themselves (contract/routes.md shows it) and from the list of permissions.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from litestar import Litestar

from tests.harness.stage import Stage
from tests.security.roles import NAMES, begun, code_of, hire
from tests.security.test_doors import UNSAFE, Door, api_doors

SHAPES = {"none": [], "all": NAMES, "admin": ["*"], **{name: [name] for name in NAMES}}
ALL_BUT = {name: [each for each in NAMES if each != name] for name in NAMES}
SIGHTS = ("all", "team", "own")
AT_ONCE = 8

# Doors by which agents end their own sessions: tried elsewhere, or this test would lock itself out.
ENDING = {("DELETE", "/api/v1/session"), ("DELETE", "/api/v1/sessions")}

# Doors of agents that ask for no permission. A new one is written here on purpose, or asks.
READ_BY_ALL = {
    "attachments/ID/anything",
    "agents",
    "article-categories",
    "articles",
    "articles/ID",
    "articles/published",
    "channels",
    "channels/ID",
    "contacts",
    "contacts/ID",
    "contacts/active",
    "contacts/changes",
    "conversations",
    "conversations/ID",
    "conversations/ID/entries",
    "conversations/ID/entries/1/seen",
    "conversations/ID/routing",
    "conversations/changes",
    "conversations/counts",
    "fields",
    "integrations",
    "labels",
    "mail",
    "me/notifications",
    "me/notifications/log",
    "me/passkeys",
    "me/second-factor",
    "opening-hours",
    "permissions",
    "roles",
    "routing/queue",
    "session",
    "sessions",
    "settings/edit-time",
    "sign-in-rules",
    "teams",
    "text-blocks",
    "text-blocks/filters",
    "text-blocks/search",
}
CHANGED_BY_ALL = {
    "channels/pages/try",
    "conversations/ID/assignment",
    "conversations/ID/seen",
    "me",
    "me/notifications",
    "me/notifications/devices",
    "me/notifications/devices/ID",
    "me/notifications/test",
    "me/online",
    "me/passkeys",
    "me/passkeys/ID",
    "me/passkeys/ID/remove",
    "me/passkeys/begin",
    "me/password",
    "me/picture",
    "me/second-factor",
    "me/second-factor/confirm",
    "me/second-factor/off",
    "me/second-factor/recovery-codes",
    "opening-hours/outlook",
    "session",
    "sessions",
    "sessions/ID",
    "text-blocks/uses",
}


def lets_in(door: Door, permissions: Sequence[str]) -> bool:
    """The table: a door lets in who has what it asks for, or everything."""
    return door.who.permission is None or door.who.permission in permissions or "*" in permissions


def test_which_doors_ask_for_nothing(app: Litestar) -> None:
    doors = [door for door in api_doors(app) if door.who.kind == "agent" and door.who.permission is None]
    named = {door: re.sub(r"[0-9a-f-]{36}", "ID", door.path.removeprefix("/api/v1/")) for door in doors}
    assert {name for door, name in named.items() if door.method not in UNSAFE} == READ_BY_ALL
    assert {name for door, name in named.items() if door.method in UNSAFE} == CHANGED_BY_ALL


def agents_doors(app: Litestar) -> list[Door]:
    return [door for door in api_doors(app) if door.who.kind == "agent" and (door.method, door.path) not in ENDING]


@pytest.mark.timeout(600)
async def test_every_door_and_every_shape_of_role(app: Litestar, one: Stage) -> None:
    doors = agents_doors(app)
    assert {door.who.permission for door in doors} - {None} <= set(NAMES)
    tries = [(shape, permissions, doors) for shape, permissions in SHAPES.items()]
    # Who lacks one permission alone is let in everywhere else, as who has all.
    tries += [
        (f"all but {name}", permissions, [door for door in doors if door.who.permission == name])
        for name, permissions in ALL_BUT.items()
    ]
    for number, (shape, permissions, at) in enumerate(tries):
        # A narrow sight takes nothing from and adds nothing to what a role may do.
        colleague = await hire(one, permissions, SIGHTS[number % len(SIGHTS)])
        async with one.console(colleague) as http:
            # A few at a time: the server answers one while the next is asked.
            for first in range(0, len(at), AT_ONCE):
                some = at[first : first + AT_ONCE]
                await asyncio.gather(*(try_door(http, door, shape, permissions) for door in some))
    print(f"{sum(len(at) for _, _, at in tries)} requests: {len(doors)} doors, {len(tries)} shapes of role")


async def try_door(http: httpx.AsyncClient, door: Door, shape: str, permissions: Sequence[str]) -> None:
    path = door.path.removeprefix("/api/v1")
    answer = await http.request(door.method, path, **({"json": {}} if door.method in UNSAFE else {}))
    refused = (answer.status_code, code_of(answer)) == (403, "not-permitted")
    assert answer.status_code < 500, f"{door} as {shape}: {answer.text}"
    assert answer.status_code != 401, f"{door} as {shape}: {answer.text}"
    if lets_in(door, permissions):
        # What a verb asks besides its door (whom one may assign to) has a test of its own below.
        asks_verb = door.who.permission is None and door.method in UNSAFE
        assert not refused or asks_verb, f"{door} refuses {shape}: {answer.text}"
    else:
        assert refused, f"{door} lets {shape} in: {answer.status_code} {answer.text}"


# What a verb asks besides its door: (method, path, body, the permission that decides).
VERBS: list[tuple[str, dict[str, Any], str]] = [
    ("assignment", {"agent_id": "{other}", "team_id": None}, "conversations.assign"),
    ("assignment", {"agent_id": None, "team_id": None}, "conversations.assign"),
    ("assignment", {"agent_id": "{me}", "team_id": None}, "conversations.reply"),
]


async def test_what_a_verb_asks_beyond_its_door(one: Stage) -> None:
    conversation_id = await begun(one)
    for shape, permissions in SHAPES.items():
        colleague = await hire(one, permissions)
        names = {"{me}": str(colleague.id), "{other}": str(one.world.ada.id)}
        async with one.console(colleague) as http:
            for verb, body, permission in VERBS:
                sent = {key: names.get(str(value), value) for key, value in body.items()}
                # Who may give to anybody may give to themselves.
                allowed = {permission, "*", "conversations.assign"} & set(permissions)
                answer = await http.put(f"/conversations/{conversation_id}/{verb}", json=sent)
                assert answer.status_code == (200 if allowed else 403), f"{shape}, {sent}: {answer.text}"
