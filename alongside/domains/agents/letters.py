"""Letters to agents: the invitation, news of their account. Links are made when a letter is sent: no table has them."""

from __future__ import annotations

from alongside.domains.mail import queries as mail
from alongside.domains.mail.letters import Item, Kind, Parts, Unwanted, letter, words
from alongside.domains.workspace.queries import workspace
from alongside.kit.ids import digest, new_secret
from alongside.platform.config import Config
from alongside.platform.db import Work
from alongside.platform.mail import Letter

INVITATION = "invitation"
FORGOTTEN = "password_reset"
REPLACED = "password_was_reset"
PASSKEY_ADDED = "passkey_added"
PASSKEY_COPIED = "passkey_copied"

RENEW = """
UPDATE invitation i SET mailed_sha256 = $2 WHERE id = $1 AND accepted_at IS NULL AND expires_at > now()
RETURNING email, expires_at, (SELECT display_name FROM agent a WHERE a.id = i.invited_by) AS who
"""

RESET = """
UPDATE password_reset r SET token_sha256 = $2, expires_at = now() + interval '1 hour'
FROM agent a WHERE r.agent_id = $1 AND r.expires_at > now() AND a.id = r.agent_id AND a.active AND lower(a.email) = $3
RETURNING a.locale, a.password_hash IS NULL AS without
"""


def invitation_link(config: Config, token: str) -> str:
    """Behind `#` the secret is sent to no server by browsers, and reaches no log."""
    return f"{config.public_url}/console/invite#token={token}"


async def write_invitation(work: Work, config: Config, item: Item) -> Letter | Unwanted:
    """The letter of an invitation that can still be accepted."""
    token = new_secret()
    row = await work.row(RENEW, item.invitation_id, digest(token))
    if row is None:
        return Unwanted("invitation-over")
    company = await workspace(work)
    said, name = words(company.default_locale), company.name or "Alongside"
    who = row["who"] or said["invitation.somebody"]
    return letter(
        Parts(
            to=row["email"],
            locale=company.default_locale,
            subject=said["invitation.subject"].format(who=who, company=name),
            lines=[said["invitation.line"].format(who=who, company=name)],
            link=(said["invitation.link"], invitation_link(config, token)),
            after=[said["invitation.after"].format(until=f"{row['expires_at']:%Y-%m-%d %H:%M} UTC")],
            footer=said["invitation.footer"],
            from_name=name,
        )
    )


async def write_password_reset(work: Work, config: Config, item: Item) -> Letter | Unwanted:
    """The link to a new password. Who has none and signs in by the company's account is told that instead."""
    token = new_secret()
    row = await work.row(RESET, item.agent_id, digest(token), item.address)
    if row is None:
        return Unwanted("reset-over")
    company, said = await workspace(work), words(row["locale"])
    elsewhere = row["without"] and bool(config.oidc_issuer)
    kind, name = "reset_elsewhere" if elsewhere else "password_reset", company.name or "Alongside"
    there = f"{config.public_url}/console/" if elsewhere else f"{config.public_url}/console/reset#token={token}"
    return letter(
        Parts(
            to=item.address,
            locale=row["locale"],
            subject=said["password_reset.subject"].format(company=name),
            lines=[said[f"{kind}.line"].format(company=name)],
            link=(said[f"{kind}.link"], there),
            after=[said[f"{kind}.after"]],
            footer=said["password_reset.footer"],
            from_name=name,
        )
    )


def _news(kind: str) -> Kind:
    """A letter that tells an agent what happened to their account, in their language."""

    async def write(work: Work, config: Config, item: Item) -> Letter | Unwanted:
        reader = await mail.reader(work, item.agent_id) if item.agent_id else None
        if reader is None:
            return Unwanted("deactivated")
        company, said = await workspace(work), words(reader.locale)
        name = company.name or "Alongside"
        return letter(
            Parts(
                to=item.address,
                locale=reader.locale,
                subject=said[f"{kind}.subject"].format(company=name),
                lines=[said[f"{kind}.line"].format(company=name)],
                link=(said["account.link"], f"{config.public_url}/console/settings/profile"),
                after=[said[f"{kind}.after"]],
                footer=said["account.footer"].format(company=name),
                from_name=name,
            )
        )

    return Kind(kind, write)


KINDS = [
    Kind(INVITATION, write_invitation),
    Kind(FORGOTTEN, write_password_reset),
    _news(REPLACED),
    _news(PASSKEY_ADDED),
    _news(PASSKEY_COPIED),
]
