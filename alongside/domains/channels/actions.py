"""What can be done to channels."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET

from alongside.domains.channels import logic, pages, policy, queries
from alongside.domains.channels.around import require_askable
from alongside.domains.channels.events import ChannelChanged, ChannelConfigured
from alongside.domains.channels.schemas import (
    Channel,
    ChannelDetails,
    ChannelPicture,
    ChannelSettings,
    EditChannel,
    EditSettings,
    IdentityKey,
    NewChannel,
)
from alongside.domains.fields.queries import fields
from alongside.domains.files.actions import store_portrait
from alongside.domains.workspace.queries import opening_hours
from alongside.kit.ids import new_secret
from alongside.platform import limits
from alongside.platform.auth.actor import AgentActor, SystemActor, id_of
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound
from alongside.platform.limits import Budget
from alongside.platform.storage import Storage

# The one in use, its successor, and a spare: more are a sign that old ones are forgotten.
MOST_KEYS = 5

KEEP_WORDING = "INSERT INTO consent_text (channel_id, version, texts, privacy_url) VALUES ($1, $2, $3, $4)"
PICTURES_PER_HOUR = 60

Change = Literal["created", "edited", "key-added", "key-retired"]


async def create_channel(
    work: Work, actor: AgentActor | SystemActor, new: NewChannel, *, key: str | None = None
) -> ChannelDetails:
    """Make a web chat. `key` is for demo data, where a page names it beforehand; else it is random."""
    _require_manage(actor)
    await _require_hours(work, new.settings)
    like = await _locked(work, new.like) if new.like else None
    channel_id: UUID | None = await work.value(
        """
        INSERT INTO channel (key, name, settings, allowed_origins) VALUES ($1, $2, $3, $4)
        ON CONFLICT (key) DO NOTHING RETURNING id
        """,
        key or logic.new_key(),
        logic.channel_name(new.name),
        _changed(like.settings if like else ChannelSettings(), new.settings),
        logic.origins(new.allowed_origins),
    )
    if channel_id is None:
        raise Conflict("channel-key-taken", "There is already a channel with this key.")
    details = await _details(work, channel_id)
    await _around_changed(work, ChannelSettings(), details)
    await _require_picture(work, details.settings)
    _announce(work, actor, details, "created", _now_is(details, new))
    return details


async def edit_channel(
    work: Work, actor: AgentActor | SystemActor, channel_id: UUID, change: EditChannel
) -> ChannelDetails:
    """Change a channel. One that is not active answers its sites as if it did not exist."""
    _require_manage(actor)
    if change.settings is not UNSET:
        await _require_hours(work, change.settings)
    current = await _locked(work, channel_id)
    if change.revision is not UNSET and change.revision != current.revision:
        raise Conflict(
            "channel-changed",
            "Somebody else changed this channel meanwhile. Read it again, look at both, and save once more.",
        )
    active = current.active if change.active is UNSET else change.active
    await work.run(
        """
        UPDATE channel SET name = $2, settings = $3, allowed_origins = $4, active = $5, revision = revision + 1
        WHERE id = $1
        """,
        channel_id,
        current.name if change.name is UNSET else logic.channel_name(change.name),
        current.settings if change.settings is UNSET else _changed(current.settings, change.settings),
        current.allowed_origins if change.allowed_origins is UNSET else logic.origins(change.allowed_origins),
        active,
    )
    details = await _details(work, channel_id)
    await _around_changed(work, current.settings, details)
    await _require_picture(work, details.settings)
    _announce(work, actor, details, "edited", _now_is(details, change))
    return details


async def add_picture(
    database: Database, storage: Storage, config: Config, actor: AgentActor, channel_id: UUID, content: bytes
) -> ChannelPicture:
    """Keep a picture for the look of a channel. It is shown once the settings name it, and swept where none do.

    Raises `Invalid` or `TooLarge` for what is no picture or too large a one.
    """
    _require_manage(actor)
    uploads = [Budget("channel-picture", str(actor.id), "", PICTURES_PER_HOUR, 3600)]
    await limits.spend(database, uploads, "Too many pictures in one hour. Try again later.")
    async with database.reading() as reading:
        if await queries.channel(reading, channel_id) is None:
            raise NotFound("no-such-channel", "This channel does not exist.")
    file_id = await store_portrait(database, storage, actor, content, config.max_picture_bytes)
    return ChannelPicture(file_id, f"/files/{file_id}/picture.webp")


async def add_identity_key(work: Work, actor: AgentActor | SystemActor, channel_id: UUID) -> IdentityKey:
    """A new key with its secret. Earlier ones hold until retired, so that the site can change over."""
    _require_manage(actor)
    channel = await _locked(work, channel_id)
    if len(await queries.identity_keys(work, channel_id)) >= MOST_KEYS:
        raise Conflict("too-many-keys", f"A channel has at most {MOST_KEYS} keys. Delete one that is not used.")
    key = IdentityKey(logic.new_kid(), new_secret())
    await work.run(
        "INSERT INTO channel_identity_key (channel_id, kid, secret) VALUES ($1, $2, $3)",
        channel_id,
        key.kid,
        key.secret,
    )
    _announce(work, actor, channel, "key-added", {"kid": key.kid})
    return key


async def retire_identity_key(work: Work, actor: AgentActor | SystemActor, channel_id: UUID, kid: str) -> None:
    """From now on nothing that is signed with this key is believed."""
    _require_manage(actor)
    channel, kid = await _locked(work, channel_id), kid.replace("\x00", "")
    retired = await work.run(
        """
        UPDATE channel_identity_key SET retired_at = now()
        WHERE channel_id = $1 AND kid = $2 AND retired_at IS NULL
        """,
        channel_id,
        kid,
    )
    if not retired:
        raise NotFound("no-such-key", "This key does not exist (any more).")
    _announce(work, actor, channel, "key-retired", {"kid": kid})


async def _around_changed(work: Work, before: ChannelSettings, now: ChannelDetails) -> None:
    """Keep each wording of the consent. Raises `Invalid` for a field that cannot be asked for."""
    around = now.settings.around
    if around.asked != before.around.asked:
        keys = [each.key for each in await fields(work) if each.archived_at is None and each.set_by_page == "unsigned"]
        require_askable(around, keys)
    if around.consent_version != before.around.consent_version:
        await work.run(KEEP_WORDING, now.id, around.consent_version, around.consent, now.settings.privacy_url)


def _announce(
    work: Work,
    actor: AgentActor | SystemActor,
    channel: Channel | ChannelDetails,
    change: Change,
    values: dict[str, Any],
) -> None:
    work.announce(ChannelChanged(channel_id=channel.id, active=channel.active))
    work.announce(
        ChannelConfigured(
            actor_id=id_of(actor), channel_id=channel.id, channel=channel.name, change=change, values=values
        )
    )


def _now_is(channel: ChannelDetails, given: NewChannel | EditChannel) -> dict[str, Any]:
    """What was given, as it stands now; of a style sheet only how long it is."""
    now = msgspec.to_builtins(channel)
    values = _picked(now, msgspec.to_builtins(given))
    look = values.get("settings", {}).get("look", {})
    if "css" in look:
        look["css"] = f"{len(look['css'])} characters"
    return values


def _picked(now: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _picked(now[name], value) if name in ("settings", "look") else now[name]
        for name, value in given.items()
        if name in now
    }


async def _require_picture(work: Work, settings: ChannelSettings) -> None:
    picture = settings.look.picture_id
    if picture and not await queries.picture_there(work, picture):
        raise Invalid("picture-missing", "The picture is not there any more. Upload it once more.")


async def _locked(work: Work, channel_id: UUID) -> Channel:
    channel = await queries.channel_for_update(work, channel_id)
    if channel is None:
        raise NotFound("no-such-channel", "This channel does not exist.")
    return channel


async def _details(work: Work, channel_id: UUID) -> ChannelDetails:
    details = await queries.channel_details(work, channel_id)
    if details is None:
        raise LookupError("written in this transaction")
    return details


def _changed(current: ChannelSettings, change: EditSettings) -> ChannelSettings:
    """The settings after a change. Raises `Invalid`, and `Conflict` where others changed the availability meanwhile."""
    if change.availability is not UNSET:
        availability = pages.checked(current.availability, change.availability)
        change = msgspec.structs.replace(change, availability=availability)
    return logic.changed_settings(current, change)


async def _require_hours(work: Work, change: EditSettings) -> None:
    """Those chosen exist. If they go later, the channel goes by the company's."""
    wanted = None if change.availability is UNSET else change.availability.hours_id
    if wanted and wanted not in {hours.id for hours in await opening_hours(work)}:
        raise Invalid("no-such-hours", "These opening hours do not exist (any more). Choose others.", field="hours_id")


def _require_manage(actor: AgentActor | SystemActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow managing channels. Ask an admin for it.")
