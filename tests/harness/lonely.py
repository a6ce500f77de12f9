"""One live socket in a process of its own, which can be killed and stopped as a browser can.

    python -m tests.harness.lonely URL HELLO [NAME=VALUE ...]

Says hello, prints each type of frame, answers pings, and stays until it is ended.
"""

from __future__ import annotations

import json
import sys

from websockets.sync.client import connect

from tests.harness.nodes import ORIGIN


def main(url: str, hello: str, *headers: str) -> None:
    """Until the server or a signal ends it."""
    named = dict(header.split("=", 1) for header in headers)
    with connect(
        url, origin=ORIGIN, ping_interval=None, additional_headers=named, compression=None, proxy=None
    ) as socket:
        socket.send(hello)
        for frame in socket:
            print(json.loads(frame)["type"], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
