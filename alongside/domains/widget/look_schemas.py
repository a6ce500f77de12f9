"""How a widget looks, who would answer, and when and where it shows: what a page is told before anybody is known."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from alongside.domains.channels.availability_schemas import Nobody, Outside
from alongside.domains.channels.look_schemas import StartKind
from alongside.domains.channels.schemas import EditSettings
from alongside.domains.files.schemas import AttachmentKind
from alongside.domains.reception.schemas import Before
from alongside.domains.transcripts.schemas import TranscriptNow
from alongside.domains.widget.around_schemas import Over


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
    `rules` names the version of the channel's action rules; it is missing where there are none.
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
    rules: str | UnsetType = UNSET


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


Moment = Literal["before", "during", "after"]


class TriedLook(msgspec.Struct, frozen=True, kw_only=True):
    """What the panel shows of settings that are tried out, at one moment of a chat that nobody has.

    `before` is what somebody new would be asked; `over` and `transcript` what there would be to do at its end.
    """

    panel: PanelLook
    moment: Moment
    before: Before
    over: Over | None
    transcript: TranscriptNow | None


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
    preview: TriedLook | UnsetType = UNSET


class TryLook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a preview: settings as they would be, seen at one moment by somebody whose device is light or dark."""

    settings: EditSettings = EditSettings()
    scheme: Literal["light", "dark"] = "light"
    online: bool = True
    moment: Moment = "before"
