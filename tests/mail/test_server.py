"""The mail server's address, and what a letter looks like on the wire."""

from __future__ import annotations

from pathlib import Path

import pytest

from alongside.platform.config_sources import ConfigError
from alongside.platform.mail import Letter, NotSent, compose, fault, greet, send, server_of
from alongside.platform.secret import Secret
from tests.harness.smtp import Mailbox, html_of, text_of
from tests.world import make_config


def letter(to: str = "vera@home.test", subject: str = "Hello", **more: object) -> Letter:
    return Letter(to=to, subject=subject, text="Grüße", html="<p>Grüße</p>", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://u%40x:p%3A%40@mail.example.com?from=a@example.com", ("mail.example.com", 587, "starttls")),
        ("smtps://u:p@mail.example.com?from=a@example.com", ("mail.example.com", 465, "direct")),
        ("smtp://localhost:25?from=a@example.com", ("localhost", 25, "none")),
        ("smtp://[::1]:2525?from=a@example.com", ("::1", 2525, "none")),
        ("smtp://support%40example.com:p@mail.example.com", ("mail.example.com", 587, "starttls")),
    ],
)
def test_addresses_of_mail_servers(url: str, expected: tuple[str, int, str]) -> None:
    assert fault(url) == ""
    server = server_of(Secret(url))
    assert (server.host, server.port, server.tls) == expected


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://mail.example.com?from=a@example.com", "smtp://"),
        ("smtp://?from=a@example.com", "name a host"),
        ("smtp://u:hidden-word@mail.example.com:abc?from=a@example.com", "no address"),
        ("smtp://u:hidden-word@mail.example.com", "`from`"),
        ("smtp://u:hidden-word@mail.example.com?from=nobody", "`from`"),
        ("smtp://u:hidden-word@mail.example.com?from=a@example.com&tls=no", "unknown option"),
        ("smtp://mail.example.com/path?from=a@example.com", "smtp://"),
    ],
)
def test_what_is_no_address_is_refused_without_quoting_the_password(url: str, word: str, tmp_path: Path) -> None:
    assert word in fault(url)
    with pytest.raises(ConfigError) as refused:
        make_config("postgresql://x@y/z", tmp_path, mail_url=Secret(url))
    assert "mail_url" in str(refused.value)
    assert "hidden-word" not in str(refused.value)


def test_nothing_breaks_out_of_a_header() -> None:
    server = server_of(Secret("smtp://localhost?from=support@shop.test"))
    evil = "Hi\r\nBcc: everybody@evil.test\n\nbody"
    message = compose(server, letter(subject=evil, from_name=evil, headers={"List-Unsubscribe": f"<https://x>{evil}"}))
    read = message.as_bytes().decode().split("\r\n\r\n")[0]
    assert "Bcc" not in message
    assert not any(line.lower().startswith("bcc") for line in read.splitlines())
    assert message["Subject"] == "Hi Bcc: everybody@evil.test body"
    with pytest.raises(ValueError):
        compose(server, letter(to="vera@home.test\r\nBcc: everybody@evil.test"))


async def test_a_letter_arrives_in_both_faces_and_says_that_a_machine_wrote_it(mailbox: Mailbox) -> None:
    await send(server_of(Secret(mailbox.url + "&name=Green+Shop")), letter())
    (got,) = mailbox.letters
    assert got["From"] == "Green Shop <support@shop.test>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Message-ID"].endswith("@shop.test>")
    assert (text_of(got).strip(), html_of(got).strip()) == ("Grüße", "<p>Grüße</p>")


async def test_what_the_server_says_decides_whether_to_try_again(mailbox: Mailbox) -> None:
    server = server_of(Secret(mailbox.url))
    await greet(server)
    mailbox.refuse = {"gone@home.test": "550 No such person", "full@home.test": "452 Mailbox full"}
    with pytest.raises(NotSent, match="No such person") as gone:
        await send(server, letter("gone@home.test"))
    with pytest.raises(NotSent, match="Mailbox full") as full:
        await send(server, letter("full@home.test"))
    assert (gone.value.for_good, full.value.for_good) == (True, False)


async def test_a_server_that_offers_no_encryption_gets_no_letter(mailbox: Mailbox) -> None:
    # Away from this machine encryption is required; the name is another way to write this machine.
    server = server_of(Secret(f"smtp://u:secret@127.0.0.1.nip.test:{mailbox.port}?from=a@b.test"))
    assert server.tls == "starttls"
    plain = type(server)(**{**{f: getattr(server, f) for f in server.__struct_fields__}, "host": "127.0.0.1"})
    with pytest.raises(NotSent) as refused:
        await send(plain, letter())
    assert not refused.value.for_good
    assert mailbox.letters == []


async def test_a_server_that_is_away_is_no_reason_to_give_up() -> None:
    with pytest.raises(NotSent, match="cannot be reached") as away:
        await send(server_of(Secret("smtp://127.0.0.1:1?from=a@b.test")), letter())
    assert not away.value.for_good
