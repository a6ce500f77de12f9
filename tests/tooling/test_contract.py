"""What the generated files rest on: bodies refuse what they do not know, and every fact is announced."""

from __future__ import annotations

import re

import msgspec
from litestar.routes import HTTPRoute

from tools.contract import events, routes, shapes


def test_every_body_refuses_unknown_fields() -> None:
    """The shapes that clients send are known by this; and a field that does not exist is never silently dropped."""
    handlers = [
        each for route in routes.application().routes if isinstance(route, HTTPRoute) for each in route.route_handlers
    ]
    bodies = {each.parsed_data_field.annotation for each in handlers if each.parsed_data_field}
    structs = [body for body in bodies if isinstance(body, type) and issubclass(body, msgspec.Struct)]
    assert len(structs) > 15
    assert [body for body in structs if not body.__struct_config__.forbid_unknown_fields] == []


def test_every_route_is_told_with_who_may() -> None:
    app = routes.application()
    told = routes.render_routes(app)
    paths = {route.path_format for route in app.routes}
    assert {path for path in paths if f"`{path}`" not in told} == set()
    assert not re.findall(r"^\| \w+ \| `/api[^|]*\| public: the framework.*$", told, re.MULTILINE)


def test_every_fact_is_announced() -> None:
    facts = events.render(shapes.collect()).partition("## Facts inside the house")[2]
    rows = re.findall(r"^\| `(\w+)` \|.*\| (.*) \| (.*) \|$", facts, re.MULTILINE)
    assert len(rows) > 8
    assert [fact for fact, told, _ in rows if not told.strip()] == []
