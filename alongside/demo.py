"""The demo shop: a page with the widget, and a sign-in that lets anybody be any of its customers. Off by default."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import jwt
from litestar import Request, Response, get
from litestar.params import Parameter

from alongside.domains.channels import queries as channels
from alongside.kit.text import clean_line
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import NotFound
from alongside.platform.web import who
from alongside.platform.web.static import Shelf

FOLDER = Path(__file__).parent / "static" / "demo"
CHANNEL = "demo"
TOKEN_SECONDS = 600

AnyRequest = Request[Any, Any, Any]

# What a careful shop allows, and all that the widget needs of it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)

VISITORS = who.public("a demo for everybody; absent unless the setting `demo` is on")


@get("/demo/identity", opt={"who": VISITORS}, include_in_schema=False)
async def identity(
    config: Config, database: Database, name: Annotated[str, Parameter(max_length=100)]
) -> dict[str, str]:
    """What a real shop's server would do for its signed-in customer: vouch for them with a JWT."""
    _require_demo(config)
    async with database.reading() as reading:
        channel = await channels.channel_by_key(reading, CHANNEL)
        keys = await channels.identity_keys(reading, channel.id) if channel else []
    if not keys:
        raise NotFound("no-demo", "There is no demo channel with an identity key. Run `alongside seed`.")
    shown = clean_line(name, 80) or "Guest"
    subject = "-".join(shown.lower().split())
    claims = {
        "sub": subject,
        "aud": CHANNEL,
        "exp": int(time.time()) + TOKEN_SECONDS,
        "name": shown,
        "email": f"{subject}@example.com",
    }
    return {"token": jwt.encode(claims, keys[0].secret, "HS256", headers={"kid": keys[0].kid})}


@get(["/demo", "/demo/", "/demo/{name:path}"], opt={"who": VISITORS}, include_in_schema=False)
async def shop(request: AnyRequest, config: Config, demo_shelf: Shelf, name: Path | None = None) -> Response[bytes]:
    """A page of the shop."""
    _require_demo(config)
    file = name.as_posix().strip("/") if name else ""
    if not Path(file).suffix:
        file = f"{file}/index.html".lstrip("/")
    return demo_shelf.answer(request, file, {"content-security-policy": POLICY})


def _require_demo(config: Config) -> None:
    if not config.demo:
        raise NotFound("not-found", "There is nothing at this address.")


ROUTES = [identity, shop]
