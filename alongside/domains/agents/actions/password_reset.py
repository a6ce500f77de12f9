"""Another password for who forgot theirs: asked for, sent by mail, set by whoever opens the link first."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.agents import letters, queries
from alongside.domains.agents.actions.half_sign_ins import HalfSignIn, admit, forget_halves_of
from alongside.domains.agents.actions.presence import announce_presence_changes
from alongside.domains.agents.actions.sessions import Caller, NewSession, revoke_all
from alongside.domains.agents.actions.sign_in_rules import judge_password
from alongside.domains.agents.events import PasswordResetByMail
from alongside.domains.agents.logic import account_name
from alongside.domains.agents.queries.sign_in import Forgetful
from alongside.domains.agents.sign_in_schemas import NewPassword
from alongside.domains.mail import actions as mail
from alongside.kit.ids import digest
from alongside.platform import limits
from alongside.platform.auth import passwords
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.errors import Conflict, NotFound
from alongside.platform.limits import Budget

HOUR_SECONDS = 3_600
WINDOW_SECONDS = 15 * 60
# Letters to one address, which anybody may have sent to somebody else.
ASKS_PER_ACCOUNT = 3
ASKS_PER_ADDRESS = 30
TRIES_PER_ADDRESS = 50

ASKED = """
INSERT INTO password_reset (agent_id, expires_at)
SELECT id, now() + make_interval(secs => $2) FROM agent WHERE id = $1
ON CONFLICT (agent_id) DO UPDATE SET asked_at = now(), expires_at = excluded.expires_at
"""

TAKEN = """
DELETE FROM password_reset r USING agent a
WHERE r.token_sha256 = $1 AND r.expires_at > now() AND a.id = r.agent_id AND a.active RETURNING a.id
"""


async def ask_password_reset(database: Database, config: Config, email: str, caller: Caller) -> None:
    """Mail a link to this address, if it is an agent's. For an unknown one the same is done, to no effect.

    Raises `Conflict` where no mail goes out, `TooMany` where letters were asked for too often, known or not.
    """
    if config.mail_url is None:
        raise Conflict("no-mail-server", "No mail goes out here. Ask whoever runs this server for a new password.")
    name, prefix = account_name(email), limits.address_prefix(caller.address)
    asks = [
        Budget("password-reset", name, "", ASKS_PER_ACCOUNT, HOUR_SECONDS),
        Budget("password-reset", "", prefix, ASKS_PER_ADDRESS, HOUR_SECONDS),
    ]
    await limits.spend(database, asks, "This was asked for too often. Look into your mail, or wait an hour.")
    async with database.work() as work:
        account = await queries.account(work, name)
        agent_id = account.id if account and account.active else None
        await work.run(ASKED, agent_id, HOUR_SECONDS)
        letter = mail.Post(kind=letters.FORGOTTEN, address=name, agent_id=agent_id)
        await mail.post_if(work, agent_id is not None, letter)


async def look_up_password_reset(database: Database, token: str, caller: Caller) -> Forgetful:
    """Whose password a link replaces. Raises `NotFound` for a link that does not work."""
    tries = [Budget("reset-link", "", limits.address_prefix(caller.address), TRIES_PER_ADDRESS, WINDOW_SECONDS)]
    await limits.spend(database, tries, "Too many tries from your network. Wait a few minutes.")
    async with database.reading() as reading:
        found = await queries.forgetful(reading, digest(token))
    if found is None:
        raise _dead_link()
    await limits.give_back(database, tries)
    return found


async def set_forgotten_password(
    database: Database, config: Config, new: NewPassword, caller: Caller
) -> NewSession | HalfSignIn:
    """Take the new password, end all sessions, and let its owner in, by the second factor where there is one.

    One link sets one password, and is not used up by one that the rules refuse (`Invalid`).
    """
    found = await look_up_password_reset(database, new.token, caller)
    await judge_password(database, new.password, found.email, found.display_name)
    fresh = await passwords.hash_password(new.password)
    async with database.work() as work:
        agent_id: UUID | None = await work.value(TAKEN, digest(new.token))
        if agent_id is None:
            raise _dead_link()
        await work.run("UPDATE agent SET password_hash = $2 WHERE id = $1", agent_id, fresh)
        work.announce(PasswordResetByMail(actor_id=agent_id))
        await forget_halves_of(work, agent_id)
        await revoke_all(work, agent_id)
        done = mail.Post(kind=letters.REPLACED, address=found.email, agent_id=agent_id)
        await mail.post(work, done)
        entry = await admit(work, agent_id, caller, config.session_days)
    await announce_presence_changes(database)
    return entry


def _dead_link() -> NotFound:
    return NotFound(
        "no-such-reset", "This link was used, or is too old, or a newer one was asked for. Ask for another."
    )
