"""On which pages a widget shows: patterns with `*`, written by people, decided in visitors' browsers. Pure.

The browser decides by the same rules (web/apps/widget/src/shared/pages.ts); tests/channels/page_patterns.json holds
both to it.

A pattern is a path (`/checkout/*`), or a host with or without one (`shop.example.com`, `*.example.com/help/*`). `*`
stands for anything, also for nothing. Without `?` in the pattern the page's query does not count, without `#` neither
does what stands behind that. A slash at the end does not count, and `/help/*` means `/help` too.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from alongside.domains.channels.availability_schemas import ChannelAvailability, ListName, PageDecision, PageTried
from alongside.kit.text import clean_line, clean_text
from alongside.platform.errors import Conflict, Invalid

# What stands in addresses as it is; everything else is written as percent signs and digits, as browsers do.
_PLAIN = "%/?#*:@!$&'()+,;=-._~[]|"
_HOST_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._:*[]")
_PORTS = {"http": ":80", "https": ":443"}


def checked(current: ChannelAvailability, given: ChannelAvailability) -> ChannelAvailability:
    """What is to be stored. Raises `Conflict` when another change came first, `Invalid` for a malformed pattern."""
    if given.version != current.version:
        raise Conflict(
            "changed-meanwhile",
            "Somebody else has changed when this chat is there meanwhile. Look at theirs, and change it again.",
        )
    closed = {language: text for language, words in given.closed.items() if (text := clean_text(words))}
    return ChannelAvailability(
        hours_id=given.hours_id,
        outside=given.outside,
        nobody=given.nobody,
        closed=closed,
        show_on=patterns(given.show_on, "show_on"),
        hide_on=patterns(given.hide_on, "hide_on"),
        version=current.version + 1,
    )


def patterns(lines: Sequence[str], field: str) -> list[str]:
    """Patterns as they are compared, without empty lines and doubles. Raises `Invalid` naming list and line, from 1."""
    found: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            found[_pattern(line, {"field": field, "line": number})] = None
    return list(found)


def decide(tried: PageTried) -> PageDecision:
    """Whether the widget shows at an address, and why. Raises `Invalid` for what is no address or no pattern."""
    address = _address(tried.address)
    lists: tuple[tuple[ListName, list[str]], ...] = (("hide_on", tried.hide_on), ("show_on", tried.show_on))
    for name, lines in lists:
        for number, line in enumerate(lines, 1):
            if line.strip() and matches(_pattern(line, {"field": name, "line": number}), address):
                return PageDecision(shown=name == "show_on", list=name, line=number)
    limited = any(line.strip() for line in tried.show_on)
    return PageDecision(shown=not limited, list=None, line=None)


def matches(pattern: str, address: str) -> bool:
    """Whether a pattern as `patterns` returns it means this page."""
    parts = urlsplit(address)
    slash = pattern.find("/")
    host_pattern, path_pattern = (pattern, "") if slash < 0 else (pattern[:slash], pattern[slash:])
    if host_pattern:
        host = parts.netloc.rpartition("@")[2].lower().removesuffix(_PORTS.get(parts.scheme, ""))
        if not _glob(host_pattern, host if ":" in host_pattern else host.partition(":")[0]):
            return False
    if not path_pattern:
        return True
    page = _without_slash(quote(parts.path or "/", safe=_PLAIN))
    if "?" in path_pattern and parts.query:
        page += f"?{quote(parts.query, safe=_PLAIN)}"
    if "#" in path_pattern and parts.fragment:
        page += f"#{quote(parts.fragment, safe=_PLAIN)}"
    return _glob(path_pattern, page) or (path_pattern.endswith("/*") and page == (path_pattern[:-2] or "/"))


def _address(text: str) -> str:
    address = clean_line(text, 2_000)
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in address:
        raise Invalid(
            "address-malformed",
            "Enter the whole address of a page, such as https://shop.example.com/cart.",
            field="address",
        )
    return parts.geturl()


def _pattern(line: str, where: dict[str, str | int]) -> str:
    text = line.strip()
    for scheme in ("https://", "http://"):
        text = text.removeprefix(scheme)
    slash = text.find("/")
    host, path = (text, "") if slash < 0 else (text[:slash], text[slash:])
    try:
        host = ".".join(part if part.isascii() else part.encode("idna").decode() for part in host.split("."))
    except UnicodeError:
        host = " "
    host = host.lower()
    if not set(host) <= _HOST_CHARS or any(letter.isspace() or ord(letter) < 32 for letter in path) or not host + path:
        raise Invalid(
            "pattern-malformed",
            "Write a path such as /checkout/*, or a host with or without one: shop.example.com/help/*.",
            **where,
        )
    return host + _without_slash(quote(path, safe=_PLAIN))


def _without_slash(path: str) -> str:
    plain = len(path) > 1 and path.endswith("/") and not {"?", "#"} & set(path)
    return path[:-1] if plain else path


def _glob(pattern: str, text: str) -> bool:
    """Piece after piece, each as early as it can be: no way back, so no pattern takes long."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
    if not text.startswith(first):
        return False
    at, last = len(first), rest.pop()
    for piece in rest:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(text) - at >= len(last) and text.endswith(last)
