"""What the customer is told with a decision: in its transaction, so that both happen once or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec

from alongside.domains.messages import actions as messages
from alongside.domains.routing import queries
from alongside.domains.routing.logic import queueing
from alongside.domains.systemmessages import queries as system_messages
from alongside.domains.systemmessages.logic import render, text_in
from alongside.domains.workspace import queries as workspace
from alongside.domains.workspace.logic.hours import Calendar
from alongside.kit.time import now
from alongside.platform.db import Work


class Telling(msgspec.Struct, frozen=True):
    """In which conversation, with which decision, in which language, and who got it, if anybody."""

    conversation_id: UUID
    decision_id: UUID
    language: str | None
    agent_id: UUID | None


# Where the fallback has no words of its own for the end of a wait.
IN_VAIN = {
    "en": "We are sorry: nobody has become free. Your message is not lost, we answer here as soon as we can.",
    "de": "Es tut uns leid: Es ist niemand frei geworden. Ihre Nachricht ist da, wir antworten hier bald.",
}


async def tell_of_vain_wait(work: Work, telling: Telling) -> None:
    """Tell the customer that they wait no more though nobody came."""
    client_id = uuid5(telling.decision_id, "in vain")
    await messages.tell_within(work, telling.conversation_id, text_in(IN_VAIN, telling.language), client_id)


async def tell(work: Work, telling: Telling, message_ids: Sequence[UUID]) -> None:
    """Tell the customer these system messages. One that was deleted meanwhile is not told."""
    values = await _values(work, telling) if message_ids else {}
    for message_id in dict.fromkeys(message_ids):
        message = await system_messages.system_message(work, message_id)
        text = render(message.texts, telling.language, values) if message else ""
        if text:
            client_id = uuid5(telling.decision_id, str(message_id))
            await messages.tell_within(work, telling.conversation_id, text, client_id)


async def _values(work: Work, telling: Telling) -> dict[str, str | int | None]:
    company = await workspace.workspace(work)
    place, minutes = await _place(work, telling.conversation_id)
    return {
        "name": await queries.customer_name(work, telling.conversation_id),
        "agent": await queries.agent_name(work, telling.agent_id) if telling.agent_id else None,
        "place": place,
        "minutes": minutes,
        "company": company.name,
        "opens_at": await _opens_at(work, company.time_zone),
    }


async def _place(work: Work, conversation_id: UUID) -> tuple[int | None, int | None]:
    for each, place in queueing.places(await queries.waiting(work)):
        if each.conversation_id == conversation_id:
            target = queries.target_of(each.wanted)
            served = (await queries.served(work, [target]))[target]
            return place, queueing.minutes_until(place, served, now())
    return None, None


async def _opens_at(work: Work, zone: str) -> str | None:
    """When the company opens next, as the clock on its wall says; with the day where that is another one."""
    hours = next((each for each in await workspace.opening_hours(work) if each.is_default), None)
    opens: datetime | None = Calendar(hours.hours).next_opening(now()) if hours else None
    if opens is None:
        return None
    there, today = opens.astimezone(ZoneInfo(zone)), now().astimezone(ZoneInfo(zone))
    return there.strftime("%H:%M" if there.date() == today.date() else "%Y-%m-%d %H:%M")
