"""Parts of a body that is known by its length: what players ask for to begin in the middle (RFC 9110, 14)."""

from __future__ import annotations

import re

import msgspec

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Span(msgspec.Struct, frozen=True):
    """The bytes from `start` to before `end` of `total`."""

    start: int
    end: int
    total: int

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return (self.start, self.end) == (0, self.total)

    @property
    def content_range(self) -> str:
        """The header of a partial answer."""
        return f"bytes {self.start}-{self.end - 1}/{self.total}"


def wanted_span(header: str | None, total: int) -> Span | None:
    """What a `Range` header asks for; None where that lies beyond the end (416).

    Everything that is no single range of bytes is answered with the whole, as the RFC allows.
    """
    found = _RANGE.fullmatch(header.replace(" ", "")) if header else None
    if found is None or not any(found.groups()):
        return Span(0, total, total)
    first, last = found.groups()
    if not first:
        return Span(max(0, total - int(last)), total, total) if int(last) else None
    start = int(first)
    end = min(int(last) + 1, total) if last else total
    if last and int(last) < start:
        return Span(0, total, total)
    return Span(start, end, total) if start < total else None
