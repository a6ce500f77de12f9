"""The ASGI application: routes, policies, errors, headers, API description."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, Request, Router, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.response import Response

from alongside import __version__, contents, demo
from alongside.domains.agents.provider import Provider
from alongside.domains.articles import pages as article_pages
from alongside.domains.console import pages as console_pages
from alongside.domains.widget import pages as widget_pages
from alongside.platform.config import Config
from alongside.platform.errors import Refusal
from alongside.platform.limits import Buckets
from alongside.platform.web import who
from alongside.platform.web.description import describe
from alongside.platform.web.headers import add_headers
from alongside.platform.web.problems import HANDLERS
from alongside.platform.web.static import Shelf
from alongside.runtime import Runtime

MAX_BODY_BYTES = 1_000_000

# Of the help centre, from one address: somebody who types and looks at what is found while they do.
SEARCHES_PER_SECOND = 2.0
SEARCHES_AT_ONCE = 40.0

DOCS_FOLDER = Path(__file__).parent / "static" / "docs"
# The reader of the description styles itself from its script.
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

SHELVES = {
    "widget_shelf": widget_pages.FOLDER,
    "console_shelf": console_pages.FOLDER,
    "docs_shelf": DOCS_FOLDER,
    "demo_shelf": demo.FOLDER,
    "help_shelf": article_pages.FOLDER,
}
# What a route may ask for by name, and where it is in the state. Some come to life only when the server starts.
PARTS = {name: name for name in ("config", "database", "storage", "egress", "searches", *SHELVES)} | {
    "door": "widget_door",
    "company_accounts": "provider",
}

DESCRIPTION = who.public("what the API is may be known; what it holds may not")
HEALTH = who.public("load balancers and the doctor ask it; it tells nothing else")


@get("/healthz", opt={"who": HEALTH}, include_in_schema=False, sync_to_thread=False)
def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "alive", "version": __version__}


@get("/readyz", opt={"who": HEALTH}, include_in_schema=False)
async def readyz(state: State) -> Response[dict[str, str]]:
    """The process takes requests: the database answers and no shutdown has begun."""
    if state.runtime.draining:
        return Response({"status": "draining"}, status_code=503)
    try:
        async with state.database.reading() as reading:
            await reading.value("SELECT 1")
    except Refusal:
        return Response({"status": "database away"}, status_code=503)
    return Response({"status": "ready"})


@get("/openapi.json", opt={"who": DESCRIPTION}, include_in_schema=False, sync_to_thread=False)
def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The description of the API, made from the routes themselves."""
    body = msgspec.json.encode(describe(request.app))
    return Response(body, media_type="application/json", headers={"access-control-allow-origin": "*"})


@get(["/docs", "/docs/", "/docs/{name:path}"], opt={"who": DESCRIPTION}, include_in_schema=False)
async def docs(request: Request[Any, Any, Any], docs_shelf: Shelf, name: Path | None = None) -> Response[bytes]:
    """The description of the API as a page."""
    file = name.as_posix().lstrip("/") if name else "index.html"
    return docs_shelf.answer(request, file or "index.html", {"content-security-policy": DOCS_POLICY})


def create_app(config: Config) -> Litestar:
    """The application for one process. Raises `RuntimeError` when a route lacks a policy."""
    app = Litestar(
        route_handlers=[
            Router("/api/v1", route_handlers=contents.API),
            *contents.PAGES,
            *demo.ROUTES,
            healthz,
            readyz,
            openapi,
            docs,
        ],
        guards=[who.guard],
        dependencies={"actor": Provide(who.provide_actor, sync_to_thread=False)}
        | {name: Provide(_from_state(part), sync_to_thread=False) for name, part in PARTS.items()},
        exception_handlers=HANDLERS,
        before_send=[add_headers],
        lifespan=[_lifespan],
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=OpenAPIConfig(
            title="Alongside",
            version=__version__,
            path="/schema",
            render_plugins=[],
            create_examples=False,
            use_handler_docstrings=True,
        ),
        debug=False,
        logging_config=None,
    )
    who.require_policies(_own_handlers(app))
    equip(app, config)
    return app


def equip(app: Litestar, config: Config) -> None:
    """Give it all that hangs on the settings. Not while it runs: its routes stay, and what they had before is gone."""
    app.state.config = config
    app.state.runtime = Runtime(config)
    for name, folder in SHELVES.items():
        app.state[name] = Shelf(folder, fresh=config.dev)
    app.state.provider = Provider(config)
    app.state.searches = Buckets(SEARCHES_PER_SECOND, SEARCHES_AT_ONCE)


@asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    async with app.state.runtime.lifespan(app):
        yield


def _from_state(name: str) -> Callable[[State], Any]:
    def provide(state: State) -> Any:
        return getattr(state, name)

    return provide


def _own_handlers(app: Litestar) -> list[BaseRouteHandler]:
    handlers: list[BaseRouteHandler] = []
    for route in app.routes:
        found = getattr(route, "route_handlers", None) or [route.route_handler]  # type: ignore[union-attr]
        handlers += [each for each in found if not each.fn.__module__.startswith("litestar.")]
    return handlers
