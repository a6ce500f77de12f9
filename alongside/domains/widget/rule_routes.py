"""Action rules over HTTP: what a page is told of them, and what a visitor's browser asks for when one matched."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import Parameter
from msgspec import structs

from alongside.domains.actionrules import actions, logic
from alongside.domains.actionrules.actions import Match
from alongside.domains.actionrules.logic import ChannelRules
from alongside.domains.actionrules.schemas import (
    AskDeed,
    Deed,
    HoursAhead,
    Matched,
    RuleFacts,
    RuleSet,
    RuleText,
    RuleTexts,
    Speaker,
)
from alongside.domains.channels.schemas import Channel
from alongside.domains.conditions import queries as conditions
from alongside.domains.conditions.schemas import Facts
from alongside.domains.contacts import queries as contact_queries
from alongside.domains.contacts.logic import describe_device
from alongside.domains.rules.actions import no_such_rule
from alongside.domains.rules.body_schemas import SayAction
from alongside.domains.rules.schemas import Rule
from alongside.domains.widget.actions import WidgetDoor
from alongside.domains.widget.doorman import bearer
from alongside.domains.widget.look_routes import refused_anywhere, require_site
from alongside.domains.workspace import queries as workspace
from alongside.kit.ids import digest
from alongside.kit.time import now
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Reading
from alongside.platform.errors import Conflict, Invalid, Refusal, TooMany
from alongside.platform.limits import address_prefix
from alongside.platform.web import who
from alongside.platform.web.address import client_address

AnyRequest = Request[Any, Any, Any]

TOLD = who.public("a page judges its channel's action rules before anybody is known; it is told of no person")
TALLY = who.public("a page counts which of its channel's rules matched; nothing is stored but a number")
ANY_PAGE = {"access-control-allow-origin": "*"}
MOST_BYTES = 8_192

matched_decoder = msgspec.json.Decoder(Matched)


@get("/widget/channels/{key:str}/rules", opt={"who": TOLD}, exception_handlers={Refusal: refused_anywhere})
async def read_rules(
    request: AnyRequest, key: str, door: WidgetDoor, tag: Annotated[str, Parameter(max_length=20)] = ""
) -> Response[RuleSet]:
    """The active action rules of a channel, as browsers judge them. With the right `tag` it may be kept for a day."""
    _, found = await _rules(request, door, key)
    told = found.told if found else RuleSet(tag="", rules=[])
    kept = "public, max-age=86400" if tag and tag == told.tag else "no-cache"
    return Response(told, headers=ANY_PAGE | {"cache-control": kept, "etag": f'"{told.tag}"'})


@get("/widget/channels/{key:str}/rules/facts", opt={"who": TOLD}, exception_handlers={Refusal: refused_anywhere})
async def read_facts(
    request: AnyRequest, key: str, door: WidgetDoor, zone: Annotated[str, Parameter(max_length=60)] = ""
) -> Response[RuleFacts]:
    """What only the server knows: of the holder of the token in `Authorization`, or of somebody new.

    `zone` is the time zone of the browser, which tells the country where nothing else does.
    """
    channel, found = await _rules(request, door, key)
    if found is None:
        raise Conflict("no-rules", "This channel has no action rules (any more).")
    at = now()
    hours = {}
    async with door.database.reading() as reading:
        company = await workspace.workspace(reading)
        for each in found.hours:
            plan = await door.gatekeeper.plan(await workspace.opening_hours_of(reading, each), at)
            hours[str(each or "")] = HoursAhead(open=plan.open, changes=plan.changes)
        facts = await _facts(reading, request, door, channel, zone) if found.asked else Facts()
    told = RuleFacts(
        tag=found.told.tag,
        at=at,
        zone=company.time_zone,
        agents=await door.ruled.agents() if found.agents else None,
        hours=hours,
        asked=logic.answers(found.asked, facts),
    )
    return Response(told, headers=ANY_PAGE | {"cache-control": "no-store"})


@get("/widget/channels/{key:str}/rules/{rule_id:uuid}/texts", opt={"who": TOLD})
async def read_texts(request: AnyRequest, key: str, rule_id: UUID, door: WidgetDoor) -> RuleTexts:
    """What a rule that matched says to somebody who has not written yet."""
    channel, found = await _rules(request, door, key)
    rule = _one(found, rule_id)
    async with door.database.reading() as reading:
        facts = await _facts(reading, request, door, channel)
        agents, hours = await conditions.agents_now(reading), await conditions.hours_at(reading, now())
        company = await workspace.workspace(reading)
    facts = structs.replace(facts, at=now(), zone=company.time_zone, agents=agents, hours=hours)
    if not logic.may_hold(rule, facts):
        raise Conflict("rule-does-not-hold", "This rule does not hold for this visitor now.")
    said = []
    for each in logic.texts_of(rule):
        person = door.people.person(each.agent_id) if isinstance(each, SayAction) else None
        texts = {"en": logic.in_language(each.texts, (), company.default_locale), **each.texts}
        said.append(RuleText(texts, Speaker(person.display_name, person.picture_url) if person else None))
    return RuleTexts(said)


@post(
    "/widget/channels/{key:str}/rules/matches",
    opt={"who": TALLY},
    status_code=204,
    request_max_body_size=MOST_BYTES,
    exception_handlers={Refusal: refused_anywhere},
)
async def count_matches(request: AnyRequest, key: str, door: WidgetDoor) -> Response[None]:
    """Count that rules matched on a page. The body may come as plain text: so a page need not ask first."""
    if wait := door.ruled.tallies.take(address_prefix(client_address(request.scope, door.config.trusted_proxies))):
        raise TooMany("too-many-matches", "Too many matches come from this network. They are not counted.", wait)
    try:
        matched = matched_decoder.decode(await request.body())
    except msgspec.MsgspecError as error:
        raise Invalid("malformed", f"This is no tally of rules: {error}") from None
    _, found = await _rules(request, door, key)
    here = [each for each in dict.fromkeys(matched.rules) if found and each in found.rules]
    if here:
        await actions.count(door.database, here)
    return Response(None, headers=ANY_PAGE)


@post("/widget/rules/{rule_id:uuid}/deed", opt={"who": who.visitor()}, status_code=200)
async def do_deed(rule_id: UUID, data: AskDeed, actor: VisitorActor, door: WidgetDoor) -> Deed:
    """A rule matched in the visitor's browser: do what it says, once, if it can hold by what the server knows."""
    if wait := door.ruled.deeds.take(actor.contact_id):
        raise TooMany("too-many-matches", "Too many rules matched at once. Wait a moment.", wait)
    rule = _one(await door.ruled.of(actor.channel_id), rule_id)
    return await actions.act(door.database, actor, Match(rule, data.occasion, data.languages))


async def _rules(request: AnyRequest, door: WidgetDoor, key: str) -> tuple[Channel, ChannelRules | None]:
    channel = await door.channel(key)
    require_site(request, door, channel)
    return channel, await door.ruled.of(channel.id)


def _one(found: ChannelRules | None, rule_id: UUID) -> Rule:
    rule = found.rules.get(rule_id) if found else None
    if rule is None:
        raise no_such_rule()
    return rule


async def _facts(reading: Reading, request: AnyRequest, door: WidgetDoor, channel: Channel, zone: str = "") -> Facts:
    """What is known of who asks: by their token, else what can be said of somebody new."""
    token = bearer(request)
    actor = await contact_queries.visitor_by_secret(reading, digest(token[:200]), channel.id) if token else None
    known = await conditions.facts_of_visitor(reading, actor.contact_id, channel.id, now()) if actor else None
    place = door.places.find(client_address(request.scope, door.config.trusted_proxies), zone)
    device = describe_device(request.headers.get("user-agent", "")).device
    new = Facts(
        message="", messages=0, label_ids=[], external_ids=[], identified=False, fields={}, channel_id=channel.id
    )
    known = known or new
    return structs.replace(
        known,
        country=known.country or place.country or None,
        city=known.city or place.city or None,
        device=known.device or device,
    )


ROUTES = [read_rules, read_facts, read_texts, count_matches, do_deed]
