"""Topics of one process, and the bus between processes.

`publish` hands a frame to every local connection on a topic at once and, where there are several processes, rings the
others. Each frame is encoded once, whoever reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import msgspec

from alongside.platform.realtime.connection import Connection


class Weight(StrEnum):
    """How a frame is treated under pressure and between processes."""

    FACT = "f"
    SIGNAL = "s"
    CLOSE = "c"
    NODE = "n"


class Bus(Protocol):
    """Carries frames to the other processes; may lose them."""

    def send(self, topic: str, weight: Weight, payload: str) -> None:
        """Hand over and return at once."""


class Close(msgspec.Struct, frozen=True):
    """An order to close the sockets of a topic."""

    code: int
    reason: str


_NONE: set[Connection] = set()

_encode = msgspec.json.Encoder().encode
_decode_close = msgspec.json.Decoder(Close).decode

NodeHandler = Callable[[str], None]

AND = "+"
"""Joins two topics into one address: whoever listens to either gets the frame, and gets it once."""


def encode(frame: msgspec.Struct) -> str:
    """A frame as the text that goes over the wire."""
    return _encode(frame).decode()


class Hub:
    """Who listens to what in this process."""

    def __init__(self) -> None:
        self._topics: dict[str, set[Connection]] = {}
        self._handlers: dict[str, list[NodeHandler]] = {}
        self.connections: set[Connection] = set()
        self.bus: Bus | None = None

    def add(self, connection: Connection) -> None:
        """A socket opened."""
        self.connections.add(connection)

    def remove(self, connection: Connection) -> None:
        """A socket is gone: forget it and all its topics."""
        self.connections.discard(connection)
        for topic in tuple(connection.topics):
            self.unsubscribe(connection, topic)

    def subscribe(self, connection: Connection, topic: str) -> None:
        """From now on `connection` gets what is published on `topic`."""
        self._topics.setdefault(topic, set()).add(connection)
        connection.topics.add(topic)

    def unsubscribe(self, connection: Connection, topic: str) -> None:
        """Stop it."""
        connection.topics.discard(topic)
        listeners = self._topics.get(topic)
        if listeners is not None:
            listeners.discard(connection)
            if not listeners:
                del self._topics[topic]

    def listeners(self, topic: str) -> set[Connection]:
        """The local connections on a topic, or on either of two. Not to be changed."""
        first, _, second = topic.partition(AND)
        found = self._topics.get(first, _NONE)
        more = self._topics.get(second, _NONE) if second else _NONE
        return found | more if more and found else more or found

    def on_node(self, topic: str, handler: NodeHandler) -> None:
        """Call `handler` in every process when `topic` is told to the nodes."""
        self._handlers.setdefault(topic, []).append(handler)

    def publish(self, topic: str, frame: msgspec.Struct, *, signal: bool = False) -> None:
        """Give `frame` to everybody on `topic`, here and elsewhere."""
        if self.bus is None and not self.listeners(topic):
            return
        self._spread(topic, Weight.SIGNAL if signal else Weight.FACT, encode(frame))

    def publish_here(self, topic: str, frame: msgspec.Struct) -> None:
        """Give `frame` to this process's sockets alone: every process does so for its own."""
        if topic in self._topics:
            self.deliver(topic, Weight.FACT, encode(frame))

    def close(self, topic: str, code: int, reason: str) -> None:
        """Close every socket on `topic`, here and elsewhere."""
        self._spread(topic, Weight.CLOSE, encode(Close(code, reason)))

    def tell_nodes(self, topic: str, payload: str = "") -> None:
        """Call the handlers of `topic` in every process, this one included."""
        self._spread(topic, Weight.NODE, payload)

    def _spread(self, topic: str, weight: Weight, payload: str) -> None:
        self.deliver(topic, weight, payload)
        if self.bus is not None:
            self.bus.send(topic, weight, payload)

    def deliver(self, topic: str, weight: Weight, payload: str) -> None:
        """Hand what came from here or from the bus to the local listeners."""
        if weight is Weight.NODE:
            for handler in self._handlers.get(topic, ()):
                handler(payload)
            return
        listeners = self.listeners(topic)
        if not listeners:
            return
        if weight is Weight.CLOSE:
            order = _decode_close(payload)
            for connection in tuple(listeners):
                connection.close(order.code, order.reason)
            return
        for connection in tuple(listeners):
            connection.push(payload, signal=weight is Weight.SIGNAL)
