"""A client that uploads: announces a file and sends its parts, as the browser does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from alongside.domains.files import actions as files
from alongside.domains.files.actions.uploads import MOST_PART_BYTES, PartGiven
from alongside.domains.files.policy import Allowance
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import Attachment, NewUpload
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.storage import Storage
from tests.world import Browser, World

GENEROUS = Allowance(max_bytes=100_000_000)


async def attach(
    world: World,
    storage: Storage,
    actor: AgentActor | VisitorActor,
    content: bytes,
    name: str = "file.bin",
    conversation_id: UUID | None = None,
    place: Place | None = None,
) -> Attachment:
    """A whole file, by the verbs."""
    async with world.database.work() as work:
        new = NewUpload(name=name, bytes=len(content))
        upload = await files.begin_upload(
            work, actor, place or Place(conversation_id=conversation_id or world.conversation_id), new, GENEROUS
        )
    while upload.attachment is None:
        part = PartGiven(upload.offset, content[upload.offset : upload.offset + MOST_PART_BYTES])
        upload = await files.receive(world.database, storage, actor, upload.id, part, GENEROUS)
    return upload.attachment


class Door:
    """The HTTP door of an agent or a visitor."""

    def __init__(
        self, browser: Browser, begin: str, uploads: str, headers: dict[str, str | None] | None = None
    ) -> None:
        self.browser = browser
        self._begin = begin
        self._uploads = uploads
        self._headers = headers or {}

    @classmethod
    def of_agent(cls, browser: Browser, world: World) -> Door:
        return cls(browser, f"/conversations/{world.conversation_id}/uploads", "/uploads")

    @classmethod
    def of_visitor(cls, browser: Browser, token: str) -> Door:
        return cls(browser, "/widget/uploads", "/widget/uploads", {"authorization": f"Bearer {token}"})

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await self.browser.call(method, path, headers=dict(self._headers), **options)

    async def begin(self, name: str, size: int, media_type: str = "") -> httpx.Response:
        return await self.call("POST", self._begin, json={"name": name, "bytes": size, "media_type": media_type})

    async def read(self, upload_id: str) -> httpx.Response:
        return await self.call("GET", f"{self._uploads}/{upload_id}")

    async def part(self, upload_id: str, offset: int, content: bytes) -> httpx.Response:
        return await self.call("PATCH", f"{self._uploads}/{upload_id}?offset={offset}", content=content)

    async def cancel(self, upload_id: str) -> httpx.Response:
        return await self.call("DELETE", f"{self._uploads}/{upload_id}")

    async def upload(self, name: str, content: bytes, media_type: str = "") -> dict[str, Any]:
        """All of it; the attachment."""
        begun = await self.begin(name, len(content), media_type)
        assert begun.status_code == 201, begun.text
        upload = begun.json()
        while upload["attachment"] is None:
            start = upload["offset"]
            answer = await self.part(upload["id"], start, content[start : start + upload["most_part_bytes"]])
            assert answer.status_code == 200, answer.text
            upload = answer.json()
        attachment: dict[str, Any] = upload["attachment"]
        return attachment
