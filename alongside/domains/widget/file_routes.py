"""Files over HTTP, for visitors: uploading in parts, and fetching what the messages of their conversation carry.

Pictures and players cannot send a token. They get addresses that are signed for one file, one visitor and six hours;
the visitor's token must still hold when such an address is used, and no address holds the token.
"""

from __future__ import annotations

import hmac
import time
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, delete, get, patch, post
from litestar.params import Parameter
from litestar.response import Stream

from alongside.domains.files import actions as files
from alongside.domains.files import queries, serving
from alongside.domains.files.actions.uploads import MOST_PART_BYTES, PartGiven
from alongside.domains.files.logic import sign
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import Attachment, NewUpload, Upload
from alongside.domains.widget.actions import WidgetDoor
from alongside.domains.widget.schemas import AskLinks, AttachmentLink, AttachmentLinks
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.limits import Budget, address_prefix, spend
from alongside.platform.storage import Storage
from alongside.platform.web import who
from alongside.platform.web.address import client_address

LINK_SECONDS = 6 * 3600

SIGNED = who.public("pictures and players send no token: the address is signed, for one visitor and some hours")

AnyRequest = Request[Any, Any, Any]
Offset = Annotated[int, Parameter(ge=0, le=2**60, description="Where the first of these bytes belongs.")]


@post("/widget/uploads", opt={"who": who.visitor()})
async def begin_upload(data: NewUpload, request: AnyRequest, actor: VisitorActor, door: WidgetDoor) -> Upload:
    """Announce a file. Its bytes follow by `PATCH /widget/uploads/{id}`."""
    allowance = await door.allowance(actor)
    await _spend_upload(request, actor, door)
    conversation_id = await door.conversation(actor)
    async with door.database.work() as work:
        return await files.begin_upload(work, actor, Place(conversation_id=conversation_id), data, allowance)


@get("/widget/uploads/{upload_id:uuid}", opt={"who": who.visitor()})
async def read_upload(upload_id: UUID, actor: VisitorActor, door: WidgetDoor) -> Upload:
    """How far an upload has come: where to go on after a cut."""
    return await files.read_upload(door.database, actor, upload_id)


@patch("/widget/uploads/{upload_id:uuid}", opt={"who": who.visitor()}, request_max_body_size=MOST_PART_BYTES)
async def receive_part(
    upload_id: UUID, offset: Offset, body: bytes, actor: VisitorActor, door: WidgetDoor, storage: Storage
) -> Upload:
    """The next bytes of a file, as they are. The answer to the last part says what the file is."""
    allowance = await door.allowance(actor)
    return await files.receive(door.database, storage, actor, upload_id, PartGiven(offset, body), allowance)


@delete("/widget/uploads/{upload_id:uuid}", status_code=204, opt={"who": who.visitor()})
async def cancel_upload(upload_id: UUID, actor: VisitorActor, door: WidgetDoor) -> None:
    """Give up an upload that no message carries."""
    await files.cancel_upload(door.database, actor, upload_id)


@post("/widget/attachments/links", opt={"who": who.visitor()}, status_code=200)
async def ask_links(data: AskLinks, actor: VisitorActor, door: WidgetDoor) -> AttachmentLinks:
    """Addresses for files of the visitor's conversation."""
    async with door.database.reading() as reading:
        found = await queries.sent_to_visitor(reading, actor.identity_id, data.ids)
    key, until = await door.link_key(), int(time.time()) + LINK_SECONDS
    return AttachmentLinks([_link(key, each, actor.identity_id, until) for each in found], LINK_SECONDS)


@get("/widget/attachments/{attachment_id:uuid}/{variant:str}", opt={"who": SIGNED, "gives": ("*/*",)})
async def read_attachment(
    attachment_id: UUID,
    variant: str,
    visitor: UUID,
    until: Annotated[int, Parameter(ge=0, le=2**40)],
    proof: Annotated[str, Parameter(max_length=100)],
    request: AnyRequest,
    door: WidgetDoor,
    storage: Storage,
) -> Stream:
    """A file that a message carries (`content`), or the `thumbnail` of an image, by an address we gave out."""
    expected = sign(await door.link_key(), attachment_id, visitor, until)
    if not hmac.compare_digest(proof.encode("utf-8", "replace"), expected.encode()) or until < time.time():
        raise serving.gone()
    async with door.database.reading() as reading:
        found = await queries.sent_to_visitor(reading, visitor, [attachment_id])
    if not found:
        raise serving.gone()
    return await serving.serve(request, door.database, storage, found[0], serving.variant(variant))


async def _spend_upload(request: AnyRequest, actor: VisitorActor, door: WidgetDoor) -> None:
    prefix = address_prefix(client_address(request.scope, door.config.trusted_proxies))
    most = door.config.visitor_uploads_per_hour
    budgets = [
        Budget("uploads", str(actor.contact_id), "", most, 3600),
        Budget("uploads", "", prefix, most * 10, 3600),
    ]
    await spend(door.database, budgets, "Too many files for one hour. Send the next later.")


def _link(key: str, attachment: Attachment, identity_id: UUID, until: int) -> AttachmentLink:
    base = f"/api/v1/widget/attachments/{attachment.id}"
    proof = f"?visitor={identity_id}&until={until}&proof={sign(key, attachment.id, identity_id, until)}"
    thumbnail = f"{base}/thumbnail{proof}" if attachment.kind == "image" else None
    return AttachmentLink(id=attachment.id, url=f"{base}/content{proof}", thumbnail_url=thumbnail)


ROUTES = [begin_upload, read_upload, receive_part, cancel_upload, ask_links, read_attachment]
