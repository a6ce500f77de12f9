"""`alongside restore`: a backup back into an empty database, or in place of what is there; all of it or nothing."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg

from alongside.cli import archive, common
from alongside.cli.backup import KEYS
from alongside.platform import examine, migrate, pgtools
from alongside.platform.config import Config
from alongside.platform.problem import OperatorError
from alongside.platform.secret import Secret
from alongside.platform.storage import FAILURES, Storage

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
EMPTY = "SELECT NOT EXISTS (SELECT FROM agent) AND NOT EXISTS (SELECT FROM contact)"

# In the transaction that brings the data back: first everything goes; at the end the rows are counted, and the history
# gets another epoch, so that no client takes its positions in the old history for positions in this one.
BEFORE = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
AFTER = "SELECT set_config('search_path', 'public', false); UPDATE workspace SET epoch = gen_random_uuid();"
# Who was erased here since the backup was made stays erased.
ERASED = "SELECT contact_id FROM erasure"
ERASE_AGAIN = "DELETE FROM contact WHERE id IN ({ids});"
REMEMBER = "INSERT INTO erasure (contact_id) SELECT unnest(%s::uuid[]) ON CONFLICT (contact_id) DO NOTHING"
ERASE_REMEMBERED = "DELETE FROM contact USING erasure e WHERE id = e.contact_id"
COUNT = """
DO $$ DECLARE found bigint; BEGIN
    SELECT count(*) INTO found FROM public."{table}";
    IF found <> {count} THEN
        RAISE EXCEPTION 'table {table} has % rows instead of {count}', found;
    END IF;
END $$;
"""

Connection = psycopg.Connection[tuple[object, ...]]


def run(arguments: argparse.Namespace) -> int:
    """Restore."""
    config = common.settings(arguments)
    with archive.at_hand(arguments.file) as file, archive.opened(file) as backup:
        _require_known(backup.manifest)
        with common.database(config) as opened:
            _restore(opened, backup, replace=arguments.replace)
    rows = sum(backup.manifest.counts.values())
    common.say(f"Restored {rows} rows and {len(list(backup.file_keys()))} files of {backup.manifest.created_at}.")
    return 0


def _restore(config: Config, backup: archive.Archive, *, replace: bool) -> None:
    url = common.url_of(config)
    with examine.connect(url) as connection:
        pgtools.require_able(connection.info.server_version, encrypted=examine.is_encrypted(connection))
        _require_alone(connection)
        earlier = _require_replaceable(connection, replace=replace)
        erased = _erased(connection)
    storage = Storage.of(config)
    asyncio.run(_put_files(storage, backup))
    _restore_database(url, backup, erased)
    migrate.migrate(url.reveal(), common.say)
    with psycopg.connect(url.reveal()) as connection:
        connection.execute(REMEMBER, [erased])
        connection.execute(ERASE_REMEMBERED)
    asyncio.run(_delete_files(storage, earlier - set(backup.file_keys())))


def _erased(connection: Connection) -> list[str]:
    """Who was erased from the database that is about to be replaced."""
    known = connection.execute("SELECT to_regclass('public.erasure') IS NOT NULL").fetchone() == (True,)
    return [str(row[0]) for row in connection.execute(ERASED)] if known else []


def _restore_database(url: Secret, backup: archive.Archive, erased: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="alongside-") as folder, pgtools.environment(url) as env:
        before, after = Path(folder) / "before.sql", Path(folder) / "after.sql"
        before.write_text(BEFORE)
        counts = "".join(COUNT.format(table=name, count=n) for name, n in backup.manifest.counts.items())
        again = ERASE_AGAIN.format(ids=", ".join(f"'{contact_id}'" for contact_id in erased)) if erased else ""
        after.write_text(counts + AFTER + again)
        script = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        psql = pgtools.start(
            "psql",
            [*script, f"--file={before}", "--file=-", f"--file={after}"],
            env,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        dump = Path(folder) / archive.DATABASE
        with backup.open(archive.DATABASE) as source, dump.open("wb") as target:
            while block := source.read(archive.BLOCK):
                target.write(block)
        whole = _feed(dump, psql, env)
        _, errors = psql.communicate()
        if psql.returncode != 0 or not whole:
            reason = pgtools.failure("Restoring", errors).message
            raise OperatorError(f"{reason}. Nothing was changed in the database.", exit_code=1)


def _feed(dump: Path, psql: subprocess.Popen[bytes], env: dict[str, str]) -> bool:
    """Send the dump as SQL. False where it could not be read to its end; psql is told to give up then."""
    options = ["--no-owner", "--no-privileges", "--file=-", str(dump)]
    reader = pgtools.start("pg_restore", options, env, stdout=subprocess.PIPE)
    assert reader.stdout is not None and psql.stdin is not None  # asked for above
    try:
        pgtools.copy_script(reader.stdout, psql.stdin)
        whole = reader.wait() == 0
        if not whole:
            psql.stdin.write(b"\nROLLBACK; SELECT 'the dump is damaged'::int;\n")
            psql.stdin.flush()
    except BrokenPipeError:  # psql has stopped at an error, which it tells
        reader.kill()
        reader.wait()
        return False
    return whole


def _require_known(manifest: archive.Manifest) -> None:
    known = {each.name for each in migrate.available()}
    foreign = [name for name in manifest.migrations if name not in known]
    if foreign:
        raise OperatorError(
            f"The backup was made by a newer Alongside ({manifest.version}, with {foreign[0]}). Install that one first."
        )


def _require_alone(connection: Connection) -> None:
    row = connection.execute(OTHERS).fetchone()
    if row and row[0]:
        raise OperatorError(
            f"{row[0]} other connection(s) use the database. Stop every Alongside (and psql) first, then try again.",
            exit_code=1,
        )


def _require_replaceable(connection: Connection, *, replace: bool) -> set[str]:
    """The keys of the files that are there now. Raises where something would be lost unasked."""
    tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if tables == (0,):
        return set()
    ours = connection.execute("SELECT to_regclass('public.agent') IS NOT NULL").fetchone() == (True,)
    empty = ours and connection.execute(EMPTY).fetchone() == (True,)
    if not empty and not replace:
        raise OperatorError(
            "The database is not empty. Restore into an empty one, or replace what is there with --replace "
            "(make a backup of it first)."
        )
    return {str(row[0]) for row in connection.execute(KEYS)} if ours else set()


async def _put_files(storage: Storage, backup: archive.Archive) -> None:
    for key in backup.file_keys():
        with backup.open(archive.FILES + key) as content:
            try:
                await storage.put(key, content.read())
            except FAILURES as error:
                raise OperatorError(
                    f"The store did not take the file {key} ({type(error).__name__}). The database was not touched. "
                    "`alongside doctor` says what is wrong with the store.",
                    exit_code=1,
                ) from None


async def _delete_files(storage: Storage, keys: set[str]) -> None:
    """What cannot be deleted only takes room: the database no longer names it."""
    for key in keys:
        with suppress(*FAILURES):
            await storage.delete(key)
