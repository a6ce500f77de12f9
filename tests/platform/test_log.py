"""The log writes what it knows, and nothing secret, whoever puts it there."""

from __future__ import annotations

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import procrastinate
import pytest
import structlog

import alongside
from alongside.platform import log
from alongside.platform.config_loading import load
from alongside.platform.secret import Secret

CANARY = "canary-4711"
ROOT = Path(alongside.__file__).parent
GROUP = f"""\
  + Exception Group Traceback (most recent call last):
  |   File "group.py", line 1, in start
  |     raise group
  | ExceptionGroup: {CANARY} (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "one.py", line 2, in one
    |     int(text)
    | ValueError: invalid literal for int() with base 10: '{CANARY}'
    +---------------- 2 ----------------
    | PermissionError: [Errno 13] Permission denied: '/srv'
    +------------------------------------"""
LEVELS = ("debug", "info", "warning", "error", "exception", "critical")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


def configured(stream: io.StringIO, **settings: str) -> Any:
    log.configure(load({f"ALONGSIDE_{name.upper()}": value for name, value in settings.items()}), stream=stream)
    return structlog.get_logger()


def test_a_line_is_one_object(lines: io.StringIO) -> None:
    logger = configured(lines, log_format="json")
    logger.warning("worker.died", worker=2, status=-9)
    told = json.loads(lines.getvalue())
    assert told.pop("timestamp").endswith("Z")
    assert told == {
        "event": "worker.died", "worker": 2, "status": -9, "level": "warning", "logger": "alongside"
    }  # fmt: skip


def test_unknown_fields_are_dropped_and_named(lines: io.StringIO) -> None:
    logger = configured(lines, log_format="json")
    logger.warning("message.posted", text=CANARY, password=CANARY, conversation_id="c1")
    told = json.loads(lines.getvalue())
    assert told["dropped"] == "password, text"
    assert CANARY not in lines.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_exceptions_show_where_and_not_what(lines: io.StringIO, form: str) -> None:
    logger = configured(lines, log_format=form)
    try:
        _look_up(CANARY)
    except KeyError as error:
        logger.warning("request.failed", exc_info=error, error_id="e1")
    told = lines.getvalue()
    assert CANARY not in told
    assert "ValueError" in told
    assert "KeyError" in told
    assert "test_log.py" in told
    assert "e1" in told


def test_all_of_several_exceptions_are_told(lines: io.StringIO) -> None:
    logger = configured(lines)
    several = ExceptionGroup(CANARY, [ValueError(CANARY), ConnectionResetError("Connection reset by peer")])
    logger.error("round.failed", exc_info=several)
    told = lines.getvalue()
    assert CANARY not in told
    assert "ValueError" in told
    assert "Connection reset by peer" in told


def _look_up(secret: str) -> None:
    try:
        int(secret)
    except ValueError as error:
        raise KeyError(secret) from error


def test_what_the_system_says_is_shown(lines: io.StringIO) -> None:
    logger = configured(lines)
    logger.error("bus.lost", exc_info=ConnectionRefusedError(111, "Connection refused"))
    assert "Connection refused" in lines.getvalue()


def test_libraries_cannot_quote_either(lines: io.StringIO) -> None:
    configured(lines)
    logging.getLogger("asyncio").error("Task was destroyed\nfuture: <Task exception=ValueError('%s')>", CANARY)
    logging.getLogger("uvicorn.error").error(
        'Traceback (most recent call last):\n  File "app.py", line 3, in start\nValueError: %s', CANARY
    )
    logging.getLogger("uvicorn.error").error(GROUP)
    told = lines.getvalue()
    assert CANARY not in told
    assert "Permission denied: '/srv'" in told
    assert 'File "one.py", line 2, in one' in told
    assert "Task was destroyed" in told
    assert 'File "app.py", line 3, in start' in told
    assert "ValueError" in told


def test_a_request_is_told_without_its_query(lines: io.StringIO) -> None:
    configured(lines, access_log="true", log_format="json")
    logging.getLogger("uvicorn.access").info(
        '%s - "%s %s HTTP/%s" %d', "203.0.113.9:1", "GET", f"/healthz?token={CANARY}", "1.1", 200
    )
    told = json.loads(lines.getvalue())
    assert (told["event"], told["method"], told["path"], told["status"]) == ("request", "GET", "/healthz", 200)
    assert CANARY not in lines.getvalue()
    assert "203.0.113.9" not in lines.getvalue()


def test_requests_are_not_told_unasked(lines: io.StringIO) -> None:
    configured(lines)
    logging.getLogger("uvicorn.access").info("%s %s %s %s %d", "a", "GET", "/", "1.1", 200)
    assert lines.getvalue() == ""


def test_a_value_cannot_forge_a_line(lines: io.StringIO) -> None:
    logger = configured(lines)
    logger.warning("request.refused", path="/x\n2026-01-01 [error] forged")
    assert len(lines.getvalue().splitlines()) == 1


def test_a_secret_shows_nowhere(lines: io.StringIO) -> None:
    secret = Secret(CANARY)
    logger = configured(lines)
    logger.warning("setting", reason=secret, kind=f"{secret:>20} {secret!r} {secret!s}")
    assert CANARY not in lines.getvalue()
    assert secret.reveal() == CANARY


def test_every_field_that_is_logged_is_on_the_list() -> None:
    unknown = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in [f"log.{level}" for level in LEVELS]:
                names = {keyword.arg for keyword in node.keywords} - {"exc_info"}
                unknown += [f"{path}:{node.lineno} {name}" for name in names if name not in log.FIELDS]
    assert unknown == []


def test_libraries_that_lost_the_database_leave_it_to_us_to_say_so(lines: io.StringIO) -> None:
    configured(lines, log_format="json")
    trouble = procrastinate.exceptions.ConnectorException()
    logging.getLogger("procrastinate.utils").error("listener error: %r", trouble)
    logging.getLogger("procrastinate.worker.worker").error("Side task failed", exc_info=trouble)
    for pool in ("asyncpg.pool", "psycopg.pool"):
        logging.getLogger(pool).warning("connecting failed")
    logging.getLogger("procrastinate.worker.worker").error("Job failed", exc_info=ValueError())
    assert [json.loads(line)["event"] for line in lines.getvalue().splitlines()] == ["Job failed"]
