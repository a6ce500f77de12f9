"""`bin/dev`: Alongside with demo data, reloading on change. Ctrl+C leaves no process behind."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from alongside.platform.config_sources import FILE_VARIABLE
from alongside.platform.embedded.account import database_account
from alongside.platform.embedded.postgres import EmbeddedPostgres
from alongside.platform.problem import OperatorError
from tools import frontends
from tools.paths import DEV, ROOT, WEB
from tools.watch import SERVER, SHARED, Watch, workspaces_of

PORT = 8400
STOP_SECONDS = 27.0  # the server takes up to 25 s to let its clients go
LOOK_SECONDS = 0.5
# A developer's own settings for production must not reach a server that fills its database with demo data.
NOT_INHERITED = ("DATABASE_URL", "NATS_URL", "STORAGE_URL", "PUBLIC_URL", "CHROMIUM")


def say(text: str) -> None:
    """One line per step, at once."""
    print(f"· {text}", flush=True)


def data_folder() -> Path:
    """`.dev/data`; a folder under /var/lib where root's checkout is closed to the database's own user."""
    if database_account().can_enter(DEV):
        return DEV / "data"
    name = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]
    return Path("/var/lib/alongside-dev") / name


def settings(port: int, data: Path) -> dict[str, str]:
    """The server's environment."""
    own = DEV / "alongside.toml"
    if not own.exists():
        own.write_text("# Settings for bin/dev in this checkout; docs/configure.md lists them.\n")
    kept = {name: value for name, value in os.environ.items() if name.removeprefix("ALONGSIDE_") not in NOT_INHERITED}
    return kept | {
        FILE_VARIABLE: str(own),
        "ALONGSIDE_DATA_DIR": str(data),
        "ALONGSIDE_PORT": str(port),
        "ALONGSIDE_DEV": "true",
        "ALONGSIDE_DEMO": "true",
    }


class Server:
    """`alongside serve`, started again whenever its sources change."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start; it says itself where it is reached, or why it cannot be."""
        command = [sys.executable, "-m", "alongside.cli", "serve"]
        # In a session of its own: Ctrl+C reaches us alone, and we stop it in order.
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, start_new_session=True)

    def died(self) -> bool:
        """Whether it has ended by itself since it was started."""
        return self._process is not None and self._process.poll() is not None

    def stop(self) -> None:
        """In order; by force where that takes too long or is asked for again."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.terminate()
            process.wait(STOP_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            pass
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # whatever it may have left, too
        process.wait()


class Development:
    """One run of bin/dev."""

    def __init__(self, server: Server, environment: dict[str, str]) -> None:
        self._server = server
        self._environment = environment
        self._stopping = threading.Event()
        self._unbuilt: set[str] = set()

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """End the run; a second time, at once."""
        if self._stopping.is_set():
            raise KeyboardInterrupt
        self._stopping.set()

    def run(self) -> int:
        """Serve until told to stop. Returns the exit code."""
        watch = Watch()
        self._build_all()
        print(f"\n{self._seed()}\n", flush=True)
        if not self._stopping.is_set():
            self._server.start()
        try:
            while not self._stopping.wait(LOOK_SECONDS):
                self._look(watch)
        finally:
            say("stopping")
            self._server.stop()
        return 0

    def _seed(self) -> str:
        """The demo's logins; its data is written once."""
        seeded = Path(self._environment["ALONGSIDE_DATA_DIR"]) / "demo.txt"
        if seeded.exists():
            return seeded.read_text()
        command = [sys.executable, "-m", "alongside.cli", "seed"]
        done = subprocess.run(command, check=False, cwd=ROOT, env=self._environment, capture_output=True, text=True)
        if done.returncode != 0:
            said = f"{done.stdout}{done.stderr}"
            raise OperatorError(f"The demo data could not be written (bin/dev --reset begins anew):\n{said}")
        seeded.write_text(done.stdout.strip())
        return done.stdout.strip()

    def _look(self, watch: Watch) -> None:
        if self._server.died():
            say("the server has ended (see above); it starts again with the next change")
            self._server.stop()
        changed = watch.changed()
        self._build(workspaces_of(changed))
        if SERVER in changed:
            say("sources changed: starting the server again")
            self._server.stop()
            self._server.start()

    def _build_all(self) -> None:
        """What does not build is built again with the next change; until then the last build is served."""
        if frontends.is_fresh():
            return
        say("building the front ends into alongside/static")
        try:
            frontends.build(self._environment)
        except frontends.DidNotBuild as failure:
            self._unbuilt = workspaces_of({SHARED})
            print(failure, flush=True)

    def _build(self, changed: set[str]) -> None:
        if not changed:
            return
        digest = frontends.digest()
        for workspace in sorted(changed | self._unbuilt):
            say(f"building {workspace}")
            command = ["npm", "run", "build", "--silent", "--workspace", workspace]
            done = subprocess.run(command, check=False, cwd=WEB, capture_output=True, text=True)
            if done.returncode == 0:
                self._unbuilt.discard(workspace)
                say(f"built {workspace}")
            else:
                self._unbuilt.add(workspace)
                print(f"{done.stdout}{done.stderr}", flush=True)
        if self._unbuilt:
            frontends.STAMP.unlink(missing_ok=True)
        else:
            frontends.STAMP.write_text(digest)


@contextmanager
def only_one() -> Iterator[None]:
    """Refuse a second bin/dev in the same checkout: it would share the first one's data."""
    DEV.mkdir(exist_ok=True)
    with (DEV / "dev.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperatorError(
                "bin/dev already runs in this checkout. Stop it first (Ctrl+C in its terminal)."
            ) from None
        yield


def require_free(port: int) -> None:
    """Raise where somebody else listens, or nobody can."""
    if not 1 <= port <= 65_535:
        raise OperatorError(f"There is no port {port}. Try: bin/dev --port {PORT}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 100 if port < 65_000 else PORT
            raise OperatorError(f"Port {port} cannot be used ({error.strerror}). Try: bin/dev --port {other}") from None


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bin/dev", description="Alongside with demo data, reloading on change.")
    parser.add_argument("--port", type=int, default=PORT, help=f"where to listen (default {PORT})")
    parser.add_argument("--reset", action="store_true", help="throw the demo database away and begin anew")
    return parser.parse_args()


def develop(arguments: argparse.Namespace) -> int:
    """Run until stopped; every process that was started is gone afterwards."""
    require_free(arguments.port)
    data = data_folder()
    if arguments.reset and data.exists():
        say("throwing the demo data away")
        shutil.rmtree(data)
    environment = settings(arguments.port, data)
    run = Development(Server(environment), environment)
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, run.stop)
    say(f"starting the embedded PostgreSQL in {data.relative_to(ROOT) if data.is_relative_to(ROOT) else data}")
    database = EmbeddedPostgres(data, say=say)
    database.start()
    try:
        return run.run()
    finally:
        database.stop()


def main() -> int:
    """Return 0 after an orderly stop, 1 with a sentence on what to do otherwise."""
    arguments = parse()
    try:
        with only_one():
            return develop(arguments)
    except OperatorError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # asked twice, or before anything ran
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main())
