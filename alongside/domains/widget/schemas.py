"""Everything a visitor may send or be told.

Numbers (`seq`) are the visitor's own: they count the messages the visitor may see, from 1 without gaps. Notes and
assignments leave no trace in them. Unknown fields are ignored, an unknown frame `type` closes with 4400.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from alongside.domains.channels.availability_schemas import Nobody, Outside
from alongside.domains.channels.look_schemas import StartKind
from alongside.domains.channels.schemas import EditSettings
from alongside.domains.conversations.schemas import Card
from alongside.domains.files.schemas import Attachment, AttachmentKind


class Person(msgspec.Struct, frozen=True):
    """An agent as visitors see them."""

    display_name: str
    picture_url: str | None


class Availability(msgspec.Struct, frozen=True):
    """Who would answer now. `agents` names up to three who are online; empty when `online` is False."""

    online: bool
    agents: list[Person]


class UploadRules(msgspec.Struct, frozen=True, kw_only=True):
    """What visitors of this channel may send: files of these kinds, up to so many bytes each."""

    max_bytes: int
    kinds: list[AttachmentKind]


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """When and where the widget shows, for the browser to turn by itself. It is `open` at `at`, the server's time, and
    turns at each of `changes`; after the last the browser asks anew.

    `outside` and `nobody` say what shows outside of the hours, and within them while nobody is online. `closed`: own
    words outside, by language; `{when}` in them is when it opens. `by_mail`: answers reach an address left here.
    """

    at: datetime
    open: bool
    changes: list[datetime]
    outside: Outside
    nobody: Nobody
    closed: dict[str, str]
    by_mail: bool
    show_on: list[str]
    hide_on: list[str]


class ButtonLook(msgspec.Struct, frozen=True, kw_only=True):
    """How the button on the page differs from ours: rules of CSS, the line of its icon, a text on it by language.

    `words`: our own words that the company put others in place of, by language.
    """

    css: str | UnsetType = UNSET
    icon: str | UnsetType = UNSET
    label: dict[str, str] | UnsetType = UNSET
    words: dict[str, dict[str, str]] | UnsetType = UNSET


class StartItem(msgspec.Struct, frozen=True, kw_only=True):
    """A button before the first message. `target`: the article's address part, or the link's whole address."""

    kind: StartKind
    label: dict[str, str]
    target: str


class PanelLook(msgspec.Struct, frozen=True, kw_only=True):
    """How the panel differs from ours. `css` is made by us of the settings, `own` is the company's style sheet."""

    css: str = ""
    own: str = ""
    subtitle: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    start: list[StartItem] = []


class ChannelLook(msgspec.Struct, frozen=True, kw_only=True):
    """How the widget of a site looks and greets. Texts map a language tag to the text; "en" is always there.

    `accent` and `ink`, of what is written on it, are colours as CSS has them. `help` says that the help centre has
    something to read; `uploads` is None where visitors may send no files.
    Visitors may edit and delete what they wrote for `edit_minutes`.
    `around`: something is asked before the chat, told while it goes on, or can be done when it is over.
    `typing_preview`: the team sees what visitors write before it is sent. Visitors must be told.
    `gate` is None where the widget shows always and everywhere.
    What follows it is there only where it differs from what we ship. `languages` are those spoken, the default first.
    `more` names the version of what the panel fetches besides. `preview` brings it along: settings that are tried out,
    where nobody is met and nothing is sent.
    """

    key: str
    name: str
    accent: str
    ink: str
    position: Literal["right", "left"]
    title: dict[str, str]
    greeting: dict[str, str]
    away: dict[str, str]
    privacy_url: str | None
    sound: bool
    help: bool
    uploads: UploadRules | None
    around: bool
    typing_preview: bool
    edit_minutes: int
    availability: Availability
    gate: Gate | None = None
    languages: list[str] | UnsetType = UNSET
    button: ButtonLook | UnsetType = UNSET
    more: str | UnsetType = UNSET
    preview: PanelLook | UnsetType = UNSET


class TryLook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a preview: settings as they would be, seen by somebody whose device is light or dark."""

    settings: EditSettings = EditSettings()
    scheme: Literal["light", "dark"] = "light"
    online: bool = True


class PublicChange(msgspec.Struct, frozen=True, kw_only=True):
    """The message `of` was edited or deleted by its author. `text` is None once a later one changed it again."""

    of: int
    deleted: bool
    text: str | None


class PublicMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as its visitor sees it. `person` is set when an agent wrote it; `mine` when the visitor did.

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


class Frame(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """A frame of the socket; the name of its type is its tag."""


# ---- visitor -> server


class Hello(Frame, frozen=True, kw_only=True, tag="hello"):
    """The first frame. Without `token` the socket tells who is available and nothing else."""

    channel: str
    token: str | None = None
    resume: Position | None = None
    visit: PageView = PageView()


class Resume(Frame, frozen=True, kw_only=True, tag="resume"):
    """A hole was found: send what follows `position`."""

    position: Position


class Send(Frame, frozen=True, kw_only=True, tag="send"):
    """A message. Answered by `ack` or `error` with the same `client_id`. The rest as over HTTP."""

    client_id: UUID
    text: str
    attachments: list[UUID] = []
    quote: int | None = None


class Typing(Frame, frozen=True, kw_only=True, tag="typing"):
    """The visitor types (or stopped). Repeat every 4 s while it lasts.

    `text` is what they have written so far. For where the look says `typing_preview`; dropped elsewhere.
    """

    on: bool
    text: str | None = None


class Marks(Frame, frozen=True, kw_only=True, tag="marks"):
    """How far this device has received, and the visitor read, the log."""

    delivered: int = 0
    seen: int = 0


class Page(Frame, frozen=True, kw_only=True, tag="page"):
    """The visitor went to another page without loading the widget anew."""

    visit: PageView


VisitorFrame = Hello | Resume | Send | Typing | Marks | Page


# ---- server -> visitor


class Welcome(Frame, frozen=True, kw_only=True, tag="welcome"):
    """Live from here on. `visitor` is None on a socket without token."""

    epoch: str
    visitor: VisitorBrief | None
    availability: Availability
    server_time: datetime
    heartbeat_seconds: int
    version: str


class Reset(Frame, frozen=True, kw_only=True, tag="reset"):
    """The conversation from scratch. Messages that arrived before still count: apply those that follow on."""

    snapshot: VisitorSnapshot


class Resumed(Frame, frozen=True, kw_only=True, tag="resumed"):
    """All messages after the position given."""

    messages: list[PublicMessage]
    team_seen: int
    seen: int


class Message(Frame, frozen=True, kw_only=True, tag="message"):
    """A new message of the conversation."""

    message: PublicMessage


class TeamTyping(Frame, frozen=True, kw_only=True, tag="team_typing"):
    """An agent types a reply. Forget it after 6 s without another."""

    person: Person
    on: bool


class TeamSeen(Frame, frozen=True, kw_only=True, tag="team_seen"):
    """The team has read up to `seq`."""

    seq: int


class OwnMarks(Frame, frozen=True, kw_only=True, tag="own_marks"):
    """The visitor has read up to `seen` on some device: clears the badge in every tab."""

    seen: int


class AvailabilityChanged(Frame, frozen=True, kw_only=True, tag="availability"):
    """Agents came online or went."""

    availability: Availability


class LookChanged(Frame, frozen=True, kw_only=True, tag="look_changed"):
    """The channel's settings changed: read them again."""


class AroundChanged(Frame, frozen=True, kw_only=True, tag="around"):
    """The chat is over, or goes on, or was rated elsewhere: read again what can be done after it.

    Only on channels that ask for something after the chat.
    """


class Ack(Frame, frozen=True, kw_only=True, tag="ack"):
    """Committed. `message` is what was stored, the same for every repeat."""

    client_id: UUID
    message: PublicMessage


class Failed(Frame, frozen=True, kw_only=True, tag="error"):
    """A frame was refused. `retry_after_ms` is set where trying again can help; nothing was stored."""

    code: str
    message: str
    client_id: UUID | None = None
    retry_after_ms: int | None = None


class Heartbeat(Frame, frozen=True, kw_only=True, tag="heartbeat"):
    """The last number of the visitor's log and the marks, so that a lost last message is noticed too."""

    head: int
    team_seen: int


class GoingAway(Frame, frozen=True, kw_only=True, tag="going_away"):
    """The server is about to restart: come back after this many milliseconds."""

    retry_in_ms: int


WidgetFrame = (
    Welcome
    | Reset
    | Resumed
    | Message
    | TeamTyping
    | TeamSeen
    | OwnMarks
    | AvailabilityChanged
    | LookChanged
    | AroundChanged
    | Ack
    | Failed
    | Heartbeat
    | GoingAway
)
