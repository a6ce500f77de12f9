"""The page of a chat link: the same for everybody, but for who may show it in a frame."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get

from alongside.domains.chatlinks import queries
from alongside.platform.db import Database
from alongside.platform.web import who
from alongside.platform.web.static import Shelf

POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html; frame-ancestors {ancestors}"
)

SHELL = who.public("the page holds no data; what it shows, it asks for with the secret of its link")


@get("/chat/{link_id:uuid}", opt={"who": SHELL}, include_in_schema=False)
async def chat(
    request: Request[Any, Any, Any], link_id: UUID, console_shelf: Shelf, database: Database
) -> Response[bytes]:
    """The page; only the link's sites may frame it. Of links that never were it says the same as of one for no site."""
    async with database.reading() as reading:
        origins = await queries.origins(reading, link_id)
    # A policy cannot name a literal IPv6 address.
    ancestors = " ".join(origin for origin in origins if "[" not in origin) or "'none'"
    headers = {
        "content-security-policy": POLICY.format(hashes=console_shelf.script_hashes("chat.html"), ancestors=ancestors),
        "cross-origin-opener-policy": "unsafe-none",
        "referrer-policy": "no-referrer",
    }
    return console_shelf.answer(request, "chat.html", headers)


ROUTES = [chat]
