"""The commands and their options. docs/commands.md is held against this."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from alongside import __version__

COMMANDS = "alongside.cli"


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="alongside",
        description="Customer-service chat that lets an agent stand alongside a customer.",
        epilog="Settings: `alongside config` lists them; every one can be given as ALONGSIDE_<NAME>.",
    )
    top.add_argument("--version", action="version", version=f"alongside {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _serve(commands)
    _migrate(commands)
    _admin(commands)
    _data(commands)
    _about(commands)
    return top


def _serve(commands: Any) -> None:
    serve = _command(commands, "serve", "serve:serve", "Run the server until Ctrl+C or SIGTERM.")
    serve.add_argument("--host", help="address to listen on (setting: host)")
    serve.add_argument("--port", type=int, help="port to listen on (setting: port)")
    serve.add_argument("--workers", type=int, metavar="N", help="server processes (setting: workers)")
    serve.add_argument(
        "--migrate",
        action="store_true",
        help="bring the schema of your own PostgreSQL up to date first (the embedded one always is)",
    )


def _migrate(commands: Any) -> None:
    migrate = _command(commands, "migrate", "migrate:run", "Bring the database's schema up to this version.")
    migrate.add_argument("--plan", action="store_true", help="only print what would be applied")


def _admin(commands: Any) -> None:
    admin = commands.add_parser("admin", help="Accounts of admins.", description="Accounts of admins.")
    verbs = admin.add_subparsers(required=True, metavar="VERB")
    create = _command(verbs, "create", "admin:create", "Make an agent who may do everything.")
    reset = _command(verbs, "reset-password", "admin:reset_password", "Give an agent a new password.")
    factor = _command(verbs, "reset-two-factor", "admin:reset_two_factor", "Take away an agent's second factor.")
    for verb in (create, reset, factor):
        verb.add_argument("--email", required=True, help="what the agent signs in with")
    for verb in (create, reset):
        how = verb.add_mutually_exclusive_group()
        how.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input, one line"
        )
        how.add_argument("--generate", action="store_true", help="make up a password and print it")
    create.add_argument("--name", required=True, help="what visitors see")


def _data(commands: Any) -> None:
    seed = _command(commands, "seed", "seed:run", "Fill an empty Alongside with a small believable demo.")
    seed.add_argument("--force", action="store_true", help="also where agents of your own exist")
    backup = _command(
        commands, "backup", "backup:run", "Write the database and all files into one file, while running."
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="where to; `-` for standard output")
    backup.add_argument("--force", action="store_true", help="write over an existing file")
    restore = _command(commands, "restore", "restore:run", "Bring a backup back. Stop the servers first.")
    restore.add_argument(
        "file", type=Path, metavar="FILE", help="a file made by `alongside backup`; `-` for standard input"
    )
    restore.add_argument("--replace", action="store_true", help="replace what the database holds (it is gone then)")


def _about(commands: Any) -> None:
    doctor = _command(commands, "doctor", "doctor:run", "Check everything, and say what to do.")
    doctor.add_argument("--json", action="store_true", help="for programs")
    _command(commands, "config", "show:config", "Print every setting, its value and where it comes from.")
    _command(commands, "openapi", "show:openapi", "Print the description of the HTTP API.")
    _command(commands, "version", "show:version", "Print the version.")


def _command(commands: Any, name: str, run: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.add_argument("--config", type=Path, metavar="FILE", help="settings file (TOML) instead of the usual one")
    command.set_defaults(run=f"{COMMANDS}.{run}")
    return command
