"""A program that makes chat links, and whoever was given one."""

from __future__ import annotations

from typing import Any

import httpx

from tests.integrations.program import Program
from tests.world import Browser, Colleague, World

SCOPES = ("read", "conversations.reply", "chat_links.manage")
CRM = "https://crm.example.com"


class Guest:
    """Whoever was given a link's address."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._client = browser.client
        self.path, _, self.secret = url.removeprefix("https://chat.test").partition("#")

    async def call(self, method: str, path: str = "", body: object = None) -> httpx.Response:
        self._client.cookies.clear()
        headers = {"authorization": f"Bearer {self.secret}"}
        return await self._client.request(method, f"/api/v1/chat-link{path}", headers=headers, json=body)

    async def ended(self) -> tuple[int, str, str | None]:
        answer = await self.call("GET")
        body = answer.json()
        return answer.status_code, body["code"], (body.get("details") or {}).get("reason")


def links(world: World) -> str:
    return f"/contacts/{world.vera.actor.contact_id}/chat-links"


async def make(program: Program, world: World, **body: object) -> dict[str, Any]:
    answer = await program.call("POST", links(world), {"agent_id": str(world.ada.id), "origins": [CRM], **body})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def give(browser: Browser, world: World, to: Colleague) -> None:
    """Assign Vera's conversation."""
    answer = await browser.be(world.sol).put(
        f"/conversations/{world.conversation_id}/assignment", {"agent_id": str(to.id)}
    )
    assert answer.status_code == 200, answer.text
