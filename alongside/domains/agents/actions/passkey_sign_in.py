"""Signing in with a passkey: instead of a password, or after it as the second step."""

from __future__ import annotations

import msgspec
import structlog

from alongside.domains.agents import letters, passkeys, queries
from alongside.domains.agents.actions.challenges import challenge, challenged, place
from alongside.domains.agents.actions.half_sign_ins import complete, whose
from alongside.domains.agents.actions.sessions import Caller, NewSession, begin_session
from alongside.domains.agents.actions.sign_in import WINDOW_SECONDS, known_place, note_failure
from alongside.domains.agents.events import PasskeyCopied
from alongside.domains.agents.passkey_schemas import PasskeyRequest, SecondWays, SignedByPasskey
from alongside.domains.agents.passkeys import Place, Untrue, to_text
from alongside.domains.agents.queries.passkeys import Known
from alongside.domains.agents.queries.sign_in import Half
from alongside.domains.mail import actions as mail
from alongside.platform import limits
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Forbidden
from alongside.platform.limits import Budget

# Asking costs a row; an office of many people behind one address signs in at the same hour.
ASKS_PER_ADDRESS = 300
TOO_MANY = "Too many tries to sign in. Wait a few minutes, then try again."

_log = structlog.get_logger()


class Shown(msgspec.Struct, frozen=True):
    """What an authenticator answered, to which challenge, and in which half sign-in, if in one."""

    answer: SignedByPasskey
    challenge: bytes
    half: Half | None = None
    token: str = ""


async def begin_passkey_sign_in(database: Database, config: Config, secret: str, caller: Caller) -> PasskeyRequest:
    """What the browser needs that holds `secret`. Any passkey for this host will do: it says whose it is."""
    here = place(config)
    prefix = limits.address_prefix(caller.address)
    await limits.spend(database, [Budget("passkey", "", prefix, ASKS_PER_ADDRESS, WINDOW_SECONDS)], TOO_MANY)
    async with database.work() as work:
        return PasskeyRequest(challenge=to_text(await challenge(work, "sign-in", secret)), host=here.host, allow=[])


async def sign_in_by_passkey(
    database: Database, config: Config, secret: str | None, answer: SignedByPasskey, caller: Caller
) -> NewSession:
    """A session for whose passkey has signed. It is two factors by itself: nothing more is asked.

    Raises `Forbidden` for an answer that does not hold, and for a deactivated account.
    """
    asked = await challenged(database, "sign-in", secret or "")
    known, session = await _by_passkey(database, config, Shown(answer, asked), caller)
    await limits.remember(database, known_place(known.email, limits.address_prefix(caller.address)))
    return session


async def ways_on(database: Database, token: str | None) -> SecondWays:
    """By what who has shown their password can go on."""
    half = await whose(database, token, "code")
    async with database.reading() as reading:
        return await queries.second_ways(reading, half.agent_id)


async def begin_passkey_step(database: Database, config: Config, token: str | None) -> PasskeyRequest:
    """What the browser needs that has shown a password: one of that agent's passkeys."""
    half, here = await whose(database, token, "code"), place(config)
    async with database.work() as work:
        known = await queries.passkey_credentials(work, half.agent_id)
        return PasskeyRequest(
            challenge=to_text(await challenge(work, "step", token or "")),
            host=here.host,
            allow=[to_text(each) for each in known],
        )


async def give_passkey(
    database: Database, config: Config, token: str | None, answer: SignedByPasskey, caller: Caller
) -> NewSession:
    """The session that was missing a second factor. Raises `Forbidden` for a passkey of somebody else, too."""
    half = await whose(database, token, "code")
    asked = await challenged(database, "step", token or "")
    _, session = await _by_passkey(database, config, Shown(answer, asked, half, token or ""), caller)
    await limits.remember(database, known_place(half.email, limits.address_prefix(caller.address)))
    return session


async def _by_passkey(database: Database, config: Config, shown: Shown, caller: Caller) -> tuple[Known, NewSession]:
    agent_id = shown.half.agent_id if shown.half else None
    try:
        async with database.work() as work:
            known, count = await _verified(work, shown, place(config))
            if not passkeys.fell_behind(count, known.sign_count):
                await work.run(
                    "UPDATE passkey SET sign_count = $2, last_used_at = now() WHERE id = $1", known.id, count
                )
                if shown.half is None:
                    return known, await begin_session(work, known.agent_id, caller, config.session_days)
                return known, await complete(work, shown.token, caller, config.session_days)
            agent_id = known.agent_id
            await _report_copy(work, known)
    except Untrue as untrue:
        _log.info("a passkey's answer does not hold", reason=str(untrue))
    await note_failure(database, agent_id)
    raise Forbidden(
        "passkey-refused", "This passkey does not open this account. Choose another one, or sign in another way."
    )


async def _verified(work: Work, shown: Shown, here: Place) -> tuple[Known, int]:
    known = await queries.passkey_by_credential(work, passkeys.to_bytes(shown.answer.credential_id))
    if known is None:
        raise Untrue("nobody has it")
    count = passkeys.count_of(shown.answer, known.public_key, shown.challenge, here)
    if shown.half is not None and known.agent_id != shown.half.agent_id:
        raise Untrue("it is somebody else's")
    if not known.active:
        raise Forbidden("account-deactivated", "This account was deactivated. Ask an admin to let you back in.")
    return known, count


async def _report_copy(work: Work, known: Known) -> None:
    """The owner is told: only they know whether it was they."""
    work.announce(PasskeyCopied(actor_id=None, agent_id=known.agent_id, agent=known.agent, passkey=known.name))
    await mail.post(work, mail.Post(kind=letters.PASSKEY_COPIED, address=known.email, agent_id=known.agent_id))
