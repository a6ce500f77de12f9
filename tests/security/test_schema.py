"""The description of the API is true: whatever is sent, no answer is a mistake of ours or of a shape that it denies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from litestar import Litestar
from litestar.testing import TestClient
from schemathesis import GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from alongside.app import create_app
from alongside.domains.integrations.scopes import SCOPES
from alongside.platform.auth.tokens import csrf_of
from alongside.platform.config import Config
from tests.harness import nodes
from tests.harness.stage import Stage, stage
from tests.harness.until import PATIENCE
from tests.world import ORIGIN, World

CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance, content_type_conformance]
# Sent with nothing but what the door asks for: their own tests hold them, and they would end the session of this one.
ENDING = {("DELETE", "/api/v1/session"), ("DELETE", "/api/v1/sessions"), ("PUT", "/api/v1/me/password")}
# A door may say that the database is away for a moment: on a busy machine it is. One that goes on saying so is wrong.
TRIES = 5


class Server(Protocol):
    """Somebody to ask: an application, or its process at the other end of a wire."""

    origin: str

    def ask(self, method: str, path: str, headers: dict[str, str], body: object = None) -> httpx.Response:
        """A request of our own."""

    def answer(self, case: Any, headers: dict[str, str]) -> Response:
        """What is said to a made-up request."""


class Inside:
    """The application, with no network in between."""

    origin = ORIGIN

    def __init__(self, client: TestClient[Litestar]) -> None:
        self._client = client

    def ask(self, method: str, path: str, headers: dict[str, str], body: object = None) -> httpx.Response:
        self._client.cookies.clear()
        return self._client.request(method, path, headers=headers, json=body)

    def answer(self, case: Any, headers: dict[str, str]) -> Response:
        """The same bytes that would go over the wire."""
        self._client.cookies.clear()
        asked: Any = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN, headers=headers)).prepare()
        body = asked.body.encode() if isinstance(asked.body, str) else asked.body
        return Response.from_any(
            self._client.request(asked.method, asked.url, headers=asked.headers, content=body, follow_redirects=False)
        )


class Wire:
    """A server's process."""

    origin = nodes.ORIGIN

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, method: str, path: str, headers: dict[str, str], body: object = None) -> httpx.Response:
        return httpx.request(method, f"{self._url}{path}", headers=headers, json=body, timeout=PATIENCE)

    def answer(self, case: Any, headers: dict[str, str]) -> Response:
        told: Response = case.call(base_url=self._url, headers=headers, timeout=PATIENCE, allow_redirects=False)
        return told


class Doors:
    """Every operation, and how one comes in."""

    def __init__(self, server: Server, world: World) -> None:
        self.server = server
        self._world = world
        self._session = {
            "Cookie": f"__Host-alongside={world.sol.token}",
            "X-CSRF-Token": csrf_of(world.sol.token),
            "Origin": server.origin,
        }
        # What really exists, for parameters of these names: else every answer were 404.
        self.known = {
            "conversation_id": str(world.conversation_id),
            "contact_id": str(world.vera.actor.contact_id),
            "channel_id": str(world.site.id),
        }

    def operations(self) -> list[Any]:
        """What the description tells of, but for what ends this session."""
        description = self.server.ask("GET", "/openapi.json", {}).json()
        found: list[Any] = [one.ok() for one in _described(description)]
        assert len(found) > 100
        return [each for each in found if (each.method.upper(), each.path) not in ENDING]

    def enter(self, operation: Any) -> tuple[dict[str, str], str | None]:
        """Headers, and the key among them: a fresh one for each door, whose budget nobody else has spent."""
        ways = [set(way) for way in operation.definition.raw.get("security", [])]
        if {"visitor"} in ways:
            return {"Authorization": f"Bearer {self._world.vera.token}"}, None
        if {"key"} in ways:
            body = {"name": "Schema", "scopes": list(SCOPES)}
            made = self.server.ask("POST", "/api/v1/api-keys", self._session, body).json()
            return {"Authorization": f"Bearer {made['secret']}"}, made["key"]["id"]
        return (self._session if ways else {}), None

    def leave(self, key: str | None) -> None:
        """Revoke it: there are never more than a hundred."""
        if key:
            self.server.ask("DELETE", f"/api/v1/api-keys/{key}", self._session)

    def answer(self, case: Any, headers: dict[str, str]) -> Response:
        """What the server says, once it can."""
        for _ in range(TRIES):
            told = self.server.answer(case, headers)
            if told.status_code != 503:
                break
        return told


def _described(description: dict[str, Any]) -> Iterable[Any]:
    return schemathesis.openapi.from_dict(description).get_all_operations()


def throw(doors: Doors, examples: int, number: int, mode: GenerationMode = GenerationMode.POSITIVE) -> list[str]:
    """So many requests at each door, as described or just not so; returns what was wrong."""
    wrong = []
    for operation in doors.operations():
        headers, key = doors.enter(operation)
        try:
            requests_at(operation.as_strategy(generation_mode=mode), doors, headers, examples, number)()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, operation.path  # a door without anything to get wrong
        except (Exception, FailureGroup) as failure:
            wrong.append(f"{operation.method.upper()} {operation.path}: {failure}")
        doors.leave(key)
    return wrong


def requests_at(cases: Any, doors: Doors, headers: dict[str, str], examples: int, number: int) -> Callable[[], None]:
    """A run of requests at one door."""

    @seeded(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, real=st.booleans())
    def each(case: Any, real: bool) -> None:
        if real and case.path_parameters:
            named = {name: doors.known[name] for name in case.path_parameters if name in doors.known}
            case.path_parameters |= named
        case.validate_response(doors.answer(case, headers), checks=CHECKS)

    return each


@pytest.fixture
def inside(config: Config) -> Iterator[Inside]:
    """An application for one test to throw things at."""
    with TestClient(create_app(config), base_url=ORIGIN, raise_server_exceptions=False) as client:
        yield Inside(client)


@pytest.fixture
def victim(make_database: Callable[[bool], str], tmp_path: Path) -> Iterator[Stage]:
    """A server for one test to throw things at."""
    with stage(make_database(True), tmp_path) as made:
        yield made


def test_no_answer_is_a_mistake_of_ours_or_other_than_described(inside: Inside, world: World) -> None:
    # The same questions each time: new ones are asked, and over the wire, under --deep.
    wrong = throw(Doors(inside, world), 2, 1)
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_the_same_for_long(victim: Stage, seed: int) -> None:
    doors = Doors(Wire(victim.node.url), victim.world)
    wrong = throw(doors, 60, seed) + throw(doors, 40, seed, GenerationMode.NEGATIVE)
    assert not wrong, "\n\n".join(wrong)


async def test_a_form_without_its_file_is_refused_and_no_mistake(one: Stage) -> None:
    async with one.console(one.world.sol) as http:
        for form in ({"other": (None, b"x")}, {"file": (None, b"x")}, {"file": ("", b"x")}):
            refused = await http.post("/contacts/import", files=form)
            assert (refused.status_code, refused.json()["code"]) == (422, "file-missing")
