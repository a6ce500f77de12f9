"""The page on which a reader of our mail says that they want no more of it. Nothing happens by looking at it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response, get, post
from markupsafe import Markup

from alongside.domains.answers import actions
from alongside.domains.answers.queries import Stop
from alongside.domains.answers.words import words
from alongside.domains.workspace.queries import workspace
from alongside.platform.db import Database
from alongside.platform.errors import NotFound
from alongside.platform.web import who

READERS = who.public("who got the mail proves it by the secret in the address; it can do nothing else")
_FOLDER = Path(__file__).parent / "templates"
_STYLE = (_FOLDER / "stop.css").read_text()
# The style stands in the page and is the only one taken; nothing is loaded, run or sent elsewhere.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_pages = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@get("/mail/stop/{token:str}", opt={"who": READERS}, include_in_schema=False)
async def ask(token: str, database: Database) -> Response[str]:
    """Ask. Programs that look at every link in a mail change nothing by that."""
    async with database.work() as work:
        try:
            about = await actions.look_at_stop(work, token[:200])
        except NotFound:
            return _page(None, (await workspace(work)).default_locale, status=404)
        return _page(about, about.language or (await workspace(work)).default_locale)


@post("/mail/stop/{token:str}", opt={"who": READERS}, include_in_schema=False, status_code=200)
async def stop(token: str, database: Database) -> Response[str]:
    """Stop. Mail programs send this by themselves when their reader says so (RFC 8058)."""
    async with database.work() as work:
        try:
            about = await actions.stop(work, token[:200])
        except NotFound:
            return _page(None, (await workspace(work)).default_locale, status=404)
        return _page(about, about.language or (await workspace(work)).default_locale)


def _page(about: Stop | None, locale: str, *, status: int = 200) -> Response[str]:
    said = words(locale)
    html = _pages.get_template("stop.html").render(said=said, about=about, style=Markup(_STYLE))  # noqa: S704 - a file of ours
    headers = {"content-security-policy": POLICY, "referrer-policy": "no-referrer"}
    return Response(html, status_code=status, media_type="text/html; charset=utf-8", headers=headers)


ROUTES = [ask, stop]
