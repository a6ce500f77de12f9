"""The visitor's token in a cookie, for browsers that deny our frame every storage of its own.

The cookie is partitioned: it belongs to our frame on one site and is sent from nowhere else. It is no credential: the
only door that reads it hands the token to our own panel, which sends it in `Authorization` as every visitor does.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

import msgspec

from alongside.platform.config import Config
from alongside.platform.errors import Forbidden
from alongside.platform.web.address import origin_allowed

PREFIX = "__Host-alongside-visitor-"
# The longest that browsers keep a cookie. Each page that reads it begins the time anew.
SECONDS = 400 * 86_400
# Without encryption browsers take neither the prefix nor the partition; localhost counts as encrypted.
BOUND = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned"


class Kept(msgspec.Struct, frozen=True):
    """What the cookie holds: the token, and the panel's own note of whom it was made for."""

    token: str
    note: str


def keep(channel_key: str, kept: Kept) -> dict[str, str]:
    """Headers that keep it in the visitor's browser."""
    return {"set-cookie": f"{PREFIX}{channel_key}={kept.token}.{kept.note}; Max-Age={SECONDS}; {BOUND}"}


def forget(channel_key: str) -> dict[str, str]:
    """Headers that take it away."""
    return {"set-cookie": f"{PREFIX}{channel_key}=; Max-Age=0; {BOUND}"}


def kept(headers: Mapping[str, str], channel_key: str) -> Kept | None:
    """What the visitor's browser holds for a channel."""
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(f"{PREFIX}{channel_key}")
    except CookieError:
        return None
    token, _, note = morsel.value.partition(".") if morsel else ("", "", "")
    return Kept(token, note) if token else None


def require_panel(config: Config, headers: Mapping[str, str]) -> None:
    """Raises `Forbidden` unless a page of ours, in a browser that says so, sends the request."""
    ours = headers.get("sec-fetch-site") == "same-origin" and origin_allowed(headers, config.own_origins, absent=False)
    if not ours:
        raise Forbidden("foreign-origin", "Only the chat's own panel may ask for this.")
