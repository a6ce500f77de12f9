"""What is announced about people's data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from alongside.platform.deeds import Deed
from alongside.platform.events import Fact


class ContactErased(Fact, frozen=True, kw_only=True):
    """A contact is gone with everything about them. Consoles forget their conversations.

    `holders`: who had conversations with the person (agents, teams, nobody).
    """

    contact_id: UUID
    conversation_ids: Sequence[UUID]
    holders: Sequence[UUID]


# ---- deeds, for the audit log


class CustomerErased(Deed, frozen=True, kw_only=True):
    """An agent deleted a customer. The number is all that is left: it names nobody any more."""

    deed: ClassVar[str] = "CUSTOMER_ERASED"

    customer_id: UUID
    customer_number: int


class PersonalDataExported(Deed, frozen=True, kw_only=True):
    """An agent took everything that is known about a customer away as a file."""

    deed: ClassVar[str] = "CUSTOMER_EXPORTED"

    customer_id: UUID
    customer_number: int
