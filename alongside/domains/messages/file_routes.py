"""Files of conversations over HTTP, for agents: uploading in parts, and fetching what messages carry."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, delete, get, patch, post
from litestar.params import Parameter
from litestar.response import Stream

from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.conversations.queries import in_sight
from alongside.domains.files import actions as files
from alongside.domains.files import queries, serving
from alongside.domains.files.actions.uploads import MOST_PART_BYTES, PartGiven
from alongside.domains.files.policy import Allowance
from alongside.domains.files.schemas import NewUpload, Upload
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.storage import Storage
from alongside.platform.web import who

WRITER = who.agent("conversations.reply")

Offset = Annotated[int, Parameter(ge=0, le=2**60, description="Where the first of these bytes belongs.")]


@post("/conversations/{conversation_id:uuid}/uploads", opt={"who": WRITER})
async def begin_upload(
    conversation_id: UUID, data: NewUpload, actor: AgentActor, database: Database, config: Config
) -> Upload:
    """Announce a file for a message or note of this conversation. Its bytes follow by `PATCH /uploads/{id}`."""
    async with database.work() as work:
        if not await in_sight(work, actor, conversation_id):
            raise no_such_conversation()
        return await files.begin_upload(work, actor, conversation_id, data, allowance(config))


@get("/uploads/{upload_id:uuid}", opt={"who": WRITER})
async def read_upload(upload_id: UUID, actor: AgentActor, database: Database) -> Upload:
    """How far one of one's uploads has come: where to go on after a cut."""
    return await files.read_upload(database, actor, upload_id)


@patch("/uploads/{upload_id:uuid}", opt={"who": WRITER}, request_max_body_size=MOST_PART_BYTES)
async def receive_part(
    upload_id: UUID,
    offset: Offset,
    body: bytes,
    actor: AgentActor,
    database: Database,
    storage: Storage,
    config: Config,
) -> Upload:
    """The next bytes of a file, as they are. The answer to the last part says what the file is."""
    return await files.receive(database, storage, actor, upload_id, PartGiven(offset, body), allowance(config))


@delete("/uploads/{upload_id:uuid}", status_code=204, opt={"who": WRITER})
async def cancel_upload(upload_id: UUID, actor: AgentActor, database: Database) -> None:
    """Give up an upload that no message carries."""
    await files.cancel_upload(database, actor, upload_id)


@get("/attachments/{attachment_id:uuid}/{variant:str}", opt={"who": who.agent(), "gives": ("*/*",)})
async def read_attachment(
    attachment_id: UUID,
    variant: str,
    request: Request[Any, Any, Any],
    actor: AgentActor,
    database: Database,
    storage: Storage,
) -> Stream:
    """A file that a message or note carries, or one's own that is not sent yet (`content`), or an image's `thumbnail`.

    Answers `Range`.
    """
    async with database.reading() as reading:
        attachment = await queries.sent_or_own(reading, actor, attachment_id)
    if attachment is None:
        raise serving.gone()
    return await serving.serve(request, database, storage, attachment, serving.variant(variant))


def allowance(config: Config) -> Allowance:
    """What agents may upload: files of every kind."""
    return Allowance(max_bytes=config.max_upload_bytes)


ROUTES = [begin_upload, read_upload, receive_part, cancel_upload, read_attachment]
