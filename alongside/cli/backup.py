"""`alongside backup`: the database as of one instant and every file it names, in one file, while all runs on."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import psycopg

from alongside import __version__
from alongside.cli import archive, common
from alongside.platform import examine, pgtools
from alongside.platform.config import Config
from alongside.platform.problem import OperatorError
from alongside.platform.storage import FAILURES, Storage

TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""
KEYS = "SELECT storage_key FROM file UNION SELECT storage_key FROM attachment_part ORDER BY storage_key"

Connection = psycopg.Connection[tuple[object, ...]]


def run(arguments: argparse.Namespace) -> int:
    """Write the backup."""
    config = common.settings(arguments)
    with common.database(config) as opened, _readable(), _target(arguments.file, force=arguments.force) as target:
        url = common.url_of(opened)
        findings = examine.examine(url)
        pgtools.require_able(findings.version, encrypted=findings.encrypted)
        if findings.plan.pending:
            raise OperatorError("The database's schema is not up to date. Run `alongside migrate` first.")
        beside = None if str(arguments.file) == "-" else str(arguments.file.absolute().parent)
        manifest = _write(opened, target, findings.version_text, beside)
    rows = sum(manifest.counts.values())
    common.say(f"{rows} rows and {len(manifest.parts) - 1} files are in {arguments.file}.")
    for key in manifest.missing:
        common.say(f"Warning: the file {key} is named by the database, but the store does not have it.")
    return 0


def _write(config: Config, target: IO[bytes], postgres: str, beside: str | None) -> archive.Manifest:
    """`beside` is a folder with room for the dump, which is made before it is packed."""
    url = common.url_of(config)
    # pg_dump sees exactly what this transaction sees, so the counts and the list of files fit the dump.
    with examine.connect(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = _value(connection, "SELECT pg_export_snapshot()")
        counts = _counts(connection)
        keys = [str(row[0]) for row in connection.execute(KEYS)]
        migrations = [str(row[0]) for row in connection.execute("SELECT name FROM schema_migration ORDER BY name")]
        with tempfile.TemporaryDirectory(prefix="alongside-", dir=beside) as folder:
            dump = Path(folder) / archive.DATABASE
            with pgtools.environment(url) as env:
                options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
                pgtools.run("pg_dump", [*options, f"--file={dump}"], env)
            with tarfile.open(fileobj=target, mode="w|", format=tarfile.GNU_FORMAT) as tar:
                writer = archive.Writer(tar)
                writer.add_file(archive.DATABASE, dump)
                missing = asyncio.run(_add_files(writer, Storage.of(config), keys))
                manifest = archive.Manifest(
                    product=archive.PRODUCT,
                    format=archive.FORMAT,
                    version=__version__,
                    created_at=datetime.now(UTC),
                    postgres=postgres,
                    migrations=migrations,
                    counts=counts,
                    parts=writer.parts,
                    missing=missing,
                )
                writer.finish(manifest)
    return manifest


@contextmanager
def _readable() -> Iterator[None]:
    """What the database refuses meanwhile (it went away, its disk is full) is told as one sentence."""
    try:
        yield
    except psycopg.Error as error:
        reason = error.diag.message_primary or type(error).__name__
        raise OperatorError(f"The database stopped answering ({reason}). No backup was made.", exit_code=1) from None


async def _add_files(writer: archive.Writer, storage: Storage, keys: list[str]) -> list[str]:
    missing = []
    for key in keys:
        try:
            content = await storage.get(key)
        except FAILURES as error:
            raise OperatorError(
                f"The store did not give the file {key} ({type(error).__name__}). Run `alongside doctor` as this user: "
                "a local store must belong to who runs the server and the backup.",
                exit_code=1,
            ) from None
        if content is None:
            missing.append(key)
        else:
            writer.add_bytes(archive.FILES + key, content)
    return missing


def _counts(connection: Connection) -> dict[str, int]:
    names = [str(row[0]) for row in connection.execute(TABLES).fetchall()]
    return {name: int(str(_value(connection, f'SELECT count(*) FROM public."{name}"'))) for name in names}


def _value(connection: Connection, sql: str) -> object:
    row = connection.execute(sql.encode()).fetchone()
    return row[0] if row else None


@contextmanager
def _target(path: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """Where the backup is written: complete under its name, or not at all. Only its owner may read it."""
    if str(path) == "-":
        yield sys.stdout.buffer
        return
    path = path.expanduser().absolute()
    if path.exists() and not force:
        raise OperatorError(f"{path} exists. Choose another name, or write over it with --force.")
    part = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    except FileNotFoundError:
        raise OperatorError(f"The folder {path.parent} does not exist.") from None
    except OSError as error:
        free = shutil.disk_usage(path.parent).free // 1_000_000
        raise OperatorError(
            f"{path} could not be written ({error.strerror}; {free} MB are free there). Nothing was left behind.",
            exit_code=1,
        ) from None
    finally:
        part.unlink(missing_ok=True)
