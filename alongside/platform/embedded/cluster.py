"""The files of the embedded PostgreSQL: making the folder, its settings, and reading why a start failed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from alongside.platform.embedded.account import Account
from alongside.platform.embedded.binaries import MAJOR
from alongside.platform.problem import OperatorError

NEEDED_FREE_BYTES = 200_000_000
SUPERUSER = "alongside"
STAMP = re.compile(r"^\d{4}-\S+ \S+ \S+ \[\d+\] ")  # what each line of the server's log begins with

# Few processes and little memory, because a chat's queries are short and its database shares a small machine;
# full durability, because an acknowledged message must survive a crash.
SETTINGS = """\
# Written by Alongside at every start. Put settings of your own into local.conf beside this file.
listen_addresses = ''
max_connections = {connections}
superuser_reserved_connections = 3
shared_buffers = 128MB
effective_cache_size = 512MB
work_mem = 4MB
maintenance_work_mem = 64MB
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
wal_level = minimal
max_wal_senders = 0
max_wal_size = 512MB
min_wal_size = 80MB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
io_method = sync
max_worker_processes = 2
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
max_logical_replication_workers = 0
autovacuum_max_workers = 2
timezone = 'UTC'
log_timezone = 'UTC'
# Values of rows are people's data: the log names the fault, not the values.
log_error_verbosity = terse
log_min_error_statement = panic
log_checkpoints = off
include_if_exists = 'local.conf'
"""


def create(folder: Path, programs: Path, account: Account) -> None:
    """Make a new cluster: complete or not at all, so that an interrupted first start harms nothing."""
    if folder.exists() and any(folder.iterdir()):
        raise OperatorError(
            f"The folder {folder} is neither empty nor a database. Move it away, or choose another data_dir."
        )
    _require_space(folder.parent)
    for leftover in folder.parent.glob(".postgres-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".postgres-"))
    account.own(beside)
    done = subprocess.run(  # noqa: S603
        [
            programs / "initdb",
            f"--pgdata={beside}",
            f"--username={SUPERUSER}",
            "--auth=trust",  # only the cluster's own account can reach its socket: see the folder's mode
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        **account.process_options(),  # type: ignore[call-overload]
    )
    if done.returncode != 0:
        shutil.rmtree(beside, ignore_errors=True)
        raise explain(done.stderr or done.stdout, folder)
    if folder.exists():
        folder.rmdir()
    beside.rename(folder)


def configure(folder: Path, account: Account, connections: int, durable: bool) -> None:
    """Write the settings for this start."""
    path = folder / "postgresql.conf"
    try:
        path.write_text(SETTINGS.format(connections=connections, durable="on" if durable else "off"))
        account.own(path)
    except OSError as error:
        raise explain(str(error), folder) from None


def check_format(folder: Path) -> bool:
    """Whether there is a cluster. Raises where its data format is not ours."""
    try:
        major = int((folder / "PG_VERSION").read_text())
    except FileNotFoundError:
        return False
    except PermissionError:
        raise OperatorError(
            f"The database in {folder} belongs to another user. Start Alongside as that user, "
            "or choose another data_dir."
        ) from None
    except ValueError:
        raise OperatorError(f"The database in {folder} is damaged (PG_VERSION). Restore a backup.") from None
    if major > MAJOR:
        raise OperatorError(
            f"The database in {folder} was made by PostgreSQL {major}, newer than the {MAJOR} of this "
            "Alongside. Install the newer Alongside again."
        )
    if major < MAJOR:
        raise OperatorError(
            f"The database in {folder} was made by PostgreSQL {major}; this one has {MAJOR}. Make "
            "a backup with the Alongside that made it, move the folder away, and restore it with this one."
        )
    return True


def explain(log: str, folder: Path) -> OperatorError:
    """What PostgreSQL said, in words that tell what to do."""
    if "No space left on device" in log or "Disk quota exceeded" in log:
        return OperatorError(
            f"The disk that holds {folder} is full. Nothing is lost; make room and start again.", exit_code=1
        )
    if "Permission denied" in log or "Read-only file system" in log or "wrong ownership" in log:
        return OperatorError(f"The database's folder {folder} is not readable and writable for its user. Correct that.")
    if "could not look up effective user ID" in log:
        return OperatorError(
            "PostgreSQL wants its user to have a name, and this process runs under a number that the system does not "
            "know. Run Alongside as a user of this system, or set database_url."
        )
    if "lock file" in log and "already exists" in log:
        return OperatorError(
            f"Another PostgreSQL uses {folder}. Stop it, or remove its postmaster.pid if none is running.",
            exit_code=1,
        )
    if "could not create shared memory segment" in log or "could not resize shared memory" in log:
        return OperatorError("The system has no shared memory left for PostgreSQL (/dev/shm). Free some.", exit_code=1)
    last = [STAMP.sub("", line) for line in log.strip().splitlines() if line.strip()][-6:]
    return OperatorError(
        f"The embedded PostgreSQL in {folder} did not start. It says:\n" + "\n".join(last), exit_code=1
    )


def _require_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < NEEDED_FREE_BYTES:
        raise OperatorError(
            f"The disk that holds {folder} has {free // 1_000_000} MB free; a new database needs "
            f"{NEEDED_FREE_BYTES // 1_000_000} MB. Make room, or choose another data_dir.",
            exit_code=1,
        )
