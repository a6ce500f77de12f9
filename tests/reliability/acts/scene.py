"""Where acts are played: a conversation that a visitor and a console watch, and the doors of those who act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import jwt

from alongside.kit.ids import new_client_id
from tests.files.media import wav
from tests.harness.client import Client
from tests.harness.clients import AgentClient, VisitorClient
from tests.harness.stage import Stage


@dataclass
class Scene:
    """A conversation with a visitor's tab and a console that watch, and the doors by which others act."""

    stage: Stage
    token: str
    conversation_id: UUID
    contact_id: str
    tab: VisitorClient
    console: AgentClient
    ben: httpx.AsyncClient
    sol: httpx.AsyncClient
    visitor: httpx.AsyncClient

    def path(self, tail: str = "") -> str:
        return f"/conversations/{self.conversation_id}{tail}"

    async def write(self, text: str) -> None:
        body = {"client_id": str(new_client_id()), "text": text}
        ok(await self.visitor.post("/conversation/messages", json=body))

    async def write_file(self, text: str) -> None:
        file = await upload(self.visitor, "/uploads", "/uploads", wav())
        body = {"client_id": str(new_client_id()), "text": text, "attachments": [file]}
        ok(await self.visitor.post("/conversation/messages", json=body))

    async def reply(self, text: str, **more: Any) -> None:
        body = {"client_id": str(new_client_id()), "text": text, **more}
        ok(await self.ben.post(self.path("/messages"), json=body))

    async def status(self, status: str) -> None:
        ok(await self.ben.put(self.path("/status"), json={"status": status}))


def ok(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def upload(http: httpx.AsyncClient, begin: str, uploads: str, content: bytes) -> str:
    begun = ok(await http.post(begin, json={"name": "voice.wav", "bytes": len(content)}))
    done = ok(await http.patch(f"{uploads}/{begun['id']}", params={"offset": 0}, content=content))
    return str(done["attachment"]["id"])


async def barrier(client: Client) -> None:
    """Everything pushed until now has arrived: answers keep their place in the queue."""
    refused = [frame for frame in client.of_type("error") if frame["code"] == "already-greeted"]
    await client.say(client.hello())
    await client.until(
        lambda: len([each for each in client.of_type("error") if each["code"] == "already-greeted"]) > len(refused)
    )


async def vouch(
    scene: Scene, subject: str, name: str, visitor: httpx.AsyncClient | None = None, path: str = "/identify"
) -> str:
    site = scene.stage.world.site
    key = ok(await scene.sol.post(f"/channels/{site.id}/identity-keys"))
    claims = {"sub": subject, "aud": site.key, "exp": 4_000_000_000, "name": name}
    token = jwt.encode(claims, key["secret"], "HS256", headers={"kid": key["kid"]})
    session = ok(await (visitor or scene.visitor).post(path, json={"channel": site.key, "token": token}))
    ok(await scene.sol.request("DELETE", f"/channels/{site.id}/identity-keys/{key['kid']}"))
    return str(session["token"])
