"""`alongside admin ...`: for who cannot get in."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import secrets
import sys
from collections.abc import Awaitable, Callable

from alongside.cli import common
from alongside.domains.agents.actions import create_admin, reset_second_factor_of
from alongside.domains.agents.actions import reset_password as set_password
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.problem import OperatorError


def create(arguments: argparse.Namespace) -> int:
    """Make an admin."""
    password = _password(arguments)
    _with_database(
        common.settings(arguments),
        lambda database: create_admin(database, arguments.email, arguments.name, password),
    )
    _tell(arguments, password)
    common.say(f"{arguments.email} can sign in now.")
    return 0


def reset_password(arguments: argparse.Namespace) -> int:
    """Give an agent another password; ends all their sessions."""
    password = _password(arguments)
    _with_database(common.settings(arguments), lambda database: set_password(database, arguments.email, password))
    _tell(arguments, password)
    common.say(f"{arguments.email} has the new password. All their sessions have ended.")
    return 0


def reset_two_factor(arguments: argparse.Namespace) -> int:
    """Take away an agent's second factor; ends all their sessions."""
    _with_database(common.settings(arguments), lambda database: reset_second_factor_of(database, arguments.email))
    common.say(f"{arguments.email} has no second factor any more. All their sessions have ended.")
    return 0


def _with_database(config: Config, verb: Callable[[Database], Awaitable[object]]) -> None:
    with common.ready_database(config) as opened:
        asyncio.run(common.call(opened, verb))


def _tell(arguments: argparse.Namespace, password: str) -> None:
    """A password that was made up is printed when it holds, and not before."""
    if arguments.generate:
        print(password)


def _password(arguments: argparse.Namespace) -> str:
    if arguments.generate:
        return secrets.token_urlsafe(30)  # 40 characters: as long as any company may ask for
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise OperatorError("No terminal to ask for a password. Use --password-stdin or --generate.")
    try:
        password = getpass.getpass("New password: ")
        again = getpass.getpass("Again: ")
    except EOFError:
        raise OperatorError("No password was given. Nothing was changed.") from None
    if password != again:
        raise OperatorError("The two passwords differ. Nothing was changed.")
    return password
