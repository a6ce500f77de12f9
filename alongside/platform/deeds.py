"""Deeds: facts that somebody answers for. The audit log keeps each, written in the transaction of the deed itself.

A domain adds a kind of deed by declaring it in its `events.py` and announcing it: nothing else has to know.

    class ChannelConfigured(Deed, frozen=True, kw_only=True):
        deed: ClassVar[str] = "PLUGIN_CHANGE"
        channel_id: UUID
        channel: str

    work.announce(ChannelConfigured(actor_id=id_of(actor), channel_id=..., channel="Green Shop"))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol
from uuid import UUID

import msgspec

from alongside.platform.events import Fact

KEEP = """
INSERT INTO audit_entry (type, actor_id, data) SELECT * FROM unnest($1::text[], $2::uuid[], $3::jsonb[])
"""


class Deed(Fact, frozen=True, kw_only=True):
    """A fact that somebody answers for; `actor_id` None is Alongside itself or the command line.

    The fields of a kind are what the audit log shows of it: ids and names. They must never hold what people wrote to
    each other, a secret, or an address of the network; of customers only `customer_id` and `customer_number`, for who
    is erased must not live on here (the name is looked up when the log is read).
    """

    deed: ClassVar[str]
    """What the log calls it: capitals, the same for ever. The console's catalogues have its name."""

    actor_id: UUID | None


class Writing(Protocol):
    """A unit of work (`platform/db.py` has it)."""

    async def run(self, sql: str, *values: Any) -> int:
        """Execute."""


async def keep(work: Writing, deeds: Sequence[Deed]) -> None:
    """Write deeds to the audit log, in the order in which they were done."""
    if deeds:
        told = [msgspec.to_builtins(deed) for deed in deeds]
        data = [{name: value for name, value in each.items() if name != "actor_id"} for each in told]
        await work.run(KEEP, [deed.deed for deed in deeds], [deed.actor_id for deed in deeds], data)


def kinds(of: type[Deed] = Deed) -> list[type[Deed]]:
    """Every kind of deed that has been imported."""
    return [kind for each in of.__subclasses__() for kind in (each, *kinds(each))]
