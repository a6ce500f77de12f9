"""The doctor finds what is wrong and says what to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from alongside.cli import doctor_web
from alongside.platform.config_loading import load
from tests.cli.running import Served, alongside, wait_for
from tests.harness.ports import free_port

# Read now: tests do not see the developer's settings.
NGINX = os.environ.get("ALONGSIDE_NGINX") or shutil.which("nginx")


def report(**settings: str) -> tuple[int, dict[str, Any]]:
    """Exit code, and state and message of each check by its name."""
    done = alongside("doctor", "--json", **settings)
    told = json.loads(done.stdout)
    assert told["ok"] == (done.returncode == 0)
    return done.returncode, {check["name"]: (check["state"], check["message"]) for check in told["checks"]}


def test_all_is_well(data_dir: Path) -> None:
    with Served(data_dir) as served:
        code, told = report(data_dir=str(data_dir), port=str(served.port))
    assert code == 0, told
    assert {state for state, _ in told.values()} == {"ok"}
    assert {"database", "durability", "schema", "clock", "files", "disk", "server", "socket", "sign-in"} <= set(told)


def test_a_server_that_does_not_run(data_dir: Path) -> None:
    done = alongside("doctor", data_dir=str(data_dir), port=str(free_port()))
    assert done.returncode == 1
    assert "ok    database: embedded PostgreSQL 18" in done.stdout
    assert "FAIL  server: " in done.stdout
    assert "`alongside serve`" in done.stdout
    assert "warn  schema: " in done.stdout


def test_a_database_that_is_away_does_not_hide_the_rest(data_dir: Path) -> None:
    code, told = report(data_dir=str(data_dir), database_url=f"postgresql://a:geheim@127.0.0.1:{free_port()}/x")
    assert code == 1
    assert told["database"][0] == "fail"
    assert "geheim" not in told["database"][1]
    assert told["files"][0] == "ok"


def test_weak_durability_fails(data_dir: Path, database_url: str) -> None:
    _, told = report(data_dir=str(data_dir), database_url=database_url)
    assert told["durability"][0] == "fail"
    assert "fsync = off" in told["durability"][1]
    assert told["schema"][0] == "ok"


def test_a_database_from_the_future_fails(data_dir: Path, fresh_database_url: str) -> None:
    with psycopg.connect(fresh_database_url) as connection:
        connection.execute("INSERT INTO schema_migration (name, sha256, version) VALUES ('9999-hover', '\\x00', '9.0')")
    _, told = report(data_dir=str(data_dir), database_url=fresh_database_url)
    assert told["database version"][0] == "fail"
    assert "newer Alongside" in told["database version"][1]


def test_the_database_that_is_set_is_named_though_an_older_one_lies_there(data_dir: Path, database_url: str) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "PG_VERSION").write_text("18")
    _, told = report(data_dir=str(data_dir), database_url=database_url)
    assert told["database"][1].startswith("PostgreSQL")


def test_another_server_without_a_common_bus_is_worth_a_warning(data_dir: Path, database_url: str) -> None:
    with psycopg.connect(database_url, application_name="alongside elsewhere:8400"):
        _, told = report(data_dir=str(data_dir), database_url=database_url)
        assert (told["servers"][0], "elsewhere:8400" in told["servers"][1]) == ("warn", True)
        _, told = report(data_dir=str(data_dir), database_url=database_url, nats_url="nats://bus:4222")
        assert "servers" not in told


def test_wrong_settings_are_a_finding() -> None:
    code, told = report(prot="1")
    assert code == 1
    assert told["settings"][0] == "fail"


def test_a_folder_that_cannot_be_written(data_dir: Path) -> None:
    (data_dir / "file").write_text("")
    _, told = report(data_dir=str(data_dir / "file"), port=str(free_port()))
    assert told["data folder"][0] == "fail"


@pytest.mark.parametrize(
    ("url", "state"), [("https://a.example", "ok"), ("http://localhost:1", "ok"), ("http://a.example", "warn")]
)
def test_where_browsers_keep_the_cookie(url: str, state: str) -> None:
    config = load({"ALONGSIDE_PUBLIC_URL": url, "ALONGSIDE_ALLOW_INSECURE_HTTP": "true"})
    assert doctor_web._cookie(config).state == state


def test_a_proxy_that_is_not_trusted_is_worth_a_warning() -> None:
    assert doctor_web._proxies(load({"ALONGSIDE_PUBLIC_URL": "https://a.example"})).state == "warn"


@contextmanager
def nginx(data_dir: Path, port: int, behind: int, *, upgrade: bool) -> Iterator[None]:
    """The configuration of docs/proxy.md without its certificate, or with its sockets forgotten."""
    page = Path(__file__).parents[2].joinpath("docs/proxy.md").read_text()
    shown = page.split("```nginx\n")[1].split("```")[0]
    lines = [
        line
        for line in shown.replace("127.0.0.1:8400", f"127.0.0.1:{behind}").splitlines()
        if not line.strip().startswith(("listen", "http2", "ssl_"))
        and (upgrade or not line.strip().startswith("proxy_set_header Upgrade"))
    ]
    sites = "\n".join(lines).replace("server_name chat.example.com;", f"listen 127.0.0.1:{port};")
    settings = data_dir / "nginx.conf"
    temp = "\n".join(f"{kind}_temp_path {data_dir};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    settings.write_text(
        f"daemon off; pid {data_dir}/nginx.pid; error_log {data_dir}/nginx.log; user root;\n"
        f"events {{}}\nhttp {{ access_log off; {temp}\n{sites}\n}}\n"
    )
    process = subprocess.Popen([NGINX, "-c", settings, "-e", data_dir / "nginx.log"])
    try:
        wait_for((data_dir / "nginx.pid").exists)
        yield
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
@pytest.mark.parametrize("upgrade", [True, False])
def test_through_nginx_as_documented(data_dir: Path, upgrade: bool) -> None:
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    with Served(data_dir, public_url=public) as served, nginx(data_dir, port, served.port, upgrade=upgrade):
        code, told = report(data_dir=str(data_dir), port=str(served.port), public_url=public)
    assert told["public address"][0] == "ok"
    assert (code, told["socket"][0]) == ((0, "ok") if upgrade else (1, "fail"))
