"""Accounts from the terminal."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from alongside.platform.auth import passwords
from alongside.platform.embedded.postgres import running
from tests.cli.running import alongside

LONG = "the heron waits at the weir"


@pytest.fixture
def own(fresh_database_url: str, data_dir: Path) -> dict[str, str]:
    return {
        "database_url": fresh_database_url, "data_dir": str(data_dir), "allow_weak_durability": "true"
    }  # fmt: skip


def stored(url: str, email: str) -> tuple[str, list[str]]:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT password_hash, permissions FROM agent JOIN role ON role.id = role_id WHERE email = %s", [email]
        ).fetchone()
        assert row is not None
        return row


def create(own: dict[str, str], *more: str, stdin: str | None = LONG + "\n", email: str = "ada@example.com"):
    arguments = ["admin", "create", "--email", email, "--name", "Ada", *(more or ["--password-stdin"])]
    return alongside(*arguments, stdin=stdin, **own)


async def test_an_admin_is_made_without_a_terminal(own: dict[str, str]) -> None:
    done = create(own)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    password_hash, permissions = stored(own["database_url"], "ada@example.com")
    assert permissions == ["*"]
    assert await passwords.verify(password_hash, LONG)


async def test_a_password_can_be_made_up(own: dict[str, str]) -> None:
    done = create(own, "--generate")
    password = done.stdout.strip()
    assert len(password) >= 20
    assert await passwords.verify(stored(own["database_url"], "ada@example.com")[0], password)


async def test_a_password_is_reset(own: dict[str, str]) -> None:
    create(own)
    done = alongside(
        "admin", "reset-password", "--email", "ada@example.com", "--password-stdin", stdin="another long one\n", **own
    )
    assert done.returncode == 0, done.stderr
    assert await passwords.verify(stored(own["database_url"], "ada@example.com")[0], "another long one")


def test_refusals_are_told(own: dict[str, str]) -> None:
    weak = create(own, stdin="short\n")
    assert (weak.returncode, "at least" in weak.stderr) == (1, True)
    create(own)
    twice = create(own)
    assert (twice.returncode, "already" in twice.stderr or "taken" in twice.stderr) == (1, True), twice.stderr
    nobody = alongside("admin", "reset-password", "--email", "x@example.com", "--generate", **own)
    assert (nobody.returncode, "no agent" in nobody.stderr) == (1, True)
    silent = alongside("admin", "create", "--email", "b@example.com", "--name", "B", stdin="", **own)
    assert (silent.returncode, "--password-stdin" in silent.stderr) == (2, True)
    assert "Traceback" not in weak.stderr + twice.stderr + nobody.stderr + silent.stderr


def test_a_database_behind_is_told(own: dict[str, str], empty_database_url: str) -> None:
    done = create(own | {"database_url": empty_database_url})
    assert done.returncode == 2
    assert "alongside migrate" in done.stderr


def test_the_embedded_database_is_made_for_it(data_dir: Path) -> None:
    done = create({"data_dir": str(data_dir)})
    assert done.returncode == 0, done.stderr
    with running(data_dir) as server:
        assert stored(server.url, "ada@example.com")[1] == ["*"]


def test_a_made_up_password_is_printed_only_when_it_holds(own: dict[str, str]) -> None:
    assert create(own, "--generate").stdout.strip()
    again = create(own, "--generate")
    assert again.returncode != 0
    assert again.stdout == ""
