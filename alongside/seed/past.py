"""The weeks before: customers who wrote more than once, and when the agents were there. So that reports have something
to tell on the first day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

from alongside.platform.db import Work
from alongside.seed.script import (
    ANDROID,
    BOOTS,
    FIREFOX,
    IPHONE,
    MAC,
    ORDERS,
    PACKS,
    STOVES,
    TENTS,
    WINDOWS,
    Browser,
    Step,
    Story,
    agent,
    status,
    take,
    visitor,
)

DAYS = 32
CUSTOMERS = (
    ("Nadia Petrov", "en", TENTS, MAC),
    ("Oskar Lehmann", "de", ORDERS, WINDOWS),
    ("Chidi Eze", "en", BOOTS, ANDROID),
    ("Frieda Vogel", "de", PACKS, IPHONE),
    ("Rosa Delgado", "en", STOVES, FIREFOX),
    ("Jonas Richter", "de", TENTS, WINDOWS),
    ("Anton Weiß", "de", STOVES, FIREFOX),
)
TALKS = {
    "en": (
        ("Is the large one back in stock?", "It is, since this morning. Shall I put one aside for you?"),
        ("Can I change the address of my order?", "Done. It will go to the new address this afternoon."),
        ("Which size do you recommend for 1.80 m?", "Regular. Long begins to make sense from 1.85 m."),
        ("The invoice is missing in my parcel.", "I have just sent it to you by e-mail as a PDF."),
        ("How do I wash this without ruining it?", "By hand, lukewarm, without softener, and dry it lying flat."),
    ),
    "de": (
        ("Ist die große Größe wieder da?", "Ja, seit heute früh. Soll ich eine für Sie zurücklegen?"),
        ("Kann ich die Lieferadresse noch ändern?", "Erledigt. Das Paket geht heute an die neue Anschrift."),
        ("Welche Länge passt bei 1,80 m?", "Die normale. Die lange lohnt sich ab etwa 1,85 m."),
        ("Im Paket fehlte die Rechnung.", "Ich habe sie Ihnen gerade als PDF geschickt."),
        ("Wie wasche ich das am besten?", "Von Hand, lauwarm, ohne Weichspüler, liegend trocknen."),
    ),
}
THANKS = {"en": "Perfect, thank you!", "de": "Wunderbar, vielen Dank!"}
WELCOME = {"en": "You are welcome. Have a good day!", "de": "Sehr gern. Einen schönen Tag noch!"}
HOLD_SPAN = """
INSERT INTO agent_span (agent_id, kind, began_at, ended_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""


def stories() -> Iterator[Story]:
    """The same every time. Each customer has several episodes, days apart, the last one done."""
    chance = random.Random(32)  # noqa: S311 - nothing secret
    for name, language, page, browser in CUSTOMERS:
        yield _story(chance, name, language, page, browser)


def _story(chance: random.Random, name: str, language: str, page: tuple[str, str], browser: Browser) -> Story:
    moments = sorted((chance.uniform(0.4, DAYS) for _ in range(chance.randint(3, 5))), reverse=True)
    steps: list[Step] = []
    pause = 0.0
    for number, days_ago in enumerate(moments):
        episode = _episode(chance, language, pause)
        steps += episode
        lasted = sum(step.after for step in episode[1:])
        following = moments[number + 1] if number + 1 < len(moments) else 0.0
        pause = max(30.0, (days_ago - following) * 24 * 60 - lasted)
    email = f"{name.lower().replace(' ', '.').replace('ß', 'ss')}@mail.example"
    return Story(name, email, language, moments[-1] * 24, page, browser, tuple(steps))


def _episode(chance: random.Random, language: str, pause: float) -> list[Step]:
    asked, answered = chance.choice(TALKS[language])
    who = chance.choice(("tom", "lena", "sam", "ines"))
    first = min(240.0, chance.lognormvariate(1.6, 1.0))
    steps = [visitor(asked, pause), take(who, first * 0.4), agent(who, answered, first * 0.6)]
    if chance.random() < 0.6:
        steps.append(visitor(THANKS[language], chance.uniform(1, 20)))
        steps.append(agent(who, WELCOME[language], chance.uniform(1, 9), done=True))
    else:
        steps.append(status(who, "done", chance.uniform(5, 90)))
    return steps


async def write_hours(work: Work, agents: list[UUID], now: datetime) -> None:
    """Two weeks of working days, with a break at noon during which nobody is online."""
    chance = random.Random(8)  # noqa: S311 - nothing secret
    for ago in range(14, 0, -1):
        day = now.date() - timedelta(days=ago)
        for agent_id in agents:
            came = datetime.combine(day, time(8), now.tzinfo) + timedelta(minutes=chance.randrange(50))
            noon, back = came + timedelta(hours=4), came + timedelta(hours=4, minutes=35 + chance.randrange(20))
            left = came + timedelta(hours=8, minutes=chance.randrange(60))
            if day.weekday() >= 5 or chance.random() < 0.12:
                continue
            spans = (("logged_in", came, left), ("online", came + timedelta(minutes=4), noon), ("online", back, left))
            for kind, began, ended in spans:
                await work.run(HOLD_SPAN, agent_id, kind, began, ended)
