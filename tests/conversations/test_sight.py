"""What an agent may not see is not there: in lists, counts, search, logs, verbs, contact details."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID, uuid4

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import EditAgent, EditTeam, NewRole, NewTeam
from alongside.domains.channels import actions as channels
from alongside.domains.channels.schemas import NewChannel
from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions, queries
from alongside.domains.conversations.policy import holder
from alongside.domains.conversations.queries import InboxQuestion
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import NOBODY, AgentActor
from alongside.platform.errors import NotFound
from alongside.platform.storage import Storage
from tests.files.uploading import attach
from tests.harness.bulk import write_many
from tests.world import COLLEAGUE, Browser, Colleague, World, hire

MOST = 10_000


class House(NamedTuple):
    """Tim and Tess share a team; Tess sees what her team has, Olga what she has. Each holder has one conversation."""

    tim: Colleague
    tess: Colleague
    olga: Colleague
    team: UUID
    other_team: UUID
    of: dict[str, UUID]


SEEN = {
    "sol": {"nobody", "tim", "tess", "olga", "ada", "team", "other team"},
    "tess": {"nobody", "tim", "tess", "team"},
    "olga": {"nobody", "olga", "other team"},
}


async def build(world: World) -> House:
    async with world.database.work() as work:
        narrow = [
            await agents.create_role(
                work,
                world.sol.actor,
                NewRole(name=sees, permissions=COLLEAGUE, sees=sees),  # type: ignore[arg-type]
            )
            for sees in ("team", "own")
        ]
    tim = await hire(world.config, world.database, "Tim", narrow[1].id)
    tess = await hire(world.config, world.database, "Tess", narrow[0].id)
    olga = await hire(world.config, world.database, "Olga", narrow[1].id)
    async with world.database.work() as work:
        team = await agents.create_team(work, world.sol.actor, NewTeam(name="T", member_ids=[tim.id, tess.id]))
        other = await agents.create_team(work, world.sol.actor, NewTeam(name="O", member_ids=[olga.id, world.ada.id]))
    of = {"nobody": world.conversation_id}
    given: dict[str, tuple[UUID | None, UUID | None]] = {
        "tim": (tim.id, None),
        "tess": (tess.id, None),
        "olga": (olga.id, None),
        "ada": (world.ada.id, None),
        "team": (None, team.id),
        "other team": (None, other.id),
    }
    for name, (agent_id, team_id) in given.items():
        of[name] = await begun(world, name)
        async with world.database.work() as work:
            await actions.assign(work, world.sol.actor, of[name], agent_id, team_id)
    return House(await anew(world, tim), await anew(world, tess), await anew(world, olga), team.id, other.id, of)


async def begun(world: World, name: str) -> UUID:
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, None, "en")
        conversation_id = await actions.begin(work, new.actor)
        await work.run("UPDATE contact SET name = $2 WHERE id = $1", new.actor.contact_id, f"Customer of {name}")
    await messages.post(world.database, new.actor, conversation_id, Draft(new_client_id(), f"I write to {name}"), MOST)
    return conversation_id


async def anew(world: World, colleague: Colleague) -> Colleague:
    """The colleague as their next request is recognised."""
    return Colleague(await agents.authenticate(world.database, colleague.token), colleague.email, colleague.token)


@pytest.fixture
async def house(world: World) -> House:
    return await build(world)


def whom(world: World, house: House, name: str) -> Colleague:
    return world.sol if name == "sol" else house.tess if name == "tess" else house.olga


@pytest.mark.parametrize("name", SEEN)
async def test_the_list_the_counts_and_the_search(world: World, house: House, browser: Browser, name: str) -> None:
    browser.be(whom(world, house, name))
    expected = {str(house.of[each]) for each in SEEN[name]}
    for folder in ("unread", "all"):
        page = (await browser.get(f"/conversations?folder={folder}")).json()
        assert {row["id"] for row in page["rows"]} == expected
        times = [row["last_message_at"] for row in page["rows"]]
        assert times == sorted(times, reverse=True)
    counts = (await browser.get("/conversations/counts")).json()
    assert counts == {"unread": len(expected), "unresolved": 0, "done": 0, "all": len(expected)}
    found = (await browser.get("/conversations?folder=all&search=customer")).json()["rows"]
    assert {row["id"] for row in found} == expected - {str(house.of["nobody"])}
    for of, conversation_id in house.of.items():
        rows = (await browser.get(f"/conversations?folder=all&search=customer of {of}")).json()["rows"]
        seen = of in SEEN[name] and of != "nobody"
        assert (str(conversation_id) in {row["id"] for row in rows}) == seen, of


@pytest.mark.parametrize("name", SEEN)
async def test_files_are_where_their_conversation_is(
    world: World, house: House, storage: Storage, browser: Browser, name: str
) -> None:
    files = {}
    for of, conversation_id in house.of.items():
        file = await attach(world, storage, world.sol.actor, b"of " + of.encode(), "a.txt", conversation_id)
        await messages.post(
            world.database, world.sol.actor, conversation_id, Draft(new_client_id(), "", attachments=[file.id]), MOST
        )
        files[of] = file.id
    browser.be(whom(world, house, name))
    for of, file_id in files.items():
        answer = await browser.get(f"/attachments/{file_id}/content")
        assert answer.status_code == (200 if of in SEEN[name] else 404), of
        if of not in SEEN[name]:
            assert answer.json() == (await browser.get(f"/attachments/{uuid4()}/content")).json()


async def test_pages_of_a_narrow_list_follow_on_each_other(world: World, house: House, browser: Browser) -> None:
    browser.be(house.tess)
    cursor, seen = "", []
    while cursor is not None:
        page = (await browser.get(f"/conversations?folder=all&limit=2&cursor={cursor}")).json()
        assert len(page["rows"]) <= 2
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) == len(SEEN["tess"])


async def test_mine_is_what_one_has_whatever_one_sees(world: World, house: House, browser: Browser) -> None:
    for colleague, of in ((house.tess, "tess"), (house.olga, "olga"), (world.ada, "ada")):
        browser.be(colleague)
        rows = (await browser.get("/conversations?folder=all&mine=true")).json()["rows"]
        assert [row["id"] for row in rows] == [str(house.of[of])]
        assert (await browser.get("/conversations/counts?mine=true")).json()["all"] == 1


@pytest.mark.parametrize("name", ["tess", "olga"])
async def test_every_door_answers_as_if_it_were_not_there(
    world: World, house: House, browser: Browser, name: str
) -> None:
    browser.be(whom(world, house, name))
    contact_ids = await contacts_of(world)
    for of, conversation_id in house.of.items():
        path, seen = f"/conversations/{conversation_id}", of in SEEN[name]
        message = {"client_id": str(new_client_id()), "text": "from me"}
        note = {"client_id": str(new_client_id()), "text": "for us"}
        answers = {
            "snapshot": await browser.get(path),
            "entries": await browser.get(f"{path}/entries"),
            "after": await browser.get(f"{path}/entries?after=0"),
            "seen": await browser.put(f"{path}/seen", {"seq": 1}),
            "message": await browser.post(f"{path}/messages", message),
            "note": await browser.post(f"{path}/notes", note),
            "status": await browser.put(f"{path}/status", {"status": "unresolved"}),
            "contact": await browser.get(f"/contacts/{contact_ids[conversation_id]}"),
            "edit": await browser.patch(f"/contacts/{contact_ids[conversation_id]}", {"phone": "1"}),
            "assignment": await browser.put(f"{path}/assignment", {"agent_id": str(world.ada.id), "team_id": None}),
        }
        for what, answer in answers.items():
            assert (answer.status_code < 300) == seen, (of, what, answer.text)
            if not seen:
                assert answer.status_code == 404, (of, what)
                kind = "contact" if what in ("contact", "edit") else "conversation"
                assert answer.json()["code"] == f"no-such-{kind}"
                unknown = await browser.get(f"/{kind}s/{uuid4()}")
                assert unknown.json() == answer.json(), "an unknown one is answered alike"


async def contacts_of(world: World) -> dict[UUID, UUID]:
    async with world.database.reading() as reading:
        rows = await reading.rows("SELECT id, contact_id FROM conversation")
    return {row["id"]: row["contact_id"] for row in rows}


async def test_of_a_customer_in_sight_only_what_is_in_sight(world: World, house: House, browser: Browser) -> None:
    """The same person wrote on two sites: one conversation is Olga's, the other is Ada's."""
    contact_id = (await contacts_of(world))[house.of["olga"]]
    async with world.database.work() as work:
        site = await channels.create_channel(work, world.sol.actor, NewChannel(name="Second"))
        second = await work.value(
            "INSERT INTO conversation (contact_id, channel_id) VALUES ($1, $2) RETURNING id", contact_id, site.id
        )
        await work.run(
            "INSERT INTO episode (conversation_id, number, first_seq, opened_at) VALUES ($1, 1, 1, now())", second
        )
    for conversation_id, text in ((house.of["olga"], "a note for Olga"), (second, "a note for Ada")):
        await messages.post(
            world.database, world.sol.actor, conversation_id, Draft(new_client_id(), text, "note"), MOST
        )
    async with world.database.work() as work:
        await actions.assign(work, world.sol.actor, second, world.ada.id, None)
    for colleague, notes in ((house.olga, ["a note for Olga"]), (world.sol, ["a note for Ada", "a note for Olga"])):
        details = (await browser.be(colleague).get(f"/contacts/{contact_id}")).json()
        assert sorted(note["text"] for note in details["notes"]) == notes
        assert len(details["episodes"]) == len(notes)


async def test_a_customer_who_never_wrote_is_known_to_all(world: World, house: House, browser: Browser) -> None:
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, None, "en")
    assert (await browser.be(house.olga).get(f"/contacts/{new.actor.contact_id}")).status_code == 200


async def test_what_was_stored_before_it_was_taken_is_acknowledged_again(world: World, house: House) -> None:
    draft = Draft(new_client_id(), "sent just in time")
    mine = house.of["olga"]
    first = await messages.post(world.database, house.olga.actor, mine, draft, MOST)
    async with world.database.work() as work:
        await actions.assign(work, world.sol.actor, mine, world.ada.id, None)
    assert await messages.post(world.database, house.olga.actor, mine, draft, MOST) == first
    with pytest.raises(NotFound):
        await messages.post(world.database, house.olga.actor, mine, Draft(new_client_id(), "too late"), MOST)
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM entry WHERE text = 'too late'") == 0


async def test_teams_decide_anew_with_the_next_request(world: World, house: House) -> None:
    assert not house.tess.actor.sees(house.other_team)
    async with world.database.work() as work:
        await agents.edit_agent(work, world.sol.actor, house.tess.id, EditAgent(team_ids=[house.other_team]))
    tess = (await anew(world, house.tess)).actor
    assert tess.holders == {tess.id, NOBODY, house.other_team, house.olga.id, world.ada.id}
    async with world.database.work() as work:
        await agents.edit_team(work, world.sol.actor, house.other_team, EditTeam(member_ids=[tess.id]))
    assert (await anew(world, house.tess)).actor.holders == {tess.id, NOBODY, house.other_team}


async def test_python_and_the_database_name_the_same_holder(world: World, house: House) -> None:
    async with world.database.reading() as reading:
        rows = await reading.rows("SELECT assignee_id, team_id, holder_id FROM conversation")
    assert len(rows) == 7
    assert all(row["holder_id"] == holder(row["assignee_id"], row["team_id"]) for row in rows)


async def test_a_narrow_list_reads_what_it_shows_and_not_what_others_have(world: World, house: House) -> None:
    """Whatever the number of conversations that others have: the few of this agent come from their own index."""
    crowd = """
    WITH people AS (
        INSERT INTO contact (name) SELECT 'Bulk ' || n FROM generate_series(1, 20000) n RETURNING id
    )
    INSERT INTO conversation (contact_id, channel_id, assignee_id, status, last_seq, last_message_at)
    SELECT id, $1, $2, 'done', 0, now() + interval '1 hour' FROM people
    """
    await write_many(world, crowd, world.site.id, world.ada.id)
    of_ada = "WHERE assignee_id = $1 AND last_public_seq = 0"
    await write_many(world, f"UPDATE conversation SET last_seq = 1 {of_ada}", world.ada.id)
    await write_many(world, "ANALYZE conversation")
    async with world.database.work() as work:
        question = InboxQuestion(folder="done", holders=house.olga.actor.holders)
        told: list[str] = []
        rows = work.rows

        async def explained(sql: str, *values: object) -> list[object]:
            if "LATERAL" in sql:
                plan = await rows(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT TEXT) {sql}", *values)
                told.extend(row[0] for row in plan)
            return await rows(sql, *values)

        work.rows = explained  # type: ignore[method-assign, assignment]
        page = await queries.inbox(work, question)
        assert page.rows == []
        plan = "\n".join(told)
        assert "conversation_holder" in plan
        assert "Seq Scan on conversation" not in plan, plan
    await write_many(world, f"DELETE FROM conversation {of_ada}", world.ada.id)


def test_who_sees_everything_sees_every_holder() -> None:
    everything = AgentActor(uuid4(), uuid4(), "A", frozenset())
    assert everything.sees(NOBODY)
    assert everything.sees(uuid4())
    narrow = AgentActor(uuid4(), uuid4(), "A", frozenset(), frozenset({NOBODY}))
    assert narrow.sees(NOBODY)
    assert not narrow.sees(uuid4())
