"""`alongside serve`: starts, says what one needs to know, survives its parts dying, ends in order."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.cli.running import COMMAND, Served, alongside, children_of, environment, processes_about, wait_for
from tests.harness.ports import free_port


def test_the_first_start_prints_the_way_in_and_the_end_leaves_nothing(data_dir: Path) -> None:
    with Served(data_dir) as served:
        link = re.search(r"http://localhost:\d+/console/setup#token=(\S{20,})", served.said())
        assert link, served.said()
        assert f"http://localhost:{served.port}/console/" in served.said()
        assert served.stop() == 0
    assert processes_about(str(data_dir)) == []
    assert "Traceback" not in served.said()


def test_for_programs_every_line_is_an_object(data_dir: Path) -> None:
    with Served(data_dir, log_format="json") as served:
        assert served.stop() == 0
    events = [json.loads(line)["event"] for line in served.said().splitlines()]
    assert {"notice", "ready", "setup.needed"} <= set(events)


def test_ctrl_c_ends_it_in_order(data_dir: Path) -> None:
    with Served(data_dir) as served:
        assert served.stop(signal.SIGINT) == 0
    assert processes_about(str(data_dir)) == []


def test_who_has_an_agent_sees_no_set_up_link(data_dir: Path) -> None:
    made = alongside(
        "admin", "create", "--email", "ada@example.com", "--name", "Ada", "--generate", data_dir=str(data_dir)
    )
    assert made.returncode == 0, made.stderr
    with Served(data_dir) as served:
        assert "setup#token" not in served.said()


def test_the_database_goes_when_the_server_is_killed(data_dir: Path) -> None:
    with Served(data_dir) as served:
        served.process.kill()
        served.process.wait()
    wait_for(lambda: processes_about(str(data_dir)) == [])


def test_the_database_is_started_again_when_it_dies(data_dir: Path) -> None:
    with Served(data_dir) as served:
        server = int((data_dir / "postgres" / "postmaster.pid").read_text().split("\n")[0])
        os.kill(server, signal.SIGKILL)
        wait_for(lambda: "has died" in served.said())
        wait_for(served.answers)
        assert served.stop() == 0
    assert processes_about(str(data_dir)) == []


def test_a_port_in_use_is_told(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = alongside("serve", "--port", str(port), data_dir=str(data_dir))
    assert done.returncode == 2
    assert f"Port {port} on 127.0.0.1 is in use" in done.stderr
    assert not (data_dir / "postgres").exists(), "it is told before anything else begins"


def test_a_second_server_on_the_same_data_is_told(data_dir: Path) -> None:
    with Served(data_dir) as served:
        done = alongside("serve", data_dir=str(data_dir), port=str(free_port()))
        assert done.returncode == 2
        assert "Another `alongside serve`" in done.stderr
        assert served.answers()


def test_a_wrong_host_is_told(data_dir: Path) -> None:
    done = alongside("serve", "--host", "203.0.113.7", data_dir=str(data_dir), port=str(free_port()))
    assert done.returncode == 2
    assert "203.0.113.7" in done.stderr


def test_wrong_settings_are_told(data_dir: Path) -> None:
    done = alongside("serve", data_dir=str(data_dir), prot="8400")
    assert (done.returncode, done.stderr) == (
        2,
        "alongside: The environment variable ALONGSIDE_PROT is no setting. Did you mean ALONGSIDE_PORT?\n",
    )


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_app_that_cannot_start_says_why(data_dir: Path, workers: str) -> None:
    (data_dir / "files").write_text("in the way")
    done = alongside("serve", "--workers", workers, data_dir=str(data_dir), port=str(free_port()))
    assert done.returncode == 1
    assert "FileExistsError" in done.stderr
    assert str(data_dir / "files") in done.stderr
    assert "could not start" in done.stderr
    assert processes_about(str(data_dir)) == []


class TestWithADatabaseOfOnesOwn:
    def test_it_is_not_migrated_unasked(self, data_dir: Path, empty_database_url: str) -> None:
        done = alongside(
            "serve",
            data_dir=str(data_dir),
            port=str(free_port()),
            database_url=empty_database_url,
            allow_weak_durability="true",
        )
        assert done.returncode == 2
        assert "alongside migrate" in done.stderr
        with psycopg.connect(empty_database_url) as connection:
            assert connection.execute("SELECT to_regclass('agent')").fetchone() == (None,)

    def test_it_is_migrated_when_asked(self, data_dir: Path, empty_database_url: str) -> None:
        settings = {"database_url": empty_database_url, "allow_weak_durability": "true"}
        with Served(data_dir, "--migrate", **settings) as served:
            assert served.answers()
        assert not (data_dir / "postgres").exists()

    def test_one_that_may_lose_messages_is_refused(self, data_dir: Path, database_url: str) -> None:
        done = alongside("serve", data_dir=str(data_dir), port=str(free_port()), database_url=database_url)
        assert done.returncode == 2
        assert "fsync = off" in done.stderr

    def test_one_that_is_not_there_is_told_without_its_password(self, data_dir: Path) -> None:
        url = f"postgresql://ada:geheim@127.0.0.1:{free_port()}/alongside"
        done = alongside("serve", data_dir=str(data_dir), port=str(free_port()), database_url=url)
        assert done.returncode == 1
        assert "cannot be reached" in done.stderr
        assert "geheim" not in done.stderr + done.stdout

    def test_a_worker_that_gets_no_connection_says_so_in_a_sentence(
        self, data_dir: Path, fresh_database_url: str
    ) -> None:
        with psycopg.connect(fresh_database_url, autocommit=True) as connection:
            connection.execute("DROP ROLE IF EXISTS narrow")
            connection.execute("CREATE ROLE narrow LOGIN CONNECTION LIMIT 1")
            connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO narrow")
            connection.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO narrow")
        settings = environment(
            data_dir=str(data_dir),
            port=str(free_port()),
            database_url=fresh_database_url.replace("://alongside@", "://narrow@"),
            allow_weak_durability="true",
        )
        log = data_dir / "log"
        with log.open("wb") as out:
            process = subprocess.Popen([*COMMAND, "serve", "--workers", "2"], env=settings, stdout=out, stderr=out)
        try:
            wait_for(lambda: "no connection left" in log.read_text(), 100)
        finally:
            process.terminate()
            process.wait(40)
        assert "Traceback" not in log.read_text()
        with psycopg.connect(fresh_database_url, autocommit=True) as connection:
            connection.execute("DROP OWNED BY narrow")


class TestSeveralWorkers:
    def test_a_killed_worker_is_replaced_and_the_end_leaves_nothing(self, data_dir: Path) -> None:
        with Served(data_dir, "--workers", "2") as served:
            wait_for(lambda: len(served.workers()) == 2)
            first = served.workers()
            assert any("nats-server" in command for _, command in children_of(served.process.pid))
            wait_for(lambda: "setup#token" in served.said())
            os.kill(first[0], signal.SIGKILL)
            wait_for(lambda: len(served.workers()) == 2 and first[0] not in served.workers())
            assert served.said().count("setup#token") == 1
            began = time.monotonic()
            assert served.stop() == 0
            assert time.monotonic() - began < 25
            assert all(not Path(f"/proc/{pid}").exists() for pid in first)
        assert processes_about(str(data_dir)) == []

    def test_they_leave_when_their_supervisor_is_killed(self, data_dir: Path) -> None:
        with Served(data_dir, "--workers", "2") as served:
            wait_for(lambda: len(served.workers()) == 2)
            children = [pid for pid, _ in children_of(served.process.pid)]
            assert len(children) >= 5  # two workers, NATS, PostgreSQL and its keeper
            served.process.kill()
            served.process.wait()
            wait_for(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in children))
        wait_for(lambda: processes_about(str(data_dir)) == [])

    def test_a_bus_that_dies_comes_back(self, data_dir: Path) -> None:
        with Served(data_dir, "--workers", "2") as served:

            def bus() -> list[int]:
                return [pid for pid, command in children_of(served.process.pid) if "nats-server" in command]

            wait_for(lambda: len(bus()) == 1)
            first = bus()
            os.kill(first[0], signal.SIGKILL)
            wait_for(lambda: len(bus()) == 1 and bus() != first)
            assert served.answers()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sockets_are_closed_as_a_restart(data_dir: Path, workers: str) -> None:
    with Served(data_dir, "--workers", workers) as served:
        wait_for(lambda: workers == "1" or len(served.workers()) == int(workers))
        origin = f"http://localhost:{served.port}"
        with connect(f"ws://127.0.0.1:{served.port}/api/v1/widget/socket", origin=origin) as socket_:
            served.process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    socket_.recv(timeout=25)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
        assert served.process.wait(25) == 0
