"""What happens to webhooks: what the processes that send must know, and what somebody answers for."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from alongside.platform.deeds import Deed
from alongside.platform.events import Fact


class WebhooksChanged(Fact, frozen=True, kw_only=True):
    """A webhook was made, changed or deleted, or something was put in line for one."""


class WebhookConfigured(Deed, frozen=True, kw_only=True):
    """Somebody made, changed or deleted a webhook, or had things told again. Not its address, which may be secret."""

    deed: ClassVar[str] = "WEBHOOK_CHANGE"

    webhook_id: UUID
    name: str
    change: Literal["created", "edited", "deleted", "secret-renewed", "replayed"]
    values: dict[str, Any]
