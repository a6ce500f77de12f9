"""Mail by SMTP: the server's address, a letter as a message, and sending one.

Nothing of a letter can break out of a header: `email.message` refuses line breaks there, and names are cleaned before.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Mapping
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, make_msgid
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
import msgspec

from alongside.kit.text import clean_line, clean_text, is_email
from alongside.kit.time import now
from alongside.platform.secret import Secret

EXAMPLE = "smtp://user:password@mail.example.com:587?from=support@example.com"
PORTS = {"smtp": 587, "smtps": 465}
SECONDS = 15.0
SUBJECT_CHARS = 200
REASON_CHARS = 300


class MailServer(msgspec.Struct, frozen=True):
    """Where mail goes out. `tls`: from the first byte, after STARTTLS, or (on this machine only) none."""

    host: str
    port: int
    tls: Literal["direct", "starttls", "none"]
    sender: str
    sender_name: str
    user: str | None
    password: Secret | None

    @property
    def shown(self) -> str:
        """For people: without the password."""
        return f"{self.host}:{self.port}"


class WholeHeader(UnstructuredHeader, BaseHeader):
    """A header that stands on one line: programs find an address in it only there."""

    def fold(self, *, policy: Policy[Any]) -> str:
        """As it is."""
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", WholeHeader)
WIRE = SMTP.clone(header_factory=_headers)


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is to read. `headers` are ours; `html` is a whole document whose texts were escaped."""

    to: str
    subject: str
    text: str
    html: str
    from_name: str = ""
    headers: Mapping[str, str] = {}


class NotSent(Exception):
    """The letter did not go out. `for_good`: the server will not take it later either."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.reason = clean_line(reason, REASON_CHARS)
        self.for_good = for_good


def fault(url: str) -> str:
    """What is wrong with an address, as the end of a sentence; empty if nothing. Quotes nothing of a password."""
    try:
        server_of(Secret(url))
    except ValueError as error:
        return str(error)
    return ""


def server_of(url: Secret) -> MailServer:
    """The mail server of a `mail_url`. Raises `ValueError` with what is wrong."""
    try:
        parts = urlsplit(url.reveal())
        port = parts.port
    except ValueError:
        raise ValueError(f"is no address like {EXAMPLE}.") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"must begin with smtp:// or smtps:// and name a host, for example {EXAMPLE}.")
    options = parse_qs(parts.query, keep_blank_values=True)
    if unknown := sorted(set(options) - {"from", "name"}):
        raise ValueError(f"has an unknown option {unknown[0]!r}; there are `from` and `name`.")
    sender = options.get("from", [unquote(parts.username or "")])[0].strip()
    if not is_email(sender):
        raise ValueError(f"must name the sender in `from`, for example {EXAMPLE}.")
    local = _is_loopback(parts.hostname)
    return MailServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        tls="direct" if parts.scheme == "smtps" else "none" if local else "starttls",
        sender=sender,
        sender_name=clean_line(options.get("name", [""])[0], 80),
        user=unquote(parts.username) if parts.username else None,
        password=Secret(unquote(parts.password)) if parts.password else None,
    )


def compose(server: MailServer, letter: Letter) -> EmailMessage:
    """The letter as a message: text, and the same as HTML. Machines are told that a machine wrote it (RFC 3834)."""
    message = EmailMessage(policy=WIRE)
    name = clean_line(letter.from_name or server.sender_name, 80)
    message["From"] = Address(name, addr_spec=server.sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = clean_line(letter.subject, SUBJECT_CHARS)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    for header, value in letter.headers.items():
        message[header] = clean_line(value, 900)
    message.set_content(clean_text(letter.text) + "\n", cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


async def send(server: MailServer, letter: Letter) -> None:
    """Hand the letter to the mail server. Raises `NotSent`."""
    await _talk(server, compose(server, letter))


async def greet(server: MailServer) -> None:
    """Sign in at the mail server and leave again: for the doctor. Raises `NotSent`."""
    await _talk(server, None)


async def _talk(server: MailServer, message: EmailMessage | None) -> None:
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=SECONDS,
        use_tls=server.tls == "direct",
        # On this machine: taken where it is offered and trusted, and done without otherwise.
        start_tls=server.tls == "starttls",
        tls_context=ssl.create_default_context() if server.tls != "none" else None,
        username=server.user,
        password=server.password.reveal() if server.password else None,
    )
    try:
        async with client:
            if message is not None:
                await client.sendmail(server.sender, [str(message["To"])], message.as_bytes())
    except aiosmtplib.SMTPAuthenticationError as error:
        raise NotSent(f"The mail server refused our password: {_said(error)}", for_good=False) from error
    except aiosmtplib.SMTPRecipientsRefused as error:
        refused = error.recipients[0]
        raise NotSent(f"The address was refused: {_said(refused)}", for_good=refused.code >= 500) from error
    except aiosmtplib.SMTPResponseException as error:
        # What is refused of the letter itself stays refused; who may send at all is the operator's to mend.
        for_good = isinstance(error, aiosmtplib.SMTPDataError) and error.code >= 500
        raise NotSent(f"The mail server refused it: {_said(error)}", for_good=for_good) from error
    except (aiosmtplib.SMTPException, OSError, ssl.SSLError, ValueError) as error:
        raise NotSent(
            f"{server.shown} cannot be reached: {str(error) or type(error).__name__}", for_good=False
        ) from error


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    return f"{error.code} {error.message}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
