"""Every setting of Alongside, with its meaning beside it. docs/configure.md is generated from the descriptions here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints
from urllib.parse import urlsplit

import msgspec
import platformdirs
from msgspec import Meta

from alongside.platform.config_sources import (
    Setting,
    decode,
)
from alongside.platform.secret import Secret

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def default_data_dir() -> Path:
    """The platform's folder for data; a server that runs as root keeps its data where servers keep theirs."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/alongside")
    return platformdirs.user_data_path("alongside", appauthor=False)


def said(text: str, **limits: Any) -> Meta:
    """A setting's description and limits."""
    return Meta(description=text, **limits)


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The settings. `own_origins`, `files_dir` and `postgres_dir` are derived from them."""

    data_dir: Annotated[
        Path,
        said(
            "Folder for everything Alongside keeps on disk: the embedded database and uploaded files. "
            "Default: the platform's data folder; `/var/lib/alongside` for root."
        ),
    ] = msgspec.field(default_factory=default_data_dir)
    database_url: Annotated[
        Secret | None,
        said(
            "Address of a PostgreSQL 16+ database, `postgresql://user:password@host:5432/name`. "
            "Empty: Alongside runs a PostgreSQL of its own in `data_dir`."
        ),
    ] = None
    database_pool_size: Annotated[
        int, said("Connections each server process may hold open to the database.", ge=2, le=200)
    ] = 10
    allow_weak_durability: Annotated[
        bool,
        said(
            "Start on a database whose `fsync`, `synchronous_commit` or `full_page_writes` is off. It may "
            "lose messages in a crash."
        ),
    ] = False
    nats_url: Annotated[
        Secret | None,
        said(
            "Address of a NATS server, `nats://token@host:4222`, needed when several machines serve one "
            "database. Empty: several processes on one machine start a NATS of their own; one needs none."
        ),
    ] = None
    host: Annotated[str, said("Address to listen on. `0.0.0.0` for every interface.", min_length=1)] = "127.0.0.1"
    port: Annotated[int, said("Port to listen on.", ge=1, le=65535)] = 8400
    public_url: Annotated[
        str,
        said(
            "The address people type, `https://chat.example.com`, without a path. Links, cookies and the "
            "check of a request's origin rest on it. Empty: `http://localhost:<port>`."
        ),
    ] = ""
    allow_insecure_http: Annotated[
        bool,
        said(
            "Accept a `public_url` that begins with `http://` and is not this machine. Passwords then travel readable."
        ),
    ] = False
    workers: Annotated[
        int,
        said("Server processes. One is enough for thousands of open chats; more use more cores.", ge=1, le=64),
    ] = 1
    trusted_proxies: Annotated[
        tuple[str, ...],
        said(
            "Addresses or networks (CIDR) of reverse proxies whose `X-Forwarded-For` is believed. "
            "In the environment separated by commas."
        ),
    ] = ()
    egress_networks: Annotated[
        tuple[str, ...],
        said(
            "Private addresses or networks (CIDR) in which webhooks, pushes and the company's sign-in may be called "
            "too, also by plain http; the open internet may be called anyway, by https. In the environment separated "
            "by commas."
        ),
    ] = ()
    storage_url: Annotated[
        Secret | None,
        said(
            "Where uploaded files are kept: `file:///folder`, `s3://bucket/prefix`, `gs://bucket/prefix` or "
            "`az://container/prefix`. A store that is not Amazon's own is named in the query, with what else it "
            "needs: `s3://bucket/prefix?endpoint=https://minio.example:9000&region=eu&access_key_id=…"
            "&secret_access_key=…`. Empty: the folder `files` in `data_dir`."
        ),
    ] = None
    mail_url: Annotated[
        Secret | None,
        said(
            "The mail server, `smtp://user:password@host:587?from=support@example.com` or `smtps://…:465`; `&name=` is "
            "what readers see as the sender. Encryption is required except on this machine. Empty: no mail goes out."
        ),
    ] = None
    geo_database: Annotated[
        Path | None,
        said(
            "A database of addresses in the MMDB format, a file on this machine (DB-IP, MaxMind and others make some), "
            "that tells visitors' country and city at the start of a visit. The address is not stored. "
            "Empty: the country is guessed from the time zone of the browser."
        ),
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], said("The least important lines that are still logged.")
    ] = "info"
    log_format: Annotated[
        Literal["text", "json"], said("`text` for people, `json` (one object a line) for log collectors.")
    ] = "text"
    access_log: Annotated[bool, said("Log one line for every HTTP request (never its query or headers).")] = False
    session_days: Annotated[int, said("Days after which an agent must sign in again.", ge=1, le=400)] = 30
    login_tries_per_account: Annotated[
        int,
        said("Wrong passwords for one account in 15 minutes until further tries must wait.", ge=3, le=1000),
    ] = 10
    login_tries_per_address: Annotated[
        int,
        said("Wrong passwords from one address in 15 minutes until further tries must wait.", ge=3, le=10000),
    ] = 50
    oidc_issuer: Annotated[
        str,
        said(
            "Let agents sign in with the company's own accounts: the address of its OpenID Connect provider, as the "
            "provider writes it. Its redirect address is `<public_url>/api/v1/sign-in/provider/callback`."
        ),
    ] = ""
    oidc_client_id: Annotated[str, said("By which name the provider knows this Alongside.")] = ""
    oidc_client_secret: Annotated[
        Secret | None, said("What proves to the provider that it is this Alongside. Empty for a public client.")
    ] = None
    oidc_domains: Annotated[
        tuple[str, ...],
        said(
            "Domains of e-mail addresses that may sign in through the provider; empty lets in all that it vouches for. "
            "In the environment separated by commas."
        ),
    ] = ()
    oidc_newcomers_role: Annotated[
        str,
        said(
            "The name of the role that people get whom the provider vouches for and who have no account yet. "
            "Empty: they are refused, and must be invited first."
        ),
    ] = ""
    oidc_label: Annotated[
        str,
        said(
            'What the button on the sign-in page says after "Continue with". Empty: your company\'s account.',
            max_length=60,
        ),
    ] = ""
    oidc_second_factor: Annotated[
        bool, said("The provider asks for a second factor itself: Alongside does not ask for its own besides.")
    ] = False
    visitor_messages_per_minute: Annotated[
        int, said("Messages one visitor may send in a minute.", ge=1, le=100_000)
    ] = 60
    agent_messages_per_minute: Annotated[
        int, said("Messages and notes one agent may send in a minute.", ge=1, le=100_000)
    ] = 600
    frames_per_second: Annotated[
        int,
        said("Frames one socket may send in a second, and four times as many at once.", ge=10, le=100_000),
    ] = 50
    visitors_per_hour_per_address: Annotated[
        int, said("New visitors one address (IPv6: one /64) may bring in an hour.", ge=1, le=1_000_000)
    ] = 120
    max_message_chars: Annotated[int, said("Longest message, in characters.", ge=100, le=100_000)] = 10_000
    max_picture_bytes: Annotated[
        int, said("Largest profile picture that may be uploaded, in bytes.", ge=10_000, le=50_000_000)
    ] = 5_000_000
    max_upload_bytes: Annotated[
        int,
        said(
            "Largest file that agents may send, in bytes, and the most that a channel's settings may allow its "
            "visitors.",
            ge=100_000,
            le=10_000_000_000,
        ),
    ] = 50_000_000
    visitor_uploads_per_hour: Annotated[
        int,
        said("Files one visitor may begin to send in an hour; ten times as many from one address.", ge=1, le=100_000),
    ] = 60
    visitor_upload_bytes_per_day: Annotated[
        int, said("Bytes of files one visitor may send in a day.", ge=100_000, le=1_000_000_000_000)
    ] = 500_000_000
    demo: Annotated[
        bool,
        said(
            "Serve the demo shop at `/demo`, where anybody may sign in as any of its customers. "
            "For trying out; never in production."
        ),
    ] = False
    dev: Annotated[
        bool,
        said(
            "For people who change Alongside: errors in the log with their messages, which may quote people's data, "
            "and front ends read afresh for every request. Never in production."
        ),
    ] = False

    @property
    def postgres_dir(self) -> Path:
        """The embedded database's folder."""
        return self.data_dir / "postgres"

    @property
    def files_dir(self) -> Path:
        """The default home of uploaded files."""
        return self.data_dir / "files"

    @property
    def own_origins(self) -> tuple[str, ...]:
        """Origins that are this server: `public_url`, and on the own machine every name it goes by."""
        parts = urlsplit(self.public_url)
        host = parts.netloc.rsplit("@", 1)[-1]
        name, _, port = host.rpartition(":") if host.rsplit(":", 1)[-1].isdigit() else (host, "", "")
        if name not in LOOPBACK_NAMES:
            return (f"{parts.scheme}://{host}",)
        tail = f":{port}" if port else ""
        return tuple(f"{parts.scheme}://{each}{tail}" for each in LOOPBACK_NAMES)


def settings() -> dict[str, Setting]:
    """Every setting by name, in the order in which they are documented."""
    hints = get_type_hints(Config, include_extras=True)
    defaults = Config(data_dir=Path())
    return {
        field.name: Setting(
            field.name,
            hints[field.name],
            hints[field.name].__metadata__[0].description,
            "" if field.name == "data_dir" else shown(getattr(defaults, field.name)),
        )
        for field in msgspec.structs.fields(Config)
    }


def shown(value: object) -> str:
    """A value as it would be written in the environment; secrets hidden."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(str(each) for each in value)
    return str(value)


def to_wire(config: Config) -> bytes:
    """All settings with their secrets, for a process of our own. Never for a log, a file or an argument."""
    return msgspec.json.encode(config, enc_hook=lambda each: each.reveal() if isinstance(each, Secret) else str(each))


def from_wire(text: bytes) -> Config:
    """What `to_wire` wrote."""
    return msgspec.json.decode(text, type=Config, dec_hook=decode)
