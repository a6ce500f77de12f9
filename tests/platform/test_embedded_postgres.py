"""The embedded database starts fast, is shared, survives crashes, leaves nothing behind, tells its troubles."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from alongside.platform.embedded import cluster, lease, postgres
from alongside.platform.embedded.postgres import EmbeddedPostgres, running
from alongside.platform.problem import OperatorError
from tests.harness.until import within

HOLD = """
import sys
from pathlib import Path
from alongside.platform.embedded.postgres import running
with running(Path(sys.argv[1])) as server:
    print(server.pid(), flush=True)
    sys.stdin.read()
"""


def wait_for(fact: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def holder(data_dir: Path) -> tuple[subprocess.Popen[str], int]:
    """Another process that uses the database in `data_dir`, and the database's process."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, data_dir], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, int(process.stdout.readline())


def processes_about(data_dir: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(data_dir) in command and int(entry.name) != os.getpid():
            found.append(command)
    return found


def test_it_is_durable_small_and_quick(data_dir: Path) -> None:
    with running(data_dir):
        pass

    async def started() -> float:
        began = time.monotonic()
        with running(data_dir):
            return time.monotonic() - began

    asyncio.run(within(3, started))
    with running(data_dir) as server, psycopg.connect(server.url) as connection:
        for name, value in {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "jit": "off",
            "listen_addresses": "",
            "data_checksums": "on",
            "server_encoding": "UTF8",
        }.items():
            assert connection.execute(f"SHOW {name}").fetchone() == (value,), name
        assert connection.execute("SELECT lower('ÄÖÜ')").fetchone() == ("äöü",)
    assert processes_about(data_dir) == []


def test_the_socket_is_closed_to_other_users(data_dir: Path) -> None:
    with running(data_dir) as server:
        assert server.folder.stat().st_mode & 0o077 == 0


def test_two_processes_share_it_and_the_last_one_stops_it(data_dir: Path) -> None:
    other, pid = holder(data_dir)
    with running(data_dir) as server:
        assert server.pid() == pid
        other.communicate("")
        assert other.returncode == 0
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not alive(pid)
    assert processes_about(data_dir) == []


def test_many_start_at_once(data_dir: Path) -> None:
    command = [sys.executable, "-c", HOLD, data_dir]
    starters = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    pids = {int(each.stdout.readline()) for each in starters}
    assert len(pids) == 1
    for each in starters:
        each.communicate("")
        assert each.returncode == 0
    wait_for(lambda: processes_about(data_dir) == [])


def test_it_stops_when_its_only_user_is_killed(data_dir: Path) -> None:
    other, pid = holder(data_dir)
    other.kill()
    other.wait()
    wait_for(lambda: not alive(pid))
    wait_for(lambda: processes_about(data_dir) == [])
    with running(data_dir) as server:
        assert server.pid() not in (None, pid)


def test_it_recovers_from_a_crash_with_all_that_was_committed(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: server.pid() is None)
    assert (data_dir / "postgres" / "postmaster.pid").exists(), "the crash left its traces"
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    server.stop()
    assert processes_about(data_dir) == []


def test_a_stale_process_number_given_to_somebody_else_does_not_hinder(data_dir: Path) -> None:
    with running(data_dir):
        pass
    stale = data_dir / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{data_dir}/postgres\n1700000000\n5432\n\n\n  0 0\nready\n")
    with running(data_dir) as server:
        assert server.pid() != os.getpid()


def test_watched_it_is_started_again_after_a_crash(data_dir: Path) -> None:
    said: list[str] = []
    with running(data_dir, say=said.append) as server:
        server.watch()
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: server.pid() not in (None, pid))
        wait_for(lambda: _answers(server))
        assert any("died" in line for line in said)
    assert processes_about(data_dir) == []


def _answers(server: EmbeddedPostgres) -> bool:
    try:
        with psycopg.connect(server.url) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_watched_it_comes_back_when_its_trouble_is_over_and_complains_once(data_dir: Path) -> None:
    said: list[str] = []
    with running(data_dir, say=said.append) as server:
        server.watch()
        control = data_dir / "postgres" / "global" / "pg_control"
        control.rename(data_dir / "pg_control")
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        log = data_dir / "run" / "postgres.log"
        wait_for(lambda: log.read_text().count("could not find the database system") >= 2)
        assert len(said) == 3, said  # prepared, died, and the trouble
        (data_dir / "pg_control").rename(control)
        wait_for(lambda: _answers(server))
    assert processes_about(data_dir) == []


@pytest.mark.parametrize("first", ["us", "keeper"])
def test_leaving_does_not_wait_for_a_start_that_takes_for_ever(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setattr(postgres, "STOPPING", ((signal.SIGINT, 1.0), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 4.0)))
    server = EmbeddedPostgres(data_dir)
    server.start()
    server.watch()
    pid = server.pid()
    assert pid is not None
    # Stopped just as it starts again, it stays "starting" like one with hours of recovery before it.
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: server.pid() not in (None, pid))
    fresh = server.pid()
    assert fresh is not None
    os.kill(fresh, signal.SIGSTOP)
    if first == "keeper":
        monkeypatch.setattr(lease, "_try_lock", _after_the_keeper(data_dir))
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 15
    wait_for(lambda: processes_about(data_dir) == [])


def _after_the_keeper(data_dir: Path) -> Callable[[int, int], bool]:
    """Whoever lets go of the lock to take it alone finds that the keeper was quicker."""
    try_lock = lease._try_lock

    def late(handle: int, kind: int) -> bool:
        def taken() -> bool:
            other = os.open(data_dir / "run" / "users", os.O_RDWR)
            try:
                return not try_lock(other, fcntl.LOCK_SH)
            finally:
                os.close(other)

        wait_for(taken)
        return try_lock(handle, kind)

    return late


def test_a_first_start_that_was_interrupted_harms_nothing(data_dir: Path) -> None:
    leftover = data_dir / ".postgres-interrupted"
    leftover.mkdir()
    (leftover / "PG_VERSION").write_text("18\n")
    with running(data_dir) as server:
        assert _answers(server)
    assert not leftover.exists()


def test_a_long_path_still_finds_room_for_the_socket(data_dir: Path) -> None:
    deep = data_dir / ("a long name " * 8) / "data"
    deep.parent.mkdir(mode=0o755)
    with running(deep) as server:
        assert _answers(server)
        socket_folder = server._socket_folder()
    assert socket_folder != server.folder
    shutil.rmtree(socket_folder)


@pytest.mark.parametrize(("version", "hint"), [("19", "newer"), ("16", "backup"), ("x", "damaged")])
def test_another_data_format_is_refused(data_dir: Path, version: str, hint: str) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "PG_VERSION").write_text(version + "\n")
    with pytest.raises(OperatorError, match=hint):
        EmbeddedPostgres(data_dir).start()


def test_a_folder_with_other_things_is_not_touched(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "holiday.jpg").write_text("x")
    with pytest.raises(OperatorError, match="neither empty nor a database"):
        EmbeddedPostgres(data_dir).start()
    assert (data_dir / "postgres" / "holiday.jpg").exists()


def test_a_full_disk_is_named(data_dir: Path) -> None:
    tiny = data_dir / "tiny"
    tiny.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "none", tiny], check=False).returncode:
        pytest.skip("needs the right to mount")
    try:
        with pytest.raises(OperatorError, match=r"20 MB free; a new database needs"):
            EmbeddedPostgres(tiny).start()
    finally:
        subprocess.run(["umount", tiny], check=True)


def test_a_disk_that_fills_while_starting_is_named() -> None:
    said = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'
    assert "is full" in str(cluster.explain(said, Path("/data/postgres")))


def test_an_unwritable_place_is_named(data_dir: Path) -> None:
    (data_dir / "file").write_text("")
    with pytest.raises(OperatorError, match="cannot be created or written"):
        EmbeddedPostgres(data_dir / "file" / "data").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the database as somebody else")
class TestAsRoot:
    def test_it_runs_as_another_user(self, data_dir: Path) -> None:
        with running(data_dir) as server:
            assert Path(f"/proc/{server.pid()}").stat().st_uid != 0

    def test_a_closed_folder_is_refused_not_opened(self, data_dir: Path) -> None:
        closed = data_dir / "closed"
        closed.mkdir(mode=0o700)
        with pytest.raises(OperatorError, match="may not enter"):
            EmbeddedPostgres(closed / "data").start()
        assert closed.stat().st_mode & 0o777 == 0o700

    def test_programs_in_a_closed_folder_are_copied(self, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from alongside.platform.embedded import binaries

        closed = data_dir / "closed"
        closed.mkdir(mode=0o700)
        packaged = binaries._packaged()
        for name in (packaged.name, f"{packaged.name}.libs"):
            shutil.copytree(packaged.with_name(name), closed / name, ignore=shutil.ignore_patterns("pginstall"))
        monkeypatch.setattr(binaries, "_packaged", lambda: closed / packaged.name)
        with running(data_dir) as server:
            assert _answers(server)
            assert Path(f"/proc/{server.pid()}/exe").resolve().is_relative_to(data_dir)
        assert closed.stat().st_mode & 0o777 == 0o700
