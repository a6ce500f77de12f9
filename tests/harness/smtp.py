"""A real mail server on this machine, that keeps what it takes and refuses whom it is told to refuse."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import msgspec
from aiosmtpd.smtp import SMTP, Envelope, Session

from alongside.platform.db import Database
from tests.harness.until import until


class Mailbox(msgspec.Struct):
    """What arrived. `refuse` maps an address to the answer it gets."""

    port: int = 0
    letters: list[EmailMessage] = []
    refuse: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=support@shop.test"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]

    async def handle_RCPT(  # noqa: N802 - the name that the server calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        return "250 Taken"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server on a free port of this machine, in a thread of its own: it answers whatever the test waits for."""
    box, loop = Mailbox(), asyncio.new_event_loop()
    serving = loop.create_server(lambda: SMTP(box, hostname="mail.test", loop=loop), "127.0.0.1", 0)
    server = loop.run_until_complete(serving)
    box.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def all_tried(database: Database) -> None:
    """Every letter was tried, whether by the test or by the worker of a server that runs beside it."""

    async def none_untried() -> bool:
        async with database.reading() as reading:
            return not await reading.value("SELECT count(*) FROM mail WHERE state = 'waiting' AND reason = ''")

    await until(none_untried)


def text_of(letter: EmailMessage) -> str:
    """The plain face of a letter."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(letter: EmailMessage) -> str:
    """The other face."""
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())
