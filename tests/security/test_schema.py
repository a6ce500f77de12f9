"""The description of the API is true: whatever is sent, no answer is a mistake of ours or of a shape that it denies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from alongside.domains.integrations.scopes import SCOPES
from tests.harness.stage import Stage, stage

CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance, content_type_conformance]
# Sent with nothing but what the door asks for: their own tests hold them, and they would end the session of this one.
ENDING = {("DELETE", "/api/v1/session"), ("DELETE", "/api/v1/sessions"), ("PUT", "/api/v1/me/password")}


@pytest.fixture
def victim(make_database: Callable[[bool], str], tmp_path: Path) -> Iterator[Stage]:
    """A server for one test to throw things at."""
    with stage(make_database(True), tmp_path) as made:
        yield made


class Door:
    """One operation, and how one comes in."""

    def __init__(self, server: Stage, operation: Any) -> None:
        self._server = server
        self._operation = operation
        self._ways = [set(way) for way in operation.definition.raw.get("security", [])]
        self._key: str | None = None

    def headers(self) -> dict[str, str]:
        """A fresh key for each door, whose budget nobody else has spent; or a session, or a visitor's token."""
        if {"visitor"} in self._ways:
            return {"Authorization": f"Bearer {self._server.world.vera.token}"}
        with self._console() as console:
            if {"key"} in self._ways:
                made = console.post("/api-keys", json={"name": "Schema", "scopes": list(SCOPES)}).json()
                self._key = made["key"]["id"]
                return {"Authorization": f"Bearer {made['secret']}"}
            return {name: console.headers[name] for name in ("Cookie", "X-CSRF-Token", "Origin")} if self._ways else {}

    def leave(self) -> None:
        if self._key:
            with self._console() as console:
                console.delete(f"/api-keys/{self._key}")

    def _console(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self._server.node.url}/api/v1",
            headers=self._server.console(self._server.world.sol).headers,
            timeout=30,
        )


def real_ids(server: Stage) -> dict[str, str]:
    """What really exists, for parameters of these names: else every answer were 404."""
    world = server.world
    return {
        "conversation_id": str(world.conversation_id),
        "contact_id": str(world.vera.actor.contact_id),
        "channel_id": str(world.site.id),
    }


def throw(server: Stage, examples: int, number: int) -> list[str]:
    """So many requests at each door; returns what was wrong."""
    description = httpx.get(f"{server.node.url}/openapi.json", timeout=30).json()
    operations = [found.ok() for found in schemathesis.openapi.from_dict(description).get_all_operations()]
    assert len(operations) > 100
    wrong = []
    for operation in operations:
        if (operation.method.upper(), operation.path) in ENDING:
            continue
        door = Door(server, operation)
        try:
            requests_at(operation, server, door.headers(), examples, number)()
        except (Exception, FailureGroup) as failure:
            wrong.append(f"{operation.method.upper()} {operation.path}: {failure}")
        door.leave()
    return wrong


def requests_at(
    operation: Any, server: Stage, headers: dict[str, str], examples: int, number: int
) -> Callable[[], None]:
    """A run of requests at one door."""
    known = real_ids(server)

    @seeded(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), real=st.booleans())
    def each(case: Any, real: bool) -> None:
        if real and case.path_parameters:
            case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
        case.call_and_validate(base_url=server.node.url, headers=headers, checks=CHECKS, timeout=30)

    return each


def test_no_answer_is_a_mistake_of_ours_or_other_than_described(victim: Stage) -> None:
    # The same questions each time: new ones are asked under --deep.
    wrong = throw(victim, 4, 1)
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_the_same_for_long(victim: Stage, seed: int) -> None:
    wrong = throw(victim, 100, seed)
    assert not wrong, "\n\n".join(wrong)


async def test_a_form_without_its_file_is_refused_and_no_mistake(one: Stage) -> None:
    async with one.console(one.world.sol) as http:
        for form in ({"other": (None, b"x")}, {"file": (None, b"x")}, {"file": ("", b"x")}):
            refused = await http.post("/contacts/import", files=form)
            assert (refused.status_code, refused.json()["code"]) == (422, "file-missing")
