"""`alongside serve`: the database, one process or several, and what the operator needs to know."""

from __future__ import annotations

import argparse
import gc
import socket
import sys
from contextlib import ExitStack

import msgspec

from alongside.cli import Leave, common
from alongside.cli.order import WorkerOrder
from alongside.platform import examine, server
from alongside.platform.config import Config, to_wire
from alongside.platform.embedded.nats import EmbeddedNats
from alongside.platform.problem import OperatorError
from alongside.platform.secret import Secret
from alongside.platform.supervisor import Supervisor

WORKER = "import gc; gc.disable(); from alongside.cli.worker import run; run()"


def serve(arguments: argparse.Namespace) -> int:
    """Run until a signal comes."""
    config = common.settings(arguments, host=arguments.host, port=arguments.port, workers=arguments.workers)
    with ExitStack() as stack:
        listener = stack.enter_context(server.listen(config.host, config.port))
        own_database = config.database_url is None
        if own_database:
            config = _with_embedded_database(stack, config)
        findings = common.require_current(config, may_migrate=own_database or arguments.migrate)
        if warning := examine.strangers(findings, config):
            common.teller(config)(f"{warning} Set nats_url on all of them to the same NATS server.")
        if config.workers > 1:
            return _supervise(stack, config, listener, embedded=own_database)
        return _serve_alone(config, listener)


def _with_embedded_database(stack: ExitStack, config: Config) -> Config:
    postgres = common.embedded(config)
    postgres.start()
    stack.callback(postgres.stop)
    if not stack.enter_context(postgres.only_server()) and config.nats_url is None:
        raise OperatorError(
            f"Another `alongside serve` runs on {config.data_dir}, and the two would not hear from each other. "
            "Stop it, or choose another data_dir; for more processes use --workers."
        )
    postgres.watch()
    return msgspec.structs.replace(config, database_url=Secret(postgres.url))


def _serve_alone(config: Config, listener: socket.socket) -> int:
    gc.disable()  # imports make many objects and no garbage; the worker turns it on again
    from alongside.cli import worker  # noqa: PLC0415 - the app; a supervisor does without it

    try:
        worker.serve(config, listener, first=True)
    except Leave:  # uvicorn repeats the signal that ended it
        common.teller(config)("Alongside has stopped.")
    return 0


def _supervise(stack: ExitStack, config: Config, listener: socket.socket, *, embedded: bool) -> int:
    if config.nats_url is None:
        nats = EmbeddedNats(common.teller(config))
        nats.start()
        stack.callback(nats.stop)
        config = msgspec.structs.replace(config, nats_url=nats.url)

    def introduce(index: int, first: bool, says: int) -> bytes:
        order = WorkerOrder(msgspec.Raw(to_wire(config)), index, first, listener.fileno(), says, embedded)
        return msgspec.json.encode(order)

    code = Supervisor([sys.executable, "-P", "-c", WORKER], introduce, listener, config.workers).run()
    if code == 0:
        common.teller(config)("Alongside has stopped.")
    return code
