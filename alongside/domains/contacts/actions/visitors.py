"""Visitors come and go: meet, recognise, follow, forget a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.contacts import queries
from alongside.domains.contacts.actions.details import announce_change, lock_person
from alongside.domains.contacts.actions.fields import CLAIM, claim_fields, take_vouched_fields
from alongside.domains.contacts.actions.merging import keep_apart
from alongside.domains.contacts.events import IdentityRevoked, VisitorMoved, VisitorRecognised
from alongside.domains.contacts.logic import describe_device
from alongside.domains.contacts.schemas import Claims
from alongside.domains.contacts.tokens import Vouched
from alongside.domains.fields.schemas import Content, Field
from alongside.kit.ids import digest, new_secret
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Reading, Work
from alongside.platform.errors import Unauthorized
from alongside.platform.places import Place

URL_CHARS = 2_000
TITLE_CHARS = 300
NAME_CHARS = 200
VISIT_LEASE = "90 seconds"

# A page that says less than before does not take away the address that an answer was promised to, unless it speaks of
# somebody else.
CLAIMED = """
UPDATE contact SET claims = CASE WHEN (claims ->> 'id') <> ($2::jsonb ->> 'id') THEN $2::jsonb
    ELSE jsonb_strip_nulls(jsonb_build_object('email', claims ->> 'email')) || $2::jsonb END
WHERE id = $1 RETURNING true
"""


NOWHERE = Place()


class PageSeen(msgspec.Struct, frozen=True, kw_only=True):
    """The page a visitor is on, as reported; cut to length when stored."""

    url: str = ""
    title: str = ""
    referrer: str = ""
    language: str = ""
    screen: str = ""
    timezone: str = ""


class NewVisitor(msgspec.Struct, frozen=True):
    """A visitor and their secret, which is known only now.

    `left_out` says which of the page's fields were not taken, and why, for the site's developer.
    """

    token: str
    actor: VisitorActor
    left_out: list[str] = []


async def meet_visitor(work: Work, channel_id: UUID, claims: Claims | None, language: str) -> NewVisitor:
    """A new anonymous contact with a token of its own."""
    contact_id = await work.value(
        "INSERT INTO contact (claims, language) VALUES ($1, $2) RETURNING id",
        _clean_claims(claims),
        clean_line(language, 35) or None,
    )
    return await _issue_token(work, contact_id, channel_id, verified=False)


async def let_back_in(work: Work, contact_id: UUID, channel_id: UUID, days: int) -> NewVisitor:
    """A further token for somebody who proved by a link that they are this contact; it ends after `days`.

    Like every token it reaches this contact's one conversation on this channel, and nothing of the site's own account.
    """
    new = await _issue_token(work, contact_id, channel_id, verified=False)
    await work.run(
        "UPDATE identity SET expires_at = now() + make_interval(days => $2) WHERE id = $1", new.actor.identity_id, days
    )
    return new


async def authenticate_visitor(reading: Reading, channel_id: UUID, token: str) -> VisitorActor:
    """Who holds this token. Raises `Unauthorized` when nobody does on this channel."""
    actor = await queries.visitor_by_secret(reading, digest(token[:200]), channel_id)
    if actor is None:
        raise _session_ended()
    return actor


async def recognise_visitor(
    work: Work, channel_id: UUID, vouched: Vouched, current: VisitorActor | None, language: str
) -> NewVisitor:
    """The site vouches for its visitor: give them a new token for the contact the site knows by this id.

    An anonymous contact becomes that person when the site's id is new to us. When it is known, the visitor moves to
    the known contact and the anonymous history stays where it was: histories are never merged unasked (what waits for
    an answer is carried over by the caller). The token held so far is revoked either way, so that a token planted
    beforehand gains nothing.
    """
    contact_id = await _contact_for(work, channel_id, vouched, current, language)
    await lock_person(work, contact_id)
    await _take_vouched(work, contact_id, vouched)
    if current is not None:
        await forget_visitor(work, current)
    await keep_apart(work, contact_id)
    left_out = await take_vouched_fields(work, contact_id, vouched.fields)
    new = await _issue_token(work, contact_id, channel_id, verified=True)
    earlier = current.contact_id if current and current.contact_id != contact_id else None
    await announce_change(work, contact_id)
    work.announce(VisitorRecognised(contact_id=contact_id, channel_id=channel_id, earlier_contact_id=earlier))
    return msgspec.structs.replace(new, left_out=left_out)


async def claim(work: Work, actor: VisitorActor, claims: Claims, fields: Mapping[str, Any] | None = None) -> list[str]:
    """Keep what the page says of its visitor, as a claim. A proven identity is not touched by claims.

    Returns which of the fields were left out, and why. Raises `Unauthorized` when the visitor was erased meanwhile.
    """
    if actor.verified:
        return []
    if not await work.value(CLAIMED, actor.contact_id, _clean_claims(claims)):
        raise _session_ended()
    left_out = await claim_fields(work, actor.contact_id, fields)
    await announce_change(work, actor.contact_id)
    return left_out


async def tell(
    work: Work, actor: VisitorActor, own: Mapping[str, str], fields: Sequence[tuple[Field, Content]]
) -> None:
    """Keep what a visitor says of themselves, beside what is claimed of them already: `own` are name, email, phone.

    Raises `Unauthorized` when the visitor was erased meanwhile.
    """
    kept = "UPDATE contact SET claims = coalesce(claims, '{}') || $2::jsonb WHERE id = $1 RETURNING true"
    if not await work.value(kept, actor.contact_id, dict(own)):
        raise _session_ended()
    for field, value in fields:
        await work.run(CLAIM, actor.contact_id, field.id, value)
    await announce_change(work, actor.contact_id)


async def forget_visitor(work: Work, actor: VisitorActor) -> None:
    """Revoke the visitor's token: on logout, and when a new one is issued."""
    await work.run("UPDATE identity SET revoked_at = now() WHERE id = $1", actor.identity_id)
    work.announce(IdentityRevoked(identity_id=actor.identity_id))


async def start_visit(work: Work, actor: VisitorActor, page: PageSeen, user_agent: str, place: Place = NOWHERE) -> UUID:
    """A browsing session begins, or goes on after less than half an hour's pause. Returns the visit's id.

    `place` is where it begins: of the address that told it nothing is kept.
    Raises `Unauthorized` when the visitor was erased meanwhile.
    """
    device = describe_device(user_agent)
    visit_id: UUID | None = await work.value(
        """
        WITH running AS (
            UPDATE visit SET last_seen_at = now(), online_until = now() + $12::text::interval, url = $3, title = $4
            WHERE id = (SELECT id FROM visit
                        WHERE contact_id = $1 AND channel_id = $2 AND browser = $6 AND os = $7
                          AND last_seen_at > now() - interval '30 minutes'
                        ORDER BY started_at DESC LIMIT 1)
            RETURNING id
        ), fresh AS (
            INSERT INTO visit (contact_id, channel_id, url, title, referrer, browser, os, device, language, timezone,
                               screen, online_until, country, city)
            SELECT id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() + $12::text::interval, $13, $14
            FROM contact WHERE id = $1 AND NOT EXISTS (SELECT FROM running) FOR KEY SHARE
            RETURNING id
        )
        SELECT id FROM running UNION ALL SELECT id FROM fresh
        """,
        actor.contact_id,
        actor.channel_id,
        clean_line(page.url, URL_CHARS),
        clean_line(page.title, TITLE_CHARS),
        clean_line(page.referrer, URL_CHARS),
        device.browser,
        device.os,
        device.device,
        clean_line(page.language, 35),
        clean_line(page.timezone, 60),
        clean_line(page.screen, 20),
        VISIT_LEASE,
        place.country,
        place.city,
    )
    if visit_id is None:
        raise _session_ended()
    await _view_page(work, visit_id, actor.contact_id, page)
    return visit_id


async def see_page(work: Work, actor: VisitorActor, visit_id: UUID, page: PageSeen) -> None:
    """The visitor went to another page."""
    await work.run(
        "UPDATE visit SET last_seen_at = now(), url = $2, title = $3 WHERE id = $1",
        visit_id,
        clean_line(page.url, URL_CHARS),
        clean_line(page.title, TITLE_CHARS),
    )
    await _view_page(work, visit_id, actor.contact_id, page)


async def leave(work: Work, actor: VisitorActor, visit_id: UUID) -> None:
    """The last page of a visit closed its socket."""
    await work.run("UPDATE visit SET last_seen_at = now(), online_until = now() WHERE id = $1", visit_id)
    work.announce(VisitorMoved(contact_id=actor.contact_id, url=None, title=None, online=False))


async def extend_visits(work: Work, visit_ids: Sequence[UUID]) -> None:
    """These visits still hold a live socket."""
    await work.run(
        "UPDATE visit SET last_seen_at = now(), online_until = now() + $2::text::interval WHERE id = ANY($1)",
        list(visit_ids),
        VISIT_LEASE,
    )


async def _view_page(work: Work, visit_id: UUID, contact_id: UUID, page: PageSeen) -> None:
    url, title = clean_line(page.url, URL_CHARS), clean_line(page.title, TITLE_CHARS)
    if url:
        # Of a visit that was erased meanwhile nothing is kept.
        viewed = "INSERT INTO page_view (visit_id, url, title) SELECT id, $2, $3 FROM visit WHERE id = $1 FOR KEY SHARE"
        await work.run(viewed, visit_id, url, title)
    work.announce(VisitorMoved(contact_id=contact_id, url=url, title=title, online=True))


async def _contact_for(
    work: Work, channel_id: UUID, vouched: Vouched, current: VisitorActor | None, language: str
) -> UUID:
    known = await queries.verified_contact(work, channel_id, vouched.subject)
    if known is not None:
        return known
    anonymous = current is not None and not current.verified
    contact_id = current.contact_id if current and anonymous else await _new_contact(work, language)
    # Two devices may be recognised at once: the first row wins, the second device joins it.
    winner: UUID = await work.value(
        """
        WITH mine AS (
            INSERT INTO identity (contact_id, channel_id, kind, value, verified) VALUES ($1, $2, 'verified', $3, true)
            ON CONFLICT (channel_id, kind, value) WHERE value IS NOT NULL DO UPDATE SET value = excluded.value
            RETURNING contact_id
        ) SELECT contact_id FROM mine
        """,
        contact_id,
        channel_id,
        vouched.subject,
    )
    return winner


async def _new_contact(work: Work, language: str) -> UUID:
    contact_id: UUID = await work.value(
        "INSERT INTO contact (language) VALUES ($1) RETURNING id", clean_line(language, 35) or None
    )
    return contact_id


async def _take_vouched(work: Work, contact_id: UUID, vouched: Vouched) -> None:
    await work.run(
        """
        UPDATE contact SET name = coalesce($2, name), email = coalesce($3, email), phone = coalesce($4, phone)
        WHERE id = $1
        """,
        contact_id,
        vouched.name,
        vouched.email,
        vouched.phone,
    )


async def _issue_token(work: Work, contact_id: UUID, channel_id: UUID, *, verified: bool) -> NewVisitor:
    token = new_secret()
    identity_id = await work.value(
        """
        INSERT INTO identity (contact_id, channel_id, kind, secret_hash, verified) VALUES ($1, $2, 'token', $3, $4)
        RETURNING id
        """,
        contact_id,
        channel_id,
        digest(token),
        verified,
    )
    return NewVisitor(token, VisitorActor(contact_id, channel_id, identity_id, verified))


def _clean_claims(claims: Claims | None) -> dict[str, str] | None:
    if claims is None:
        return None
    named = {name: clean_line(value, NAME_CHARS) for name, value in msgspec.to_builtins(claims).items() if value}
    return {name: value for name, value in named.items() if value} or None


def _session_ended() -> Unauthorized:
    return Unauthorized("visitor-token-refused", "This visitor session has ended. Start a new one.")
