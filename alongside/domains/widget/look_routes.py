"""How a widget looks: told to loaders on any page of an allowed site, to panels, and to who is trying settings out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.background_tasks import BackgroundTask
from msgspec import structs

from alongside.domains.articles import queries as articles
from alongside.domains.channels import queries as channels
from alongside.domains.channels.logic import changed_settings
from alongside.domains.channels.policy import MANAGE
from alongside.domains.channels.schemas import Channel
from alongside.domains.reception import queries as reception
from alongside.domains.watchdogs import actions as watchdogs
from alongside.domains.watchdogs import queries as watchdog_queries
from alongside.domains.widget.actions import WidgetDoor
from alongside.domains.widget.look_schemas import Availability, ChannelLook, PanelLook, TryLook
from alongside.domains.widget.looks import Around, Trying, channel_look, panel_look, slugs, tried_look
from alongside.domains.workspace.queries import workspace
from alongside.platform.db import Reading
from alongside.platform.errors import Forbidden, NotFound, Refusal
from alongside.platform.web import who
from alongside.platform.web.address import site_of
from alongside.platform.web.problems import Problem, refused

AnyRequest = Request[Any, Any, Any]

LOOK = who.public("the loader paints the button before anybody is known")


def refused_anywhere(request: AnyRequest, refusal: Refusal) -> Response[Problem]:
    """A refusal that the loader can read on its site's page, to warn the site's developer."""
    answer = refused(request, refusal)
    answer.headers["access-control-allow-origin"] = "*"
    return answer


@get("/widget/channels/{key:str}", opt={"who": LOOK}, exception_handlers={Refusal: refused_anywhere})
async def read_look(request: AnyRequest, key: str, door: WidgetDoor) -> Response[ChannelLook]:
    """How a channel's widget looks and who would answer. Readable from any page of an allowed site."""
    channel = await door.channel(key)
    require_site(request, door, channel)
    async with door.database.reading() as reading:
        around = await _around(reading, door, channel)
        unseen = _asks_for_site(request, door, channel) and not await watchdog_queries.seen_lately(reading, channel.id)
    # After the answer: the button waits for no write.
    noting = BackgroundTask(watchdogs.note_seen, door.database, channel.id) if unseen else None
    return Response(channel_look(channel, around), headers={"access-control-allow-origin": "*"}, background=noting)


@get("/widget/channels/{key:str}/panel", opt={"who": LOOK})
async def panel_of(request: AnyRequest, key: str, door: WidgetDoor) -> PanelLook:
    """What the panel of a channel needs where it is not as we ship it."""
    channel = await door.channel(key)
    require_site(request, door, channel)
    async with door.database.reading() as reading:
        pages = await articles.pages_by_slugs(reading, slugs(channel.settings.look))
    return panel_look(channel.settings, pages) or PanelLook()


@post("/channels/{channel_id:uuid}/preview", opt={"who": who.agent(MANAGE)}, status_code=200)
async def try_look(channel_id: UUID, data: TryLook, door: WidgetDoor) -> ChannelLook:
    """How the widget would look with these settings. Nothing is stored.

    What cannot be used is refused as it would be when saved.
    """
    async with door.database.reading() as reading:
        channel = await channels.channel(reading, channel_id)
        if channel is None:
            raise NotFound("no-such-channel", "This channel does not exist.")
        channel = structs.replace(channel, settings=changed_settings(channel.settings, data.settings))
        around = await _around(reading, door, channel)
        before = await reception.before(reading, channel, None)
    agents = around.availability.agents or door.people.some()
    availability = Availability(data.online, agents if data.online else [])
    trying = Trying(data.scheme, data.moment, before, mails=door.config.mail_url is not None)
    return tried_look(channel, around._replace(availability=availability), trying)


async def _around(reading: Reading, door: WidgetDoor, channel: Channel) -> Around:
    by_mail = channel.settings.answers_by_mail and door.config.mail_url is not None
    return Around(
        availability=door.people.availability,
        uploads=door.upload_rules(channel.settings),
        help=await articles.anything_published(reading),
        edit_minutes=(await workspace(reading)).edit_minutes,
        pages=await articles.pages_by_slugs(reading, slugs(channel.settings.look)),
        gate=await door.gatekeeper.gate(
            reading, channel.settings, by_mail=by_mail, rules=await door.ruled.tag(channel.id)
        ),
    )


def require_site(request: AnyRequest, door: WidgetDoor, channel: Channel) -> None:
    """A page of a site that may not frame the panel gets no button either; a program names no site."""
    site = site_of(request.headers)
    if site and channel.allowed_origins and site not in (*channel.allowed_origins, *door.config.own_origins):
        raise Forbidden(
            "site-not-allowed",
            f"This site is not among the channel's allowed origins. Add {site[:200]} in Settings, Channels.",
        )


def _asks_for_site(request: AnyRequest, door: WidgetDoor, channel: Channel) -> bool:
    """Whether a page of a site that may show the channel asks. Our own pages are none, unless they are listed."""
    site = site_of(request.headers)
    if channel.allowed_origins:
        return site in channel.allowed_origins
    return site is not None and site not in door.config.own_origins


ROUTES = [read_look, panel_of, try_look]
