"""`alongside doctor`: checks from the inside out, each with what to do when it fails."""

from __future__ import annotations

import argparse
import asyncio
import errno
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from alongside import __version__
from alongside.cli import common
from alongside.cli.doctor_web import check_web
from alongside.cli.findings import Check, fail, ok, warn
from alongside.platform import examine, pgtools
from alongside.platform.config import Config
from alongside.platform.mail import NotSent, greet, server_of
from alongside.platform.problem import OperatorError
from alongside.platform.storage import Storage

LITTLE_SPACE = 1_000_000_000
NO_SPACE = 200_000_000
MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


class Report(msgspec.Struct, frozen=True):
    """All checks; `ok` while none failed."""

    ok: bool
    version: str
    checks: list[Check]


def run(arguments: argparse.Namespace) -> int:
    """Check everything. Exit code 1 when something failed."""
    try:
        checks = list(_checks(common.settings(arguments)))
    except OperatorError as problem:
        checks = [fail("settings", problem.message)]
    report = Report(all(check.state != "fail" for check in checks), __version__, checks)
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        for check in checks:
            print(f"{MARKS[check.state]}  {check.name}: {check.message}")
            if check.advice:
                print(f"        {check.advice}")
        if not report.ok:
            print("Something is wrong; see the lines marked FAIL.", file=sys.stderr)
    return 0 if report.ok else 1


def _checks(config: Config) -> Iterable[Check]:
    yield ok("settings", "readable and in order")
    yield _guarded("data folder", lambda: _data_folder(config))
    yield _guarded("disk", lambda: _disk(config))
    try:
        with common.database(config) as opened:
            yield from _database(opened, "PostgreSQL" if config.database_url else "embedded PostgreSQL")
    except OperatorError as problem:
        yield fail("database", problem.message)
    yield _guarded("files", lambda: asyncio.run(_storage(config)))
    yield _guarded("mail", lambda: asyncio.run(_mail(config)))
    yield from check_web(config)


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Exception as error:
        return fail(name, f"{type(error).__name__}: {error}", "Correct it, or report it if it makes no sense.")


def _data_folder(config: Config) -> Check:
    try:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=config.data_dir) as probe:
            probe.write(b"x" * 4096)
    except OSError as error:
        return fail(
            "data folder",
            f"{config.data_dir} cannot be written ({error.strerror})",
            "The disk is full. Make room."
            if error.errno in (errno.ENOSPC, errno.EDQUOT)
            else "Give this user the right to write there, run the doctor as the server's user, or set data_dir.",
        )
    return ok("data folder", f"{config.data_dir} can be written")


def _disk(config: Config) -> Check:
    usage = shutil.disk_usage(config.data_dir)
    text = f"{usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.1f} GB at {config.data_dir}"
    if usage.free < NO_SPACE:
        return fail("disk", text, "Make room now: a database on a full disk takes no messages.")
    if usage.free < LITTLE_SPACE:
        return warn("disk", text, "Make room soon.")
    return ok("disk", text)


def _database(config: Config, kind: str) -> Iterable[Check]:
    findings = examine.examine(common.url_of(config))
    yield ok("database", f"{kind} {findings.version_text} answers")
    yield _fit(findings)
    yield _durability(findings)
    yield _schema(findings)
    yield _clock(findings.clock_skew)
    yield _backup(findings)
    if warning := examine.strangers(findings, config):
        yield warn("servers", warning, "Set nats_url on all of them to the same NATS server, or stop all but one.")


def _fit(findings: examine.Findings) -> Check:
    try:
        examine.require_fit(findings, weak_allowed=True)
    except OperatorError as problem:
        return fail("database version", problem.message)
    return ok("database version", "fits this Alongside")


def _durability(findings: examine.Findings) -> Check:
    if not findings.weak:
        return ok("durability", "fsync, synchronous_commit and full_page_writes are on")
    named = ", ".join(f"{name} = {value}" for name, value in findings.weak.items())
    return fail("durability", f"{named}: acknowledged messages may be lost in a crash", "Turn these settings on.")


def _schema(findings: examine.Findings) -> Check:
    pending = len(findings.plan.pending)
    if pending:
        advice = "Make a backup, then run `alongside migrate`. (The embedded database does it when the server starts.)"
        return warn("schema", f"{pending} change(s) are pending", advice)
    return ok("schema", "up to date")


def _backup(findings: examine.Findings) -> Check:
    try:
        pgtools.require_able(findings.version, encrypted=findings.encrypted)
    except OperatorError as problem:
        return warn("backup", problem.message)
    return ok("backup", "`alongside backup` and `restore` can reach this database")


def _clock(skew: float) -> Check:
    state: Literal["ok", "warn"] = "warn" if abs(skew) > 1 else "ok"
    if state == "warn":
        return warn("clock", f"this machine and the database differ by {skew:+.1f} s", "Set both by NTP.")
    return ok("clock", "this machine and the database agree")


def _advice(config: Config, error: Exception) -> str:
    if config.storage_url and not config.storage_url.reveal().startswith("file://"):
        return "Check storage_url, its credentials and rights."
    if "No space left" in str(error) or "os error 28" in str(error):
        return "The disk is full. Make room."
    return "Let it belong to the user who runs Alongside (chown -R), and run the doctor as that user."


async def _storage(config: Config) -> Check:
    where = "the configured store" if config.storage_url else str(config.files_dir)
    storage, key, content = Storage.of(config), f"doctor/{secrets.token_hex(8)}", secrets.token_bytes(64)
    try:
        await storage.put(key, content)
        same = await storage.get(key) == content
        await storage.delete(key)
    except Exception as error:
        return fail("files", f"{where} refuses to store a file ({type(error).__name__})", _advice(config, error))
    return ok("files", f"{where} stores and returns") if same else fail("files", f"{where} returned something else")


async def _mail(config: Config) -> Check:
    """Sign in and leave: no letter is sent."""
    if config.mail_url is None:
        return ok("mail", "no mail server is set (mail_url): no mail goes out")
    server = server_of(config.mail_url)
    try:
        await greet(server)
    except NotSent as problem:
        return fail("mail", problem.reason, "Check mail_url, and that this machine may reach the mail server.")
    return ok("mail", f"{server.shown} takes mail from {server.sender}")
