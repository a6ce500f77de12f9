"""What agents do about themselves: profile, picture, password, presence, sessions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from alongside.domains.agents import actions, queries
from alongside.domains.agents.schemas import ChangePassword, EditMe, GoOnline, Me, Session
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.storage import Storage
from alongside.platform.web import who

# The outermost bound, before `max_picture_bytes` is looked at; the multipart frame needs a little.
MOST_UPLOAD_BYTES = 50_100_000

Picture = Annotated[
    UploadFile,
    Body(media_type=RequestEncodingType.MULTI_PART, description="Field `picture`: PNG, JPEG, WebP or GIF."),
]


@patch("/me", opt={"who": who.person()})
async def edit_me(data: EditMe, actor: AgentActor, database: Database) -> Me:
    """Change one's display name or language."""
    async with database.work() as work:
        await actions.edit_me(work, actor, data)
    return await _me(database, actor)


@put("/me/password", status_code=204, opt={"who": who.person()})
async def change_password(data: ChangePassword, actor: AgentActor, database: Database, config: Config) -> None:
    """Change one's password. All one's other sessions end."""
    await actions.change_password(database, config, actor, data)


@put("/me/picture", opt={"who": who.person()}, request_max_body_size=MOST_UPLOAD_BYTES)
async def set_picture(data: Picture, actor: AgentActor, database: Database, storage: Storage, config: Config) -> Me:
    """Upload the picture that colleagues and visitors see. It is cut square and reduced to 256 x 256."""
    content = await data.read(config.max_picture_bytes + 1)
    await actions.set_picture(database, storage, config, actor, content)
    return await _me(database, actor)


@delete("/me/picture", status_code=200, opt={"who": who.person()})
async def remove_picture(actor: AgentActor, database: Database) -> Me:
    """Show no picture."""
    async with database.work() as work:
        await actions.remove_picture(work, actor)
    return await _me(database, actor)


@put("/me/online", opt={"who": who.person()})
async def go_online(data: GoOnline, actor: AgentActor, database: Database) -> Me:
    """Go online or offline."""
    await actions.go_online(database, actor, data.online)
    return await _me(database, actor)


@get("/sessions", opt={"who": who.person()})
async def list_sessions(actor: AgentActor, database: Database) -> list[Session]:
    """One's signed-in browsers."""
    async with database.reading() as reading:
        return await queries.sessions(reading, actor.id, actor.session_id)


@delete("/sessions/{session_id:uuid}", status_code=204, opt={"who": who.person()})
async def revoke_session(session_id: UUID, actor: AgentActor, database: Database) -> None:
    """Sign one of one's browsers out."""
    await actions.revoke_session(database, actor, session_id)


@delete("/sessions", status_code=204, opt={"who": who.person()})
async def revoke_other_sessions(actor: AgentActor, database: Database) -> None:
    """Sign all one's other browsers out."""
    async with database.work() as work:
        await actions.revoke_others(work, actor)


async def _me(database: Database, actor: AgentActor) -> Me:
    async with database.reading() as reading:
        return await queries.me(reading, actor.id)


ROUTES = [
    edit_me,
    change_password,
    set_picture,
    remove_picture,
    go_online,
    list_sessions,
    revoke_session,
    revoke_other_sessions,
]
