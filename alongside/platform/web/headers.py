"""Headers of every answer. A route that serves a page brings its own Content-Security-Policy."""

from __future__ import annotations

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

DEFAULTS = {
    "content-security-policy": NOTHING,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=()",
    "cache-control": "no-store",
}
HSTS = "max-age=31536000"


async def add_headers(message: Message, scope: Scope) -> None:
    """Add what the route did not set itself. Runs before an answer starts."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in DEFAULTS.items():
        headers.setdefault(name, value)
    if scope["app"].state.config.public_url.startswith("https://"):
        headers.setdefault("strict-transport-security", HSTS)
