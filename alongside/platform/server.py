"""One server process: uvicorn with our settings, an orderly end, and a word to whoever started it."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.config import Config as UvicornConfig

from alongside.platform.config import Config
from alongside.platform.problem import OperatorError
from alongside.platform.realtime.protocol import WebSocketProtocol

BACKLOG = 2048
LEAST_FRAME_BYTES = 65_536  # for every frame that carries no message
# JSON may write a character beyond the first plane as two escapes of six bytes.
BYTES_A_CHARACTER = 12
DRAIN_SECONDS = 4.0  # for the app to tell its sockets when to come back
KEEP_ALIVE_SECONDS = 75  # longer than proxies keep theirs (nginx: 60): they must not reuse one that we just closed
GRACE_SECONDS = 16  # for requests that are being answered
LEAVE_SECONDS = 24.0  # from the signal to the end, whatever hangs

log = structlog.get_logger()


class Server(uvicorn.Server):
    """Adds to uvicorn: `on_started`, a heartbeat, and the app's own farewell before sockets are closed.

    `drain` is called once, when no new connection is accepted any more and the existing ones still live.
    """

    def __init__(self, config: UvicornConfig, drain: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._drain = drain
        self.on_started: Callable[[], Awaitable[None]] | None = None
        self.on_beat: Callable[[], None] = lambda: None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends the process with a plain word when the app cannot start."""
        await super().startup(sockets)
        if self.on_started is not None:
            await self.on_started()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second while the event loop is alive."""
        if counter % 10 == 0:
            self.on_beat()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, let the app say goodbye, then close what is left."""
        _leave_for_certain()
        for server in self.servers:
            server.close()
        try:
            await asyncio.wait_for(self._drain(), DRAIN_SECONDS)
        except TimeoutError:
            log.warning("drain.unfinished", seconds=DRAIN_SECONDS)
        await super().shutdown(sockets)


def make_server(app: Any, config: Config, drain: Callable[[], Awaitable[None]]) -> Server:
    """A server for an ASGI app, not yet running."""
    # The signature of uvicorn's Config is wide; these are the choices that differ from its defaults.
    return Server(
        UvicornConfig(
            app,
            loop="uvloop",
            http="httptools",
            ws=WebSocketProtocol,
            ws_max_size=LEAST_FRAME_BYTES + BYTES_A_CHARACTER * config.max_message_chars,
            ws_per_message_deflate=False,  # costs 100 KiB of memory a socket and saves little on short texts
            lifespan="on",
            proxy_headers=False,  # platform/web/address.py believes only the proxies in trusted_proxies
            server_header=False,
            access_log=config.access_log,
            log_config=None,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            backlog=BACKLOG,
        ),
        drain,
    )


def run(server: Server, listener: socket.socket) -> None:
    """Serve until a signal comes and all is closed. Raises `OperatorError` when the app cannot start."""
    try:
        server.run(sockets=[listener])
    except SystemExit as leave:
        if leave.code == STARTUP_FAILURE:  # the app's start failed; uvicorn has logged the reason
            raise OperatorError("Alongside could not start; the lines above say why.", exit_code=1) from None
        raise


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, to be shared by all processes. Raises `OperatorError` if there is none to be had."""
    try:
        found: Sequence[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror:
        raise OperatorError(f"host: {host!r} is no address of this machine. Use 127.0.0.1 or 0.0.0.0.") from None
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise OperatorError(_cannot_listen(error, host, port)) from None
    return listener


def _cannot_listen(error: OSError, host: str, port: int) -> str:
    if isinstance(error, PermissionError):
        return f"Port {port} is reserved for root. Choose one above 1023, with a proxy before it."
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use, perhaps by another Alongside. Stop that program, or choose "
            "another port with --port or ALONGSIDE_PORT."
        )
    return f"Cannot listen on {host}:{port} ({error.strerror}). Choose another host or port."


def _leave_for_certain() -> None:
    timer = threading.Timer(LEAVE_SECONDS, _leave_now)
    timer.daemon = True
    timer.start()


def _leave_now() -> None:
    log.error("shutdown.overdue", seconds=LEAVE_SECONDS)
    os._exit(1)
