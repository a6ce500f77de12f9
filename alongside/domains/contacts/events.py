"""What happens to contacts. Agents may see all of it; a visitor none but their own revocation."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from alongside.platform.deeds import Deed
from alongside.platform.events import Fact


class VisitorMoved(Fact, frozen=True, kw_only=True):
    """A visitor is on another page, or left (`online` False)."""

    contact_id: UUID
    url: str | None
    title: str | None
    online: bool


class ContactChanged(Fact, frozen=True, kw_only=True):
    """A contact's name, addresses, claims, fields, labels or proof changed: whatever shows it is stale.

    `holders`: who has conversations with the person (agents, teams, nobody); who may see these may know the person.
    """

    contact_id: UUID
    holders: list[UUID]


class ContactsImported(Fact, frozen=True, kw_only=True):
    """Many contacts came or changed at once: whatever shows contacts is stale."""

    created: int
    changed: int


class IdentityRevoked(Fact, frozen=True, kw_only=True):
    """A visitor's token no longer holds; its sockets must close."""

    identity_id: UUID


class VisitorRecognised(Fact, frozen=True, kw_only=True):
    """The site vouched for a visitor.

    `earlier_contact_id` is who they were to us before, where that was another contact.
    """

    contact_id: UUID
    channel_id: UUID
    earlier_contact_id: UUID | None


# ---- deeds, for the audit log


class CustomersImported(Deed, frozen=True, kw_only=True):
    """A file of customers was imported."""

    deed: ClassVar[str] = "CUSTOMERS_IMPORTED"

    created: int
    changed: int


class CustomersExported(Deed, frozen=True, kw_only=True):
    """Customers were taken away as a file: all whom the agent sees, or those that a search and filters left."""

    deed: ClassVar[str] = "CUSTOMERS_EXPORTED"

    filtered: bool


class CustomersMerged(Deed, frozen=True, kw_only=True):
    """Two customers are one person from now on: `customer_*` stands for both."""

    deed: ClassVar[str] = "CUSTOMERS_MERGED"

    customer_id: UUID
    customer_number: int
    other_id: UUID
    other_number: int


class CustomersSeparated(Deed, frozen=True, kw_only=True):
    """A merge was undone."""

    deed: ClassVar[str] = "CUSTOMERS_SEPARATED"

    customer_id: UUID
    customer_number: int
    other_id: UUID
    other_number: int
