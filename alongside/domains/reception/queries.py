"""What is known of a visitor, as far as they would be asked for it."""

from __future__ import annotations

from alongside.domains.channels.schemas import Channel
from alongside.domains.fields.queries import fields
from alongside.domains.reception import logic
from alongside.domains.reception.logic import OWN, Known
from alongside.domains.reception.schemas import Before
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Reading

# Of the person, whoever of those that were merged into one it is known of.
KNOWN = """
WITH family AS (
    SELECT m.id, m.name, m.email, m.phone, m.claims FROM contact one JOIN contact m ON m.person_id = one.person_id
    WHERE one.id = $1
)
SELECT bool_or(coalesce(name, claims ->> 'name') IS NOT NULL) AS name,
       bool_or(coalesce(email, claims ->> 'email') IS NOT NULL) AS email,
       bool_or(coalesce(phone, claims ->> 'phone') IS NOT NULL) AS phone,
       ARRAY(SELECT 'field:' || f.key FROM contact_field v JOIN field f ON f.id = v.field_id
             WHERE v.contact_id IN (SELECT id FROM family)) AS fields,
       ARRAY(SELECT version FROM consent WHERE contact_id = $1 AND channel_id = $2) AS agreed,
       EXISTS (SELECT FROM conversation WHERE contact_id = $1 AND channel_id = $2 AND last_seq > 0) AS begun
FROM family
"""


async def before(reading: Reading, channel: Channel, actor: VisitorActor | None) -> Before:
    """What is still to be asked of a visitor; of somebody new, all of it."""
    around = channel.settings.around
    known = await _known(reading, actor) if actor else Known()
    return logic.still_asked(around, await fields(reading) if around.asked else [], known)


async def _known(reading: Reading, actor: VisitorActor) -> Known:
    row = await reading.row(KNOWN, actor.contact_id, actor.channel_id)
    if row is None:
        return Known()
    return Known(row["begun"], {*(own for own in OWN if row[own]), *row["fields"]}, row["agreed"])
