"""What happens to the settings of the whole workspace."""

from __future__ import annotations

from typing import Any, ClassVar

from alongside.platform.deeds import Deed
from alongside.platform.events import Fact


class SettingsChanged(Deed, frozen=True, kw_only=True):
    """Somebody changed settings that hold for everybody. `values`: those that changed, as they are now; no secrets."""

    deed: ClassVar[str] = "SETTINGS_CHANGE"

    area: str
    values: dict[str, Any]


class HoursChanged(Fact, frozen=True):
    """The company is open at other times: read opening hours again."""
