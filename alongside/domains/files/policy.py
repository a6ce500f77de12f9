"""What may be uploaded: pure checks, before a byte has travelled and again when the content is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import msgspec

from alongside.domains.files.schemas import AttachmentKind, NewUpload
from alongside.platform.errors import Forbidden, Invalid, TooLarge

KINDS: tuple[AttachmentKind, ...] = get_args(AttachmentKind)
# Pictures are decoded whole, in a process with limits of its own.
MOST_PICTURE_BYTES = 32_000_000
UNFINISHED_AT_ONCE = 20
MOST_TOGETHER = 10
# Permissions of what carries files; the floors above ask for the same.
READ_TICKETS = "tickets.read"
MANAGE_TEXT_BLOCKS = "textblocks.manage"


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What one sender may upload. `bytes_per_day` None: without limit."""

    max_bytes: int
    kinds: Sequence[AttachmentKind] = KINDS
    bytes_per_day: int | None = None


def require_size(new: NewUpload, allowance: Allowance) -> None:
    """Raises `TooLarge` or `Invalid` for a size that cannot be accepted."""
    if new.bytes == 0:
        raise Invalid("file-empty", "The file is empty: there is nothing to send.")
    if new.bytes > allowance.max_bytes:
        raise TooLarge(
            "file-too-large",
            f"Files may have up to {megabytes(allowance.max_bytes)} MB; this one has {megabytes(new.bytes)} MB. "
            "Send a smaller one.",
            max_bytes=allowance.max_bytes,
        )


def require_kind(kind: AttachmentKind, allowance: Allowance) -> None:
    """Raises `Forbidden` for a kind that is switched off here."""
    if kind not in allowance.kinds:
        raise Forbidden(
            "file-kind-refused",
            f"Files of this kind cannot be sent here. Allowed: {', '.join(allowance.kinds) or 'none'}.",
            kinds=list(allowance.kinds),
        )


def require_share(new: NewUpload, unfinished: int, bytes_today: int, allowance: Allowance) -> None:
    """Raises `Forbidden` when the sender has had their share."""
    if unfinished >= UNFINISHED_AT_ONCE:
        raise Forbidden(
            "too-many-uploads", f"{UNFINISHED_AT_ONCE} uploads are under way already. Finish or cancel some first."
        )
    if allowance.bytes_per_day is not None and bytes_today + new.bytes > allowance.bytes_per_day:
        raise Forbidden(
            "upload-share-used",
            f"Up to {megabytes(allowance.bytes_per_day)} MB can be sent within a day. Send the rest tomorrow, or in "
            "another way.",
        )


def megabytes(count: int) -> str:
    """A size as people read it: never rounded down to a size that would be allowed."""
    size = count / 1_000_000
    return f"{size:,.0f}" if size == int(size) else f"{size:,.2f}"
