"""What a browser says of itself, put into words."""

from __future__ import annotations

from functools import lru_cache

import msgspec

UNKNOWN = "unknown"


class Device(msgspec.Struct, frozen=True):
    """Browser and system with their major versions; device is "desktop", "mobile", "tablet", "bot" or "unknown"."""

    browser: str
    os: str
    device: str


@lru_cache(maxsize=512)
def describe_device(user_agent: str) -> Device:
    """Read a User-Agent header. What it does not say is "unknown"."""
    # Loaded on first use: its tables take some 35 MB, which a server without visitors need not hold.
    from ua_parser import parse  # noqa: PLC0415

    result = parse(user_agent[:400])
    browser = result.user_agent
    system = result.os
    return Device(
        browser=_named(browser.family, browser.major) if browser else UNKNOWN,
        os=_named(system.family, system.major) if system else UNKNOWN,
        device=_kind(user_agent, system.family if system else ""),
    )


def _named(family: str, major: str | None) -> str:
    return f"{family} {major}" if major else family


def _kind(user_agent: str, system: str) -> str:
    lowered = user_agent.lower()
    if "bot" in lowered or "crawler" in lowered or "spider" in lowered:
        return "bot"
    if "ipad" in lowered or "tablet" in lowered or (system == "Android" and "mobile" not in lowered):
        return "tablet"
    if "mobi" in lowered or "iphone" in lowered:
        return "mobile"
    return "desktop" if system else UNKNOWN
