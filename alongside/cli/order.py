"""What a worker process is told when it is started."""

from __future__ import annotations

import msgspec


class WorkerOrder(msgspec.Struct, frozen=True):
    """Its settings (`to_wire`), and the numbers of the files it inherits."""

    config: msgspec.Raw
    index: int
    first: bool
    listener: int
    says: int
    embedded: bool
