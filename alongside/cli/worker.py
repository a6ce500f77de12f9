"""One server process: alone, or one of several that a supervisor started."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import threading
from contextlib import ExitStack, suppress
from typing import NoReturn

import msgspec
import structlog

from alongside import __version__
from alongside.app import create_app
from alongside.cli import common
from alongside.cli.ending import end_with
from alongside.cli.order import WorkerOrder
from alongside.domains.agents.actions import prepare_setup
from alongside.platform import log, server
from alongside.platform.config import Config, from_wire
from alongside.platform.problem import OperatorError


def serve(config: Config, listener: socket.socket, *, first: bool, says: int | None = None) -> None:
    """Serve until a signal comes. `says` is the pipe to the supervisor, `first` who speaks to the operator."""
    app = create_app(config)
    gc.freeze()  # what was made so far stays for good: later collections need not look at it
    gc.enable()
    running = server.make_server(app, config, app.state.runtime.drain)

    async def started() -> None:
        if says is not None:
            os.write(says, b"r")
        if first:
            _greet(config, await prepare_setup(app.state.database))

    running.on_started = started
    if says is not None:
        os.set_blocking(says, False)
        running.on_beat = lambda: _beat(says)
    # uvicorn tells a failed start as a trace; where we know what is wrong, the sentence is enough.
    logging.getLogger("uvicorn.error").addFilter(lambda _: not app.state.runtime.trouble)
    try:
        server.run(running, listener)
    except OperatorError:
        if app.state.runtime.trouble:
            raise OperatorError(app.state.runtime.trouble, exit_code=1) from None
        raise


def _greet(config: Config, setup_token: str | None) -> None:
    """Addresses, and on the first start the link by which the first admin is made."""
    base = config.public_url
    link = f"{base}/console/setup#token={setup_token}"
    if config.log_format == "json":
        structlog.get_logger().info("ready", address=base, version=__version__)
        if setup_token is not None:
            structlog.get_logger().warning("setup.needed", address=link)
        return
    lines = [f"Alongside {__version__} is ready. Ctrl+C stops it.", f"  Console   {base}/console/"]
    if config.demo:
        lines.append(f"  Demo shop {base}/demo")
    lines.append(f"  API docs  {base}/docs")
    if setup_token is not None:
        lines += ["", "Nobody can sign in yet. Set Alongside up with this link; it works once:", f"  {link}"]
    print("\n".join(lines), flush=True)


def _beat(says: int) -> None:
    with suppress(BlockingIOError, BrokenPipeError):
        os.write(says, b".")


def main() -> int:
    """A worker's life: its order by standard input, whose end later means that the supervisor is gone."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=WorkerOrder)
    config = from_wire(bytes(order.config))
    log.configure(config, worker=order.index)
    threading.Thread(target=_leave_with_supervisor, name="supervisor", daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        if order.embedded:
            # A share of our own in the database: it must not go before us if the supervisor is killed.
            postgres = common.embedded(config)
            postgres.start()
            stack.callback(postgres.stop)
        try:
            serve(config, socket.socket(fileno=order.listener), first=order.first, says=order.says)
        except OperatorError as problem:
            common.say(f"alongside: {problem.message}")
            return problem.exit_code
    return 0


def run() -> NoReturn:
    """The program: `main` and the process's end."""
    end_with(main)


def _leave_with_supervisor() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
