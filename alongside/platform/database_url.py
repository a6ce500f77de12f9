"""The address of a database, which libpq (psycopg, pg_dump) and asyncpg must understand alike."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from urllib.parse import urlencode

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

SCHEMES = ("postgresql://", "postgres://")
EXAMPLE = "postgresql://user:password@host:5432/alongside"

# Options of libpq that asyncpg would send to the server as settings. These are left out for it: it does without.
LEFT_OUT = frozenset(
    {
        "connect_timeout", "client_encoding", "fallback_application_name", "keepalives", "keepalives_idle",
        "keepalives_interval", "keepalives_count", "tcp_user_timeout", "gssencmode", "sslcompression", "sslsni",
        "sslcertmode", "channel_binding", "gssdelegation", "load_balance_hosts", "max_protocol_version",
        "min_protocol_version",
    }
)  # fmt: skip
# These change where or how safely one connects: leaving them out would not be what was asked for.
REFUSED = frozenset({
    "hostaddr", "require_auth", "requirepeer", "replication", "sslcrldir", "oauth_issuer", "oauth_client_id",
    "oauth_client_secret", "oauth_scope", "scram_client_key", "scram_server_key", "sslkeylogfile",
})  # fmt: skip
DEMANDS = {"channel_binding": "require", "gssencmode": "require", "sslcertmode": "require"}


def fault(address: str) -> str:
    """What is wrong with an address, as the end of a sentence; empty if nothing. Quotes nothing of a password."""
    if not address.startswith(SCHEMES):
        return f"must begin with postgresql://, for example {EXAMPLE}."
    if unreadable := _unreadable(address):
        return unreadable
    try:
        options = conninfo_to_dict(address)
    except ProgrammingError as error:
        return _said_by_libpq(str(error))
    return _unfit(options)


def for_asyncpg(address: str, name: str = "alongside") -> str:
    """The same address in words that asyncpg understands as libpq does; `name` tells the database who we are."""
    options = {name: str(value) for name, value in conninfo_to_dict(address).items() if value not in (None, "")}
    kept = {name: value for name, value in options.items() if name not in LEFT_OUT}
    kept.setdefault("application_name", name)
    if "host" in kept:
        hosts = kept["host"].split(",")
        kept["host"] = ",".join(f"[{each}]" if ":" in each and not each.startswith("/") else each for each in hosts)
    if kept.get("sslrootcert") == "system":
        kept |= {"sslrootcert": str(ssl.get_default_verify_paths().cafile), "sslmode": "verify-full"}
    return f"postgresql://?{urlencode(kept)}"


def _unreadable(address: str) -> str:
    """Special signs in a password that end it too early."""
    before_options = address.split("?", 1)[0]
    credentials, _, rest = before_options.partition("://")[2].partition("@")
    if "@" in rest.split("/", 1)[0] or ("/" in credentials and rest) or "#" in before_options:
        return (
            "cannot be read: in a user or password write @ as %40, / as %2F, : as %3A, # as %23 and % as %25, "
            f"for example {EXAMPLE}."
        )
    if re.search(r"%(?![0-9A-Fa-f]{2})", address):
        return "cannot be read: a % must be followed by two digits; write a % of the password as %25."
    return ""


def _unfit(options: Mapping[str, object]) -> str:
    """What can be read and not be kept."""
    for name in sorted(options):
        if name in REFUSED or options[name] == DEMANDS.get(name, ()):
            return f"has the option {name}, which Alongside cannot keep on all its connections. Remove it."
    if not re.fullmatch(r"[0-9,]*", str(options.get("port", ""))):
        return f"has a port that is no number. Compare it with {EXAMPLE}."
    if options.get("sslrootcert") == "system" and not ssl.get_default_verify_paths().cafile:
        return "has sslrootcert=system, but this system has no file of certificates. Name the file itself."
    return ""


def _said_by_libpq(said: str) -> str:
    """libpq quotes what it could not read, which may be a part of the password; a name of an option may be told."""
    if found := re.search(r'invalid URI query parameter: "(\w+)"', said):
        return f"has the option {found[1]}, which PostgreSQL does not know. Remove it or correct its name."
    return f"cannot be read. Compare it with {EXAMPLE}; special signs in a password are written as %40 for @ and so on."
