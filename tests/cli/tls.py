"""A PostgreSQL that takes nothing but TLS: a door before the tests' own, which is built without."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"


@contextmanager
def only_encrypted(url: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """An address of the same database by TCP, and the certificate that vouches for it (for `localhost`)."""
    certificate, key = folder / "server.crt", folder / "server.key"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate]
    subprocess.run(["openssl", *made, *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    parts = conninfo_to_dict(url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(
            target=_accept, args=(listener, context, f"{parts['host']}/.s.PGSQL.5432"), daemon=True
        ).start()
        port = listener.getsockname()[1]
        yield f"postgresql://{parts['user']}@localhost:{port}/{quote(str(parts['dbname']))}", certificate
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, context: ssl.SSLContext, behind: str) -> None:
    with suppress(OSError):
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=_serve, args=(peer, context, behind), daemon=True).start()


def _serve(peer: socket.socket, context: ssl.SSLContext, behind: str) -> None:
    with suppress(OSError), peer, socket.socket(socket.AF_UNIX) as server:
        if peer.recv(8) != SSL_REQUEST:
            return
        peer.sendall(b"S")
        server.connect(behind)
        with context.wrap_socket(peer, server_side=True) as safe:
            threading.Thread(target=_pump, args=(safe, server), daemon=True).start()
            _pump(server, safe)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(65_536):
            target.sendall(block)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
