"""The console's page: one document for all its addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect

from alongside.platform.errors import NotFound
from alongside.platform.web import who
from alongside.platform.web.static import Shelf

FOLDER = Path(__file__).parents[2] / "static" / "console"

AnyRequest = Request[Any, Any, Any]

POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html alongside-push"
)

SHELL = who.public("the page itself holds no data; whoever opens it must sign in")


@get("/", opt={"who": SHELL}, include_in_schema=False, sync_to_thread=False)
def front_door() -> Redirect:
    """Agents are who comes to the bare address."""
    return Redirect("/console/")


@get(["/console", "/console/", "/console/{name:path}"], opt={"who": SHELL}, include_in_schema=False)
async def console(request: AnyRequest, console_shelf: Shelf, name: Path | None = None) -> Response[bytes]:
    """A file of the console, or the page for any address that is none."""
    file = name.as_posix().lstrip("/") if name else ""
    try:
        if file and file != "index.html":
            return console_shelf.answer(request, file)
    except NotFound:
        if "." in file.rpartition("/")[2]:
            raise
    policy = POLICY.format(hashes=console_shelf.script_hashes("index.html"))
    return console_shelf.answer(request, "index.html", {"content-security-policy": policy})


ROUTES = [front_door, console]
