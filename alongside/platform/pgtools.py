"""PostgreSQL's own client programs (`pg_dump`, `pg_restore`, `psql`) from the wheel, against any database.

The wheel's are built without encryption. They run with the library (libpq) of our driver in place of their own, so
that they reach every database that the server reaches, under the same rules. docs/decisions/client-programs.md.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from psycopg.conninfo import conninfo_to_dict

from alongside.platform.embedded.binaries import MAJOR, program
from alongside.platform.problem import OperatorError
from alongside.platform.secret import Secret


@contextmanager
def environment(url: Secret) -> Iterator[dict[str, str]]:
    """Environment variables that lead a client program to the database.

    The address stands in a file that only we can read: arguments and variables are visible to others.
    """
    with tempfile.TemporaryDirectory(prefix="alongside-") as folder:
        service = Path(folder) / "service"
        lines = [f"{name}={value}" for name, value in conninfo_to_dict(url.reveal()).items() if value is not None]
        service.touch(mode=0o600)
        service.write_text("\n".join(["[alongside]", *lines, ""]))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        library = _drivers_library()
        if library:
            kept["LD_PRELOAD"] = " ".join(filter(None, (library, kept.get("LD_PRELOAD"))))
        yield kept | {"PGSERVICEFILE": str(service), "PGSERVICE": "alongside", "LC_ALL": "C"}


def require_able(version: int, *, encrypted: bool) -> None:
    """Raise where our client programs cannot serve: the server is too new, or they cannot encrypt."""
    if encrypted and not _drivers_library():
        raise OperatorError(
            "The connection to the database is encrypted, which Alongside's own pg_dump and psql cannot do on this "
            "system. Use the pg_dump and pg_restore of a PostgreSQL installation (docs/backup.md)."
        )
    if version // 10_000 > MAJOR:
        raise OperatorError(
            f"The database is PostgreSQL {version // 10_000}; this Alongside's programs know up to {MAJOR}. "
            "Install a newer Alongside, or use that server's own pg_dump and pg_restore."
        )


def _drivers_library() -> str:
    """The path of the libpq that psycopg has loaded; empty where it cannot be lent to another program."""
    try:
        maps = Path("/proc/self/maps").read_text()
    except OSError:  # no Linux
        return ""
    paths = (fields[5] for line in maps.splitlines() if len(fields := line.split(maxsplit=5)) == 6)
    # The loader takes spaces and colons for the ends of names.
    fitting = (path for path in paths if Path(path).name.startswith("libpq") and not set(" :") & set(path))
    return next(fitting, "")


def run(name: str, arguments: Sequence[str], env: dict[str, str], **options: Any) -> None:
    """Run a client program to its end. Raises `OperatorError` with the first thing it complained about."""
    process = start(name, arguments, env, stderr=subprocess.PIPE, **options)
    _, errors = process.communicate()
    if process.returncode != 0:
        raise failure(name, errors)


def start(name: str, arguments: Sequence[str], env: dict[str, str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a client program."""
    return subprocess.Popen([program(name), *arguments], env=env, **options)  # noqa: S603


def failure(name: str, errors: bytes) -> OperatorError:
    """What a client program said, shortened to the reason."""
    lines = [line for line in errors.decode(errors="replace").splitlines() if line.strip()]
    reasons = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()] or lines
    return OperatorError(f"{name} failed: {reasons[0] if reasons else 'no reason given'}", exit_code=1)


def copy_script(source: IO[bytes], target: IO[bytes]) -> None:
    """Hand the script of `pg_restore` on to `psql`.

    Programs of version 17 and later begin with a setting that older servers do not know; it is left out.
    """
    for line in source:
        if not line.startswith(b"SET transaction_timeout"):
            target.write(line)
        if line.startswith((b"CREATE ", b"COPY ")):
            break
    while block := source.read(1 << 20):
        target.write(block)
