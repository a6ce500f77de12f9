"""Where the settings come from, and what no single one of them can say about itself.

Order of precedence: command line, environment (`ALONGSIDE_<NAME>`), settings file (TOML), default.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from alongside.platform import database_url, mail
from alongside.platform.config import Config, settings
from alongside.platform.config_sources import (
    FILE_VARIABLE,
    ConfigError,
    default_file,
    from_text,
    read_environment,
    read_file,
    typed,
)

STORES = ("file:///", "s3://", "gs://", "az://")


class Loaded(msgspec.Struct, frozen=True):
    """The settings, and where each value came from: `default`, `environment`, a path, `command line`."""

    config: Config
    sources: dict[str, str]


def load(
    env: Mapping[str, str] | None = None,
    toml_path: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Config:
    """Read the settings; raises `ConfigError` with one sentence for the first thing that is wrong."""
    return load_with_sources(env, toml_path, overrides).config


def load_with_sources(
    env: Mapping[str, str] | None = None,
    toml_path: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Loaded:
    """As `load`, and says where every value came from. `overrides` are typed values of the command line."""
    env = os.environ if env is None else env
    known = settings()
    values: dict[str, Any] = {}
    sources = dict.fromkeys(known, "default")
    path = toml_path or (Path(env[FILE_VARIABLE]) if env.get(FILE_VARIABLE) else None)
    for name, raw in read_file(path, known).items():
        values[name] = typed(known[name], raw, f"{name} in {path or default_file()}")
        sources[name] = str(path or default_file())
    for name, text in read_environment(env, known).items():
        values[name] = typed(known[name], from_text(known[name], text), known[name].variable)
        sources[name] = "environment"
    for name, value in (overrides or {}).items():
        values[name] = typed(known[name], value, f"--{name.replace('_', '-')}")
        sources[name] = "command line"
    return Loaded(_checked(Config(**values), sources), sources)


def _checked(config: Config, sources: Mapping[str, str]) -> Config:
    """What no single setting can say about itself; fills `public_url`."""
    for name in ("trusted_proxies", "egress_networks"):
        _check_networks(name, getattr(config, name), sources[name])
    if config.database_url and (fault := database_url.fault(config.database_url.reveal())):
        raise ConfigError(f"database_url ({sources['database_url']}) {fault}")
    if config.nats_url and not config.nats_url.reveal().startswith(("nats://", "tls://")):
        raise ConfigError(f"nats_url ({sources['nats_url']}) must begin with nats:// or tls://.")
    if config.storage_url and not config.storage_url.reveal().startswith(STORES):
        raise ConfigError(f"storage_url ({sources['storage_url']}) must begin with {', '.join(STORES)}.")
    _check_provider(config, sources["oidc_issuer"])
    if config.mail_url and (fault := mail.fault(config.mail_url.reveal())):
        raise ConfigError(f"mail_url ({sources['mail_url']}) {fault}")
    public_url = config.public_url.rstrip("/") or f"http://localhost:{config.port}"
    _check_public_url(public_url, config, sources["public_url"])
    return msgspec.structs.replace(config, public_url=public_url)


def _check_networks(name: str, networks: Iterable[str], source: str) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise ConfigError(
                f"{name} ({source}): {network!r} is neither an address nor a network; "
                "write for example 10.0.0.1 or 10.0.0.0/8."
            ) from None


def _check_public_url(url: str, config: Config, source: str) -> None:
    parts = urlsplit(url)
    extra = parts.path or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or extra:
        raise ConfigError(f"public_url ({source}): {url!r} is no address like https://chat.example.com (no path).")
    local = parts.hostname == "localhost" or parts.hostname.endswith(".localhost") or _is_loopback(parts.hostname)
    if parts.scheme == "http" and not local and not config.allow_insecure_http:
        raise ConfigError(
            f"public_url ({source}): {url!r} is not encrypted. Put a proxy with https before Alongside "
            "(docs/proxy.md), or set allow_insecure_http = true if you know that nobody can listen."
        )


def _check_provider(config: Config, source: str) -> None:
    """Whoever can change what the provider answers can sign in as anybody: it must be reached by https."""
    if not config.oidc_issuer:
        return
    parts = urlsplit(config.oidc_issuer)
    local = parts.hostname == "localhost" or _is_loopback(parts.hostname or "")
    if not parts.hostname or parts.scheme not in ("http", "https") or (parts.scheme == "http" and not local):
        raise ConfigError(
            f"oidc_issuer ({source}): {config.oidc_issuer!r} is no address like https://accounts.example.com. "
            "Write it as the provider does."
        )
    if not config.oidc_client_id:
        raise ConfigError(f"oidc_issuer ({source}) needs oidc_client_id: the name that the provider has given you.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
