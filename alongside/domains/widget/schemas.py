"""Everything a visitor may send or be told over HTTP; what goes over the socket is in `frame_schemas`.

Numbers (`seq`) are the visitor's own: they count the messages the visitor may see, from 1 without gaps. Notes and
assignments leave no trace in them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.conversations.schemas import Card
from alongside.domains.files.schemas import Attachment
from alongside.domains.widget.look_schemas import (
    Person,
)


class PublicChange(msgspec.Struct, frozen=True, kw_only=True):
    """The message `of` was edited or deleted by its author. `text` is None once a later one changed it again."""

    of: int
    deleted: bool
    text: str | None


class PublicMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as its visitor sees it. `person` is set when an agent wrote it; `mine` when the visitor did.

    With `automatic` nobody wrote it: Alongside tells it, and it answers nothing.

    With `cards` these are shown instead of the text, which says the same for whoever cannot show them. It is as it is
    now: `edited`, or emptied since it was `deleted`. With `change` it is no message but tells of another one.
    `quote` is the number of a message that it answers to.
    """

    seq: int
    at: datetime
    mine: bool
    text: str
    client_id: UUID | None = None
    person: Person | None = None
    automatic: bool = False
    cards: list[Card] = []
    attachments: list[Attachment] = []
    edited: bool = False
    deleted: bool = False
    quote: int | None = None
    change: PublicChange | None = None


class VisitorSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The visitor's conversation at one instant. `head` is 0 before the first message.

    `team_seen` is the last number that anybody of the team has read; `seen` the last the visitor has.
    """

    epoch: str
    head: int
    messages: list[PublicMessage]
    has_more: bool
    team_seen: int
    seen: int


class Position(msgspec.Struct, frozen=True):
    """How far a client has the log: the history's epoch and the last applied number."""

    epoch: str
    seq: int


class PageView(msgspec.Struct, frozen=True, kw_only=True):
    """The page a visitor is on, as the loader reports it.

    The server cuts what is too long: url and referrer to 2,000 characters, the title to 300.
    """

    url: str = ""
    title: str = ""
    referrer: str = ""
    language: str = ""
    screen: str = ""
    timezone: str = ""


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says of its visitor without proof: shown to agents as unverified; merges and reveals nothing.

    `fields` are values of the company's own fields by key. What of them cannot be taken is left out, and nothing else.
    """

    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    fields: dict[str, Any] | None = None


class VisitorBrief(msgspec.Struct, frozen=True):
    """The visitor as told to their own browser."""

    name: str | None
    verified: bool


# Kept with the token where the panel cannot keep anything itself: a mark of whom the token was made for.
Note = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{0,64}$(?!\n)")]


class StartVisitor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of `POST /widget/visitors`.

    `keep` says that the browser denies the panel its storage: the token is then kept in a partitioned cookie, with
    this note. Only the panel itself may ask for that.
    """

    channel: str
    visit: PageView = PageView()
    claims: Claims | None = None
    keep: Note | None = None


class Identify(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of `POST /widget/identify`: a JWT signed by the site, or bare claims. `keep` as in `StartVisitor`."""

    channel: str
    token: str | None = None
    claims: Claims | None = None
    visit: PageView = PageView()
    keep: Note | None = None


class ResumeVisitor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of `POST /widget/visitors/resume`."""

    channel: str


class VisitorSession(msgspec.Struct, frozen=True):
    """A visitor's capability. `token` is shown once and stored hashed; keep it out of URLs.

    `left_out` tells the site's developer which of the page's fields were not taken, and why.
    """

    token: str
    visitor: VisitorBrief
    left_out: list[str] = []


class KeptSession(msgspec.Struct, frozen=True):
    """What the cookie of this site kept for the panel, with the note given then; None where there is nothing."""

    session: VisitorSession | None
    note: str


class ComeBack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of `POST /widget/return`: the secret of a link that we mailed."""

    token: Annotated[str, msgspec.Meta(min_length=20, max_length=200)]


class CameBack(msgspec.Struct, frozen=True, kw_only=True):
    """The conversation that the link opens: its channel, and a token for it that ends after some days."""

    channel: str
    session: VisitorSession


class PostMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a message over HTTP. `attachments` names whole uploads; with some, the text may be empty.

    `quote` is the number of the message that it answers to.
    """

    client_id: UUID
    text: str
    attachments: list[UUID] = []
    quote: int | None = None


class EditMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of an edit. `client_id` is made once per user action: a repeat changes nothing."""

    client_id: UUID
    text: str


class AskLinks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a question for addresses: files of the visitor's own conversation."""

    ids: Annotated[list[UUID], Meta(max_length=200)]


class AttachmentLink(msgspec.Struct, frozen=True, kw_only=True):
    """Where a file can be fetched. `thumbnail_url` is set for images. Add `&download` for a download."""

    id: UUID
    url: str
    thumbnail_url: str | None


class AttachmentLinks(msgspec.Struct, frozen=True):
    """Addresses that work without a token, for `seconds` from now. Ids that are not the visitor's are left out."""

    links: list[AttachmentLink]
    seconds: int


class MarkSeen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a seen mark; marks only move forward."""

    seq: int


class Posted(msgspec.Struct, frozen=True):
    """The stored message, the same for every repeat of one `client_id`."""

    message: PublicMessage
