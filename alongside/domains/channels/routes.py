"""Channels over HTTP. Every agent may read them, secrets excepted; changing them needs a permission."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter

from alongside.domains.channels import actions, pages, queries
from alongside.domains.channels.availability_schemas import PageDecision, PageTried
from alongside.domains.channels.policy import MANAGE
from alongside.domains.channels.schemas import ChannelDetails, ChannelPicture, EditChannel, IdentityKey, NewChannel
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import NotFound
from alongside.platform.storage import Storage
from alongside.platform.web import who

# The outermost bound, before `max_picture_bytes` is looked at; the multipart frame needs a little.
MOST_UPLOAD_BYTES = 50_100_000

Picture = Annotated[
    UploadFile,
    Body(media_type=RequestEncodingType.MULTI_PART, description="Field `picture`: PNG, JPEG, WebP or GIF."),
]
Kid = Annotated[str, Parameter(max_length=40)]


@get("/channels", opt={"who": who.agent()})
async def list_channels(database: Database) -> list[ChannelDetails]:
    """All channels."""
    async with database.reading() as reading:
        return await queries.channels(reading)


@post("/channels", opt={"who": who.agent(MANAGE)})
async def create_channel(data: NewChannel, actor: AgentActor, database: Database) -> ChannelDetails:
    """Make the web chat of a site."""
    async with database.work() as work:
        return await actions.create_channel(work, actor, data)


@get("/channels/{channel_id:uuid}", opt={"who": who.agent()})
async def read_channel(channel_id: UUID, database: Database) -> ChannelDetails:
    """One channel."""
    async with database.reading() as reading:
        details = await queries.channel_details(reading, channel_id)
    if details is None:
        raise NotFound("no-such-channel", "This channel does not exist.")
    return details


@patch("/channels/{channel_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_channel(channel_id: UUID, data: EditChannel, actor: AgentActor, database: Database) -> ChannelDetails:
    """Change a channel's name, look, texts, allowed sites, or switch it off."""
    async with database.work() as work:
        return await actions.edit_channel(work, actor, channel_id, data)


@post("/channels/{channel_id:uuid}/pictures", opt={"who": who.agent(MANAGE)}, request_max_body_size=MOST_UPLOAD_BYTES)
async def add_picture(
    channel_id: UUID, data: Picture, actor: AgentActor, database: Database, storage: Storage, config: Config
) -> ChannelPicture:
    """Upload a picture for the look of the chat; it becomes a small square. Name its id in the settings to show it."""
    content = await data.read(config.max_picture_bytes + 1)
    return await actions.add_picture(database, storage, config, actor, channel_id, content)


@post("/channels/{channel_id:uuid}/identity-keys", opt={"who": who.agent(MANAGE)})
async def add_identity_key(channel_id: UUID, actor: AgentActor, database: Database) -> IdentityKey:
    """A new key to sign visitors' identities with. The secret is told once; earlier keys go on working."""
    async with database.work() as work:
        return await actions.add_identity_key(work, actor, channel_id)


@delete("/channels/{channel_id:uuid}/identity-keys/{kid:str}", status_code=204, opt={"who": who.agent(MANAGE)})
async def retire_identity_key(channel_id: UUID, kid: Kid, actor: AgentActor, database: Database) -> None:
    """Believe nothing that is signed with this key from now on."""
    async with database.work() as work:
        await actions.retire_identity_key(work, actor, channel_id, kid)


@post("/channels/pages/try", opt={"who": who.agent()}, status_code=200)
async def try_page(data: PageTried) -> PageDecision:
    """Whether a widget with these lists would show on a page, and which line says so. Nothing is saved."""
    return pages.decide(data)


ROUTES = [
    list_channels,
    create_channel,
    read_channel,
    edit_channel,
    add_picture,
    add_identity_key,
    retire_identity_key,
    try_page,
]
