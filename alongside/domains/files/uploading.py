"""The doors by which agents go on with an upload of their own, for each place where files are carried."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from alongside.domains.files import actions
from alongside.domains.files.actions.uploads import MOST_PART_BYTES, PartGiven
from alongside.domains.files.policy import Allowance
from alongside.domains.files.schemas import Upload
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.storage import Storage
from alongside.platform.web.who import Who

Offset = Annotated[int, Parameter(ge=0, le=2**60, description="Where the first of these bytes belongs.")]


def allowance(config: Config) -> Allowance:
    """What agents may upload: files of every kind."""
    return Allowance(max_bytes=config.max_upload_bytes)


def upload_doors(path: str, who: Who) -> list[HTTPRouteHandler]:
    """Asking, sending and giving up below `path`, for whom `who` lets in."""
    one = path + "/{upload_id:uuid}"

    @get(one, opt={"who": who})
    async def read_upload(upload_id: UUID, actor: AgentActor, database: Database) -> Upload:
        """How far one of one's uploads has come: where to go on after a cut."""
        return await actions.read_upload(database, actor, upload_id)

    @patch(one, opt={"who": who}, request_max_body_size=MOST_PART_BYTES)
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
        part = PartGiven(offset, body)
        return await actions.receive(database, storage, actor, upload_id, part, allowance(config))

    @delete(one, status_code=204, opt={"who": who})
    async def cancel_upload(upload_id: UUID, actor: AgentActor, database: Database) -> None:
        """Give up an upload that nothing carries."""
        await actions.cancel_upload(database, actor, upload_id)

    return [read_upload, receive_part, cancel_upload]
