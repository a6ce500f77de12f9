"""Shapes of a contact as agents see it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.fields.schemas import MOST_FIELDS, Content
from alongside.domains.labels.schemas import MOST_CARRIED

FieldSource = Literal["agent", "signed", "import", "merge"]
ContactSort = Literal["newest", "name"]
# By what a file's lines are recognised.
ImportMatch = Literal["email", "verified_id"]


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a page said of its visitor without proof."""

    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A person. `verified_id` is the site's own id for them, proven by a signed token; `claims` are unproven.

    `agent_id` or `team_id`: who gets what this customer writes first.
    """

    id: UUID
    number: int
    name: str | None
    email: str | None
    phone: str | None
    verified: bool
    verified_id: str | None
    claims: Claims | None
    language: str | None
    label_ids: list[UUID]
    created_at: datetime
    agent_id: UUID | None
    team_id: UUID | None


class FieldValue(msgspec.Struct, frozen=True, kw_only=True):
    """What is known by a field. `value` was set by an agent, a site's signature, an import, or taken over in a merge.

    `claim` is what a page said without proof. There is one for every field that the asker may know, also without value.
    """

    field_id: UUID
    value: Content | None = None
    claim: Content | None = None
    source: FieldSource | None = None
    set_by: UUID | None = None
    set_at: datetime | None = None


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A browsing session. `online` while one of its pages holds a live socket.

    `country`: two letters (ISO 3166), from the address that it began at where the operator has a database of
    addresses, else from `timezone`; `city` from the address alone. Empty where neither tells.
    """

    id: UUID
    started_at: datetime
    last_seen_at: datetime
    online: bool
    url: str
    title: str
    referrer: str
    browser: str
    os: str
    device: str
    language: str
    timezone: str
    screen: str
    country: str
    city: str


class EpisodeBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a conversation from (re)opening to Done. `done_at` None while it runs; `rating` is 1 to 5."""

    conversation_id: UUID
    channel_name: str
    number: int
    opened_at: datetime
    done_at: datetime | None
    first_seq: int
    messages: int
    rating: int | None
    rating_comment: str | None


class NoteBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A note anywhere in the contact's conversations."""

    conversation_id: UUID
    seq: int
    author_id: UUID | None
    at: datetime
    text: str


class ConsentBrief(msgspec.Struct, frozen=True, kw_only=True):
    """To which wording of a channel's text a person agreed, and when. `text` is what they read, in `language`."""

    channel_name: str
    version: int
    language: str
    given_at: datetime
    text: str
    privacy_url: str | None


class MergeBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A contact that was merged into this one, which can still be undone. `name` and `number` are as before."""

    id: UUID
    by_id: UUID | None
    at: datetime
    name: str | None
    number: int


class ContactDetails(msgspec.Struct, frozen=True, kw_only=True):
    """All the details column shows: newest first, at most 20 visits, 50 episodes, 50 notes, 50 consents.

    A merged contact's details are those of its person: `contact` is who stands for it, whichever was asked for.
    `fields` holds those that the asker may know, in order.
    """

    contact: Contact
    fields: list[FieldValue]
    visits: list[Visit]
    episodes: list[EpisodeBrief]
    notes: list[NoteBrief]
    consents: list[ConsentBrief]
    merges: list[MergeBrief]


class NewContact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new contact. `verified_id` is the id by which the site of `channel_id` knows them.

    `fields` by their keys. `agent_id` or `team_id`, not both: who gets what this customer writes first.
    """

    name: Annotated[str, Meta(max_length=400)] | None = None
    email: Annotated[str, Meta(max_length=400)] | None = None
    phone: Annotated[str, Meta(max_length=400)] | None = None
    verified_id: Annotated[str, Meta(max_length=1_000)] | None = None
    channel_id: UUID | None = None
    label_ids: Annotated[list[UUID], Meta(max_length=MOST_CARRIED)] = []
    fields: Annotated[dict[str, Content], Meta(max_length=MOST_FIELDS)] = {}
    agent_id: UUID | None = None
    team_id: UUID | None = None


class EditContact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Body of a correction by an agent; fields left out stay as they are, null clears."""

    name: str | msgspec.UnsetType | None = msgspec.UNSET
    email: str | msgspec.UnsetType | None = msgspec.UNSET
    phone: str | msgspec.UnsetType | None = msgspec.UNSET


class SetField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new value of a field; null clears it. With `was`, only if that is still the value."""

    value: Content | None
    was: Content | msgspec.UnsetType | None = msgspec.UNSET


class MergeWith(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a merge: the contact that is the same person."""

    contact_id: UUID


class ContactRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the contacts page. `name` may be a claim; `last_message_at` is None for who never wrote."""

    id: UUID
    number: int
    name: str | None
    email: str | None
    phone: str | None
    verified: bool
    label_ids: list[UUID]
    created_at: datetime
    last_message_at: datetime | None


class ContactList(msgspec.Struct, frozen=True):
    """A page of contacts. `next_cursor` is opaque; None at the end."""

    rows: list[ContactRow]
    next_cursor: str | None


class ChangedContact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as it is now. `merged_into`: it was found to be the same person as this one, which stands for both."""

    contact: ContactRow
    merged_into: UUID | None


class ContactChanges(msgspec.Struct, frozen=True):
    """Contacts that changed, the longest unchanged first. `cursor` is where to ask on; at once if `has_more`."""

    rows: list[ChangedContact]
    cursor: str
    has_more: bool


class ActiveVisitor(msgspec.Struct, frozen=True, kw_only=True):
    """Who has one of the company's pages open right now, and where they are."""

    contact: ContactRow
    visit: Visit


class ContactImportProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a line cannot be imported. `line` counts from 1, the header being the first; `column` as in the file."""

    line: int
    column: str
    message: str


class ContactImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import does, or would do. With problems nothing is imported; the first 200 of them are listed.

    `columns` are understood, `ignored` are not.
    """

    applied: bool
    created: int
    changed: int
    columns: list[str]
    ignored: list[str]
    problems: list[ContactImportProblem]
    problem_count: int
