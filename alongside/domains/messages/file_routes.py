"""Files of conversations over HTTP, for agents: uploading in parts, and fetching what messages carry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.response import Stream

from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.conversations.queries import in_sight
from alongside.domains.files import actions as files
from alongside.domains.files import queries, serving
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import Attachment, NewUpload, Upload
from alongside.domains.files.uploading import allowance, upload_doors
from alongside.domains.messages.schemas import TakeTextBlockFiles
from alongside.domains.textblocks import actions as textblocks
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.storage import Storage
from alongside.platform.web import who

WRITER = who.agent("conversations.reply")


@post("/conversations/{conversation_id:uuid}/uploads", opt={"who": WRITER})
async def begin_upload(
    conversation_id: UUID, data: NewUpload, actor: AgentActor, database: Database, config: Config
) -> Upload:
    """Announce a file for a message or note of this conversation. Its bytes follow by `PATCH /uploads/{id}`."""
    async with database.work() as work:
        if not await in_sight(work, actor, conversation_id):
            raise no_such_conversation()
        return await files.begin_upload(work, actor, Place(conversation_id=conversation_id), data, allowance(config))


@post("/conversations/{conversation_id:uuid}/uploads/from-text-block", opt={"who": WRITER})
async def take_text_block_files(
    conversation_id: UUID, data: TakeTextBlockFiles, actor: AgentActor, database: Database
) -> list[Attachment]:
    """Copies of a text block's files, ready for a message or note of this conversation."""
    async with database.work() as work:
        if not await in_sight(work, actor, conversation_id):
            raise no_such_conversation()
        return await textblocks.copy_files(work, actor, data.text_block_id, Place(conversation_id=conversation_id))


@get("/attachments/{attachment_id:uuid}/{variant:str}", opt={"who": who.agent(), "gives": ("*/*",)})
async def read_attachment(
    attachment_id: UUID,
    variant: str,
    request: Request[Any, Any, Any],
    actor: AgentActor,
    database: Database,
    storage: Storage,
) -> Stream:
    """A file (`content`) of a message, a note, a ticket or a text block, or one's own that is not sent yet.

    An image has a `thumbnail`. Answers `Range`.
    """
    async with database.reading() as reading:
        attachment = await queries.sent_or_own(reading, actor, attachment_id)
    if attachment is None:
        raise serving.gone()
    return await serving.serve(request, database, storage, attachment, serving.variant(variant))


ROUTES = [begin_upload, take_text_block_files, *upload_doors("/uploads", WRITER), read_attachment]
