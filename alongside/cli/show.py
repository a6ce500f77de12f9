"""`alongside config`, `alongside openapi`, `alongside version`."""

from __future__ import annotations

import argparse

import msgspec

from alongside import __version__
from alongside.platform.config import shown
from alongside.platform.config_loading import load_with_sources


def config(arguments: argparse.Namespace) -> int:
    """Every setting as `name = value  # source`, secrets hidden."""
    loaded = load_with_sources(toml_path=arguments.config)
    lines = [(name, shown(getattr(loaded.config, name)), source) for name, source in loaded.sources.items()]
    width = max(len(f"{name} = {value}") for name, value, _ in lines)
    for name, value, source in lines:
        print(f"{f'{name} = {value}':<{width}}  # {source}")
    return 0


def openapi(arguments: argparse.Namespace) -> int:
    """The API's description as JSON."""
    from alongside.app import create_app  # noqa: PLC0415 - the whole app, which the other commands do without

    app = create_app(load_with_sources(toml_path=arguments.config).config)
    schema = app.openapi_schema.to_schema()
    print(msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2).decode())
    return 0


def version(_: argparse.Namespace) -> int:
    """The version alone."""
    print(__version__)
    return 0
