"""What is done to the audit log itself."""

from __future__ import annotations

from typing import Any, ClassVar

from alongside.platform.deeds import Deed


class AuditExported(Deed, frozen=True, kw_only=True):
    """Somebody took a copy of the log, or of the part that these filters leave."""

    deed: ClassVar[str] = "AUDIT_EXPORTED"

    filters: dict[str, Any]
