"""Something happened that receivers may be told of: look what."""

from __future__ import annotations

from collections.abc import Callable

from alongside.platform.events import Fact


class WebhookListeners:
    """Wakes the sender of this process. What is to be sent stands in the database; this is only a bell."""

    def __init__(self, wake: Callable[[], None], look_again: Callable[[], None]) -> None:
        self._wake = wake
        self._look_again = look_again

    def something_happened(self, _: Fact) -> None:
        """An entry was written, a customer was deleted."""
        self._wake()

    def webhooks_changed(self, _: Fact) -> None:
        """Somebody may listen who did not before."""
        self._look_again()
