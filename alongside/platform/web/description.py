"""The API described as OpenAPI: what the framework knows of shapes, and what only we know of doors and errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.serialization import encode_json, get_serializer

from alongside.platform.auth.actor import READ
from alongside.platform.web.problems import Problem
from alongside.platform.web.who import SAFE_METHODS, Who

ERRORS = {
    "4XX": "Refused. `code` is for programs, `message` for people.",
    "503": "The database is away for a moment, or the server is stopping. Try again later.",
}
FILE = {"type": "string", "format": "binary"}
SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key, made in the settings (docs/api.md)."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-alongside",
        "description": "A browser in which somebody signed in.",
    },
    "proof": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "With a session, for whatever changes something: `csrf` of `GET /api/v1/session`.",
    },
    "visitor": {"type": "http", "scheme": "bearer", "description": "A visitor's token."},
    "link": {"type": "http", "scheme": "bearer", "description": "The secret of a chat link: what follows its #."},
}


def describe(app: Litestar) -> dict[str, Any]:
    """The whole description, ready for JSON. `x-scope` of an operation is what a key needs for it.

    A route whose answer is a file says in `opt["gives"]` of which media types.
    """
    made = encode_json(app.openapi_schema.to_schema(), serializer=get_serializer(app.type_encoders))
    told: dict[str, Any] = msgspec.json.decode(made)
    _, shapes = msgspec.json.schema_components([Problem], ref_template="#/components/schemas/{name}")
    told["components"].setdefault("schemas", {}).update(shapes)
    told["components"]["securitySchemes"] = SCHEMES
    for path, method, who, gives in _doors(app):
        operation = told["paths"].get(path, {}).get(method.lower())
        if operation is not None:
            operation["responses"] |= _errors(operation["responses"])
            if gives:
                operation["responses"]["200"]["content"] = {each: {"schema": FILE} for each in gives}
            operation["security"] = _keys(method, who)
            if who.kind == "agent" and not who.person:
                operation["x-scope"] = who.permission or READ
    return told


def _doors(app: Litestar) -> Iterator[tuple[str, str, Who, Sequence[str]]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                who = handler.opt.get("who")
                if isinstance(who, Who):
                    for method in handler.http_methods:
                        yield route.path_format, str(method), who, handler.opt.get("gives", ())


def _errors(responses: dict[str, Any]) -> dict[str, Any]:
    """Ours instead of the framework's, which describes its own shape for 400; and 204 is empty, whatever it says."""
    responses.pop("400", None)
    responses.get("204", {}).pop("content", None)
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": text, "content": body} for status, text in ERRORS.items()}


def _keys(method: str, who: Who) -> list[dict[str, list[str]]]:
    """Ways in, each a set of what must be brought."""
    if who.kind in ("visitor", "link"):
        return [{who.kind: []}]
    if who.kind != "agent":
        return []
    session: dict[str, list[str]] = {"session": []} if method in SAFE_METHODS else {"session": [], "proof": []}
    return [session] if who.person else [{"key": []}, session]
