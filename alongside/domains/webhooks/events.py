"""What happens to webhooks. Of interest to the processes that send, and to nobody else."""

from __future__ import annotations

from alongside.platform.events import Fact


class WebhooksChanged(Fact, frozen=True, kw_only=True):
    """A webhook was made, changed or deleted, or something was put in line for one."""
