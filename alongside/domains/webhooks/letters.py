"""The letter that says that a webhook was switched off: who depends on it may not look at the settings for weeks."""

from __future__ import annotations

from alongside.domains.mail import actions as mail
from alongside.domains.mail.letters import Item, Kind, Parts, Unwanted, letter, words
from alongside.domains.webhooks import queries
from alongside.domains.workspace.queries import workspace
from alongside.platform.config import Config
from alongside.platform.db import Work
from alongside.platform.mail import Letter

WEBHOOK_OFF = "webhook_off"


async def tell_managers(work: Work) -> None:
    """A letter to each who may manage webhooks."""
    for reader in await queries.managers(work):
        await mail.post(work, mail.Post(kind=WEBHOOK_OFF, address=reader.email, agent_id=reader.id))


async def write_webhook_off(work: Work, config: Config, item: Item) -> Letter | Unwanted:
    """All that Alongside has switched off and nobody has switched on again."""
    reader = await queries.manager(work, item.agent_id) if item.agent_id else None
    if reader is None:
        return Unwanted("deactivated")
    off = [each for each in await queries.webhooks(work) if not each.active and each.off_reason]
    if not off:
        return Unwanted("webhook-on-again")
    said, company = words(reader.locale), await workspace(work)
    lines = [said[f"webhook.off.{each.off_reason}"].format(name=each.name) for each in off]
    return letter(
        Parts(
            to=item.address,
            locale=reader.locale,
            subject=said["webhook.off.subject"].format(name=off[0].name),
            lines=[*lines, said["webhook.off.waits"]],
            link=(said["webhook.off.link"], f"{config.public_url}/console/settings/webhooks"),
            footer=said["webhook.off.footer"],
            from_name=company.name or "Alongside",
        )
    )


KINDS = [Kind(WEBHOOK_OFF, write_webhook_off)]
