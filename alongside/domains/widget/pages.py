"""The pages that carry the widget: the loader, and the panel inside its frame."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import Parameter

from alongside.domains.widget.actions import WidgetDoor
from alongside.domains.widget.looks import PREVIEW
from alongside.platform.web import who
from alongside.platform.web.static import Shelf

FOLDER = Path(__file__).parents[2] / "static" / "widget"

AnyRequest = Request[Any, Any, Any]

ANY_SITE = {"cross-origin-resource-policy": "cross-origin", "access-control-allow-origin": "*"}

PANEL_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types svelte-trusted-html; frame-ancestors {ancestors}"
)

BACK_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PREVIEW_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
RETURNERS = who.public("readers of our mail have no other credential than their link; the page holds no data")


@get("/widget.js", opt={"who": who.public("every page with a widget loads it")}, include_in_schema=False)
async def loader(request: AnyRequest, widget_shelf: Shelf) -> Response[bytes]:
    """The loader, for any site."""
    return widget_shelf.answer(request, "widget.js", ANY_SITE | {"cache-control": "public, max-age=300"})


@get(
    "/widget/gate.js",
    opt={"who": who.public("a page whose widget does not show always and everywhere loads it")},
    include_in_schema=False,
)
async def gate(request: AnyRequest, widget_shelf: Shelf) -> Response[bytes]:
    """What tells the loader whether the widget shows on this page at this time."""
    return widget_shelf.answer(request, "gate.js", ANY_SITE | {"cache-control": "public, max-age=300"})


@get(
    "/widget/panel",
    opt={"who": who.public("the frame of the widget; it holds no data")},
    include_in_schema=False,
)
async def panel(
    request: AnyRequest,
    widget_shelf: Shelf,
    door: WidgetDoor,
    channel: Annotated[str, Parameter(max_length=100)] = "",
) -> Response[bytes]:
    """The panel; only the channel's sites may frame it."""
    if channel == PREVIEW:
        return _framed(widget_shelf, request, "panel.html", PANEL_POLICY.format(ancestors="'self'"))
    found = await door.channel(channel)
    # A policy cannot name a literal IPv6 address; such sites are this machine under another name.
    named = " ".join(origin for origin in found.allowed_origins if "[" not in origin)
    # Our own page is where a mailed link leads.
    ancestors = f"'self' {named}".strip() if found.allowed_origins else "*"
    return _framed(widget_shelf, request, "panel.html", PANEL_POLICY.format(ancestors=ancestors))


@get(
    "/widget/preview",
    opt={"who": who.public("a page to try a look on, framed by our console alone; it holds no data")},
    include_in_schema=False,
)
async def preview(request: AnyRequest, widget_shelf: Shelf) -> Response[bytes]:
    """A page with the real button and the real panel, which are told what is being tried out."""
    return _framed(widget_shelf, request, "preview.html", PREVIEW_POLICY)


def _framed(shelf: Shelf, request: AnyRequest, name: str, policy: str) -> Response[bytes]:
    headers = {"content-security-policy": policy, "cross-origin-opener-policy": "unsafe-none"}
    return shelf.answer(request, name, headers)


@get("/continue", opt={"who": RETURNERS}, include_in_schema=False)
async def back(request: AnyRequest, widget_shelf: Shelf) -> Response[bytes]:
    """Where a mailed link leads. The page itself is the same for everybody; the secret stays in the browser."""
    headers = {"content-security-policy": BACK_POLICY, "referrer-policy": "no-referrer"}
    return widget_shelf.answer(request, "continue.html", headers)


@get(
    "/widget/assets/{name:path}",
    opt={"who": who.public("scripts and styles of the panel")},
    include_in_schema=False,
)
async def assets(request: AnyRequest, widget_shelf: Shelf, name: Path) -> Response[bytes]:
    """What the panel is made of; names change with their content."""
    return widget_shelf.answer(request, f"assets/{name.as_posix().lstrip('/')}", ANY_SITE)


ROUTES = [loader, gate, panel, preview, back, assets]
