"""Writing the demo: through the product's own verbs, then moved back in time.

The verbs stamp what they write with the present, as they must. So each conversation is lived through in order, and then
the moments of its entries, episodes and visits are set to those of the story by plain SQL (`MOVE_BACK`), in one
transaction. Nothing else is written past the verbs, except the role that the demo's agents have and their hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from alongside.domains.agents import actions as agents
from alongside.domains.agents import queries as agent_queries
from alongside.domains.agents.schemas import NewAgent, NewTeam
from alongside.domains.channels import actions as channels
from alongside.domains.channels import queries as channel_queries
from alongside.domains.channels.schemas import EditSettings, NewChannel
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts import queries as contact_queries
from alongside.domains.contacts.schemas import Claims
from alongside.domains.contacts.tokens import Vouched
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages.actions import Draft, post
from alongside.domains.textblocks import actions as textblocks
from alongside.domains.textblocks import queries as textblock_queries
from alongside.domains.textblocks.schemas import NewTextBlock
from alongside.domains.workspace import actions as workspace
from alongside.domains.workspace.queries import workspace as read_workspace
from alongside.platform.auth.actor import EVERYTHING, AgentActor, SystemActor, VisitorActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.places import Places
from alongside.platform.storage import Storage
from alongside.seed.centre import write_help_centre
from alongside.seed.english import STORIES as ENGLISH
from alongside.seed.german import STORIES as GERMAN
from alongside.seed.past import stories as past_stories
from alongside.seed.past import write_hours
from alongside.seed.people import AGENTS, COMPANY, PASSWORD, TEAMS, Person, portrait
from alongside.seed.rules import write_rules
from alongside.seed.script import SHOP, Step, Story
from alongside.seed.textblocks import BLOCKS
from alongside.seed.tickets import Team, write_tickets

CHANNEL = "demo"
PLACES = Places(None)
AGENT_ROLE = """
INSERT INTO role (name, permissions)
VALUES ('Agent', '{conversations.reply,conversations.assign,contacts.edit,tickets.read,tickets.manage}')
ON CONFLICT ((lower(name))) DO NOTHING
"""
ROLE = "SELECT id FROM role WHERE lower(name) = $1"
PERSON = "SELECT id, picture_file_id FROM agent WHERE lower(email) = $1"
TEAM = "SELECT id FROM team WHERE name = $1"
CLAIMED = """
SELECT i.contact_id, i.channel_id, i.id AS identity_id, false AS verified FROM identity i
JOIN contact c ON c.id = i.contact_id
WHERE i.channel_id = $1 AND i.kind = 'token' AND c.claims ->> 'email' = $2
"""
STANDING = "SELECT last_seq, created_at < $2 AS finished FROM conversation WHERE id = $1"

# $1 conversation, $2 numbers, $3 their moments, $4 the contact
MOVE_BACK = (
    """
    UPDATE entry e SET at = t.at FROM unnest($2::bigint[], $3::timestamptz[]) AS t(seq, at)
    WHERE e.conversation_id = $1 AND e.seq = t.seq
    """,
    """
    UPDATE episode p SET
        opened_at = (SELECT at FROM entry WHERE conversation_id = $1 AND seq = p.first_seq),
        done_at = CASE WHEN done_at IS NOT NULL THEN (
            SELECT max(at) FROM entry WHERE conversation_id = $1 AND episode = p.number AND status = 'done') END
    WHERE conversation_id = $1
    """,
    """
    UPDATE conversation c SET
        created_at = (SELECT min(at) FROM entry WHERE conversation_id = $1),
        last_message_at = (SELECT max(at) FROM entry WHERE conversation_id = $1 AND kind = 'message'),
        waiting_since = CASE WHEN waiting_since IS NOT NULL THEN (
            SELECT min(at) FROM entry WHERE conversation_id = $1 AND kind = 'message' AND author_kind = 'visitor'
                AND seq > coalesce((SELECT max(seq) FROM entry WHERE conversation_id = $1 AND kind = 'message'
                                    AND author_kind = 'agent'), 0)) END
    WHERE id = $1
    """,
)
MOVE_BACK_CONTACT = (
    "UPDATE contact SET created_at = $2 WHERE id = $1",
    "UPDATE identity SET created_at = $2 WHERE contact_id = $1",
    "UPDATE page_view p SET at = $2 FROM visit v WHERE v.id = p.visit_id AND v.contact_id = $1",
    "UPDATE visit SET started_at = $2, last_seen_at = $3, online_until = $3 WHERE contact_id = $1",
)


class Writer:
    """Writes the demo into one database. Safe to run again, also after it was interrupted."""

    def __init__(self, database: Database, storage: Storage, config: Config, now: datetime) -> None:
        self._database = database
        self._storage = storage
        self._config = config
        self._now = now
        self._agents: dict[str, AgentActor] = {}
        self._teams: dict[str, UUID] = {}

    async def write(self) -> None:
        """Everything that is not there yet."""
        async with self._database.work() as work:
            if not (await read_workspace(work)).name:
                await workspace.rename(work, COMPANY)
            await work.run(AGENT_ROLE)
        for person in AGENTS:
            await self._agent(person)
        await self._make_teams()
        await self._text_blocks()
        await write_help_centre(self._database, self._storage, self._config, self._agents["ines"])
        channel_id = await self._channel()
        for story in sorted((*ENGLISH, *GERMAN, *past_stories()), key=lambda each: -each.ago):
            await self._story(channel_id, story)
        async with self._database.work() as work:
            await write_hours(work, [each.id for each in self._agents.values()], self._now)
        await write_rules(self._database, self._agents["ines"], self._teams["orders"])
        await write_tickets(self._database, Team(self._agents, self._teams, self._now))

    async def _agent(self, person: Person) -> None:
        async with self._database.reading() as reading:
            found = await reading.row(PERSON, person.email)
            role_id = await reading.value(ROLE, "admin" if person.admin else "agent")
        if found is None:
            new = NewAgent(
                email=person.email,
                display_name=person.name,
                password=PASSWORD,
                role_id=role_id,
                locale="de" if person.locale == "de" else "en",
                tags=list(person.tags),
            )
            agent_id = (await agents.create_agent(self._database, SystemActor(), new)).id
        else:
            agent_id = found["id"]
        actor = AgentActor(agent_id, uuid4(), person.name, frozenset({EVERYTHING}))
        if found is None or found["picture_file_id"] is None:
            await agents.set_picture(self._database, self._storage, self._config, actor, portrait(person))
        self._agents[person.short] = actor

    async def _make_teams(self) -> None:
        for short, (name, members) in TEAMS.items():
            async with self._database.work() as work:
                found = await work.value(TEAM, name)
                if found is None:
                    new = NewTeam(name=name, member_ids=[self._agents[each].id for each in members])
                    found = (await agents.create_team(work, self._agents["ines"], new)).id
                self._teams[short] = found

    async def _text_blocks(self) -> None:
        """Either all of them or, where there are any, none."""
        async with self._database.work() as work:
            if await textblock_queries.count(work):
                return
            used: list[UUID] = []
            for each in BLOCKS:
                new = NewTextBlock(
                    title=each.title,
                    text=each.text,
                    shortcut=each.shortcut,
                    folder=each.folder,
                    language=each.language,
                    team_ids=[self._teams[team] for team in each.teams] or None,
                )
                used += [(await textblocks.create_text_block(work, SystemActor(), new)).id] * each.uses
            # Sam is in every team, so their uses count wherever they were.
            await textblocks.count_uses(work, self._agents["sam"], used)

    async def _channel(self) -> UUID:
        async with self._database.work() as work:
            found = await channel_queries.channel_by_key(work, CHANNEL)
            if found is not None:
                return found.id
            new = NewChannel(
                name="fernwood.example",
                settings=EditSettings(
                    accent="#1f5c46",
                    title={"en": COMPANY, "de": COMPANY},
                    greeting={
                        "en": "Hello! Questions about gear or an order? We are glad to help.",
                        "de": "Hallo! Fragen zur Ausrüstung oder zu einer Bestellung? Wir helfen gern.",
                    },
                ),
                allowed_origins=list(self._config.own_origins),
            )
            made = await channels.create_channel(work, SystemActor(), new, key=CHANNEL)
            await channels.add_identity_key(work, SystemActor(), made.id)
            return made.id

    async def _story(self, channel_id: UUID, story: Story) -> None:
        visitor = await self._visitor(channel_id, story)
        async with self._database.work() as work:
            conversation_id = await conversations.begin(work, visitor)
            standing = await work.row(STANDING, conversation_id, self._now - timedelta(minutes=1))
        if standing and standing["finished"]:
            return
        moments = _moments(story, self._now)
        written: dict[int, datetime] = {}
        for number, (step, moment) in enumerate(zip(story.steps, moments, strict=True)):
            seq = await self._step(conversation_id, visitor, step, f"{story.email}/{number}")
            written.setdefault(seq, moment)
        await self._mark_seen(story, visitor, conversation_id)
        await self._move_back(visitor.contact_id, conversation_id, written)

    async def _visitor(self, channel_id: UUID, story: Story) -> VisitorActor:
        subject = story.email.partition("@")[0]
        async with self._database.work() as work:
            found = await work.row(CLAIMED, channel_id, story.email)
            if found and not story.verified:
                return VisitorActor(**dict(found))
            known = await contact_queries.verified_contact(work, channel_id, subject)
            if story.verified:
                vouched = Vouched(subject, story.name, story.email, None)
                new = await contacts.recognise_visitor(work, channel_id, vouched, None, story.language)
            else:
                claims = Claims(name=story.name, email=story.email)
                new = await contacts.meet_visitor(work, channel_id, claims, story.language)
            if known is None:
                path, title = story.page
                page = contacts.PageSeen(
                    url=SHOP + path,
                    title=title,
                    referrer=story.referrer,
                    language="de-DE" if story.language == "de" else "en-GB",
                    screen=story.browser.screen,
                    timezone="Europe/Berlin" if story.language == "de" else "Europe/London",
                )
                place = PLACES.find("", page.timezone)
                await contacts.start_visit(work, new.actor, page, story.browser.user_agent, place)
            return new.actor

    async def _step(self, conversation_id: UUID, visitor: VisitorActor, step: Step, name: str) -> int:
        """Do it; the number of the entry that resulted."""
        if step.do in ("visitor", "agent", "note"):
            author = visitor if step.do == "visitor" else self._agents[step.who]
            kind = "note" if step.do == "note" else "message"
            client_id = uuid5(NAMESPACE_URL, f"alongside-demo/{name}")
            draft = Draft(client_id, step.text, kind, step.then_done)  # type: ignore[arg-type]
            return (await post(self._database, author, conversation_id, draft, 10_000)).seq
        async with self._database.work() as work:
            if step.do == "take":
                actor = self._agents[step.who]
                row = await conversations.assign(work, actor, conversation_id, actor.id, None)
            elif step.do == "team":
                row = await conversations.assign(
                    work, self._agents[step.text], conversation_id, None, self._teams[step.who]
                )
            else:
                row = await conversations.set_status(work, self._agents[step.who], conversation_id, "done")
            return row.last_seq

    async def _mark_seen(self, story: Story, visitor: VisitorActor, conversation_id: UUID) -> None:
        answered = [step.who for step in story.steps if step.do == "agent"]
        if not answered:
            return
        async with self._database.work() as work:
            if story.seen:
                await conversations.mark_seen(work, self._agents[answered[-1]], conversation_id, 1_000)
            await conversations.mark_visitor(work, visitor, 1_000, 1_000)

    async def _move_back(self, contact_id: UUID, conversation_id: UUID, written: dict[int, datetime]) -> None:
        numbers, moments = list(written), list(written.values())
        async with self._database.work() as work:
            await work.run(MOVE_BACK[0], conversation_id, numbers, moments)
            for sql in MOVE_BACK[1:]:
                await work.run(sql, conversation_id)
            began, ended = min(moments), max(moments)
            arrived = began - timedelta(minutes=4)
            for sql in MOVE_BACK_CONTACT:
                values: Sequence[object] = (contact_id, arrived, ended)
                await work.run(sql, *values[: sql.count("$")])


def _moments(story: Story, now: datetime) -> list[datetime]:
    """When each step happened: the last one `ago` hours before now, the others before it."""
    moment = now - timedelta(hours=story.ago)
    moments = [moment]
    for step in reversed(story.steps[1:]):
        moment -= timedelta(minutes=step.after)
        moments.append(moment)
    return moments[::-1]


async def is_foreign(database: Database) -> bool:
    """Whether somebody else than the demo's people works here already."""
    async with database.reading() as reading:
        if not await agent_queries.any_agent(reading):
            return False
        own = [person.email for person in AGENTS]
        return bool(await reading.value("SELECT EXISTS (SELECT FROM agent WHERE lower(email) <> ALL($1))", own))
