"""Roles: made, changed, deleted, and what nobody may do with them."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from alongside.domains.agents import actions, queries
from alongside.domains.agents.events import AgentStandingChanged, RoleCreated, RoleDeleted, RoleEdited
from alongside.domains.agents.joining_schemas import NewInvitation
from alongside.domains.agents.schemas import EditAgent, EditRole, NewAgent, NewRole, Role
from alongside.platform.auth.actor import NOBODY, AgentActor, SystemActor
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from tests.world import AGENT, COLLEAGUE, PASSWORD, Browser, World, hire, make_role


async def made(world: World, name: str = "Helper", sees: str = "all", permissions: list[str] | None = None) -> Role:
    async with world.database.work() as work:
        new = NewRole(name=name, permissions=COLLEAGUE if permissions is None else permissions, sees=sees)  # type: ignore[arg-type]
        return await actions.create_role(work, world.sol.actor, new)


async def changed(world: World, role_id: UUID, actor: AgentActor | None = None, **change: object) -> Role:
    async with world.database.work() as work:
        return await actions.edit_role(work, actor or world.sol.actor, role_id, EditRole(**change))  # type: ignore[arg-type]


async def deleted(world: World, role_id: UUID) -> None:
    async with world.database.work() as work:
        await actions.delete_role(work, world.sol.actor, role_id)


async def role_id_of(world: World, name: str) -> UUID:
    async with world.database.reading() as reading:
        return next(role.id for role in await queries.roles(reading) if role.name == name)


async def test_made_changed_deleted(world: World) -> None:
    role = await made(world, "  Night\tshift ", permissions=["contacts.edit", "conversations.reply", "contacts.edit"])
    assert (role.name, role.permissions, role.sees) == ("Night shift", ["conversations.reply", "contacts.edit"], "all")
    role = await changed(world, role.id, sees="own")
    assert (role.name, role.permissions, role.sees) == ("Night shift", ["conversations.reply", "contacts.edit"], "own")
    role = await changed(world, role.id, name="Nights", permissions=[])
    assert (role.name, role.permissions, role.sees) == ("Nights", [], "own")
    await deleted(world, role.id)
    async with world.database.reading() as reading:
        assert [each.name for each in await queries.roles(reading)] == ["Admin", "Agent"]
    assert [fact.permissions for fact in world.facts.of(RoleCreated)] == [["conversations.reply", "contacts.edit"]]
    first, second = world.facts.of(RoleEdited)
    assert (first.was_sees, first.sees, second.was_role, second.role) == ("all", "own", "Night shift", "Nights")
    assert [fact.role for fact in world.facts.of(RoleDeleted)] == ["Nights"]


async def test_what_changes_nothing_tells_nothing(world: World) -> None:
    role_id = await role_id_of(world, "Agent")
    await changed(world, role_id, name="Agent", permissions=AGENT, sees="all")
    assert world.facts == []


async def test_whoever_has_the_role_is_told(world: World) -> None:
    await changed(world, await role_id_of(world, "Agent"), permissions=["conversations.reply"])
    assert {fact.agent_id for fact in world.facts.of(AgentStandingChanged)} == {world.ada.id, world.ben.id}
    actor = await actions.authenticate(world.database, world.ada.token)
    assert actor.permissions == {"conversations.reply"}


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ({"name": "X", "permissions": ["conversations.fly"]}, "unknown-permission"),
        ({"name": "X", "permissions": ["*"]}, "unknown-permission"),
        ({"name": " \t", "permissions": []}, "role-name-malformed"),
        ({"name": "x" * 81, "permissions": []}, "role-name-malformed"),
        ({"name": "X", "permissions": ["roles.manage"], "sees": "own"}, "role-must-see-all"),
        ({"name": "X", "permissions": ["teams.manage"], "sees": "team"}, "role-must-see-all"),
        ({"name": "X", "permissions": [], "sees": "half"}, "invalid"),
        ({"name": "X"}, "invalid"),
        ({"name": "X", "permissions": ["x"] * 201}, "invalid"),
        ({"name": "AGENT", "permissions": []}, "role-name-taken"),
    ],
)
async def test_what_cannot_be_a_role_is_refused_with_words(
    world: World, browser: Browser, new: dict[str, object], code: str
) -> None:
    answer = await browser.be(world.sol).post("/roles", new)
    assert answer.json()["code"] == code
    assert answer.status_code == (409 if code == "role-name-taken" else 422)
    assert len(answer.json()["message"]) > 20


async def test_a_narrowed_sight_and_a_managing_permission_do_not_go_together_later_either(world: World) -> None:
    lead = await made(world, "Lead", permissions=[*COLLEAGUE, "teams.manage"])
    with pytest.raises(Invalid, match=r"teams\.manage"):
        await changed(world, lead.id, sees="team")
    narrowed = await changed(world, lead.id, sees="team", permissions=COLLEAGUE)
    with pytest.raises(Invalid, match=r"agents\.manage"):
        await changed(world, narrowed.id, permissions=["agents.manage"])


async def test_the_admin_role_stays(world: World) -> None:
    admin = await role_id_of(world, "Admin")
    for change in ({"name": "Boss"}, {"permissions": COLLEAGUE}, {"sees": "own"}):
        with pytest.raises(Conflict, match="Admin role"):
            await changed(world, admin, **change)
    with pytest.raises(Conflict, match="Admin role"):
        await deleted(world, admin)


async def test_a_role_that_somebody_has_is_not_deleted(world: World) -> None:
    role = await made(world)
    eva = await hire(world.config, world.database, "Eva", role.id)
    with pytest.raises(Conflict, match="another one first"):
        await deleted(world, role.id)
    await actions.deactivate(world.database, world.sol.actor, eva.id)
    with pytest.raises(Conflict, match="deactivated"):
        await deleted(world, role.id)
    async with world.database.work() as work:
        await actions.edit_agent(work, world.sol.actor, eva.id, EditAgent(role_id=await role_id_of(world, "Agent")))
    await deleted(world, role.id)


async def test_a_role_that_an_open_invitation_gives_is_not_deleted(world: World) -> None:
    role = await made(world)
    invitation = NewInvitation(email="eva@shop.test", role_id=role.id)
    invited = await actions.invite(world.database, world.config, world.sol.actor, invitation)
    with pytest.raises(Conflict, match="Withdraw"):
        await deleted(world, role.id)
    async with world.database.work() as work:
        await work.run("UPDATE invitation SET expires_at = now() WHERE id = $1", invited.invitation.id)
    await deleted(world, role.id)


async def test_given_and_deleted_at_once_one_wins(world: World) -> None:
    for turn in range(5):
        role = await made(world, f"Contested {turn}")
        new = NewAgent(email=f"x{turn}@shop.test", display_name="X", password=PASSWORD, role_id=role.id)
        results = await asyncio.gather(
            actions.create_agent(world.database, world.sol.actor, new), deleted(world, role.id), return_exceptions=True
        )
        refused = [result for result in results if isinstance(result, BaseException)]
        assert len(refused) == 1, results
        assert isinstance(refused[0], Refusal), refused


async def test_nobody_grants_or_touches_more_than_they_hold(world: World) -> None:
    lead_role = await make_role(world.database, "Lead", [*AGENT, "roles.manage", "agents.manage"])
    lead = await hire(world.config, world.database, "Lee", lead_role)
    boss_role = await make_role(world.database, "Boss", [*AGENT, "channels.manage"])
    async with world.database.work() as work:
        with pytest.raises(Forbidden):
            await actions.create_role(work, lead.actor, NewRole(name="Mine", permissions=["channels.manage"]))
    for role_id, change in ((lead_role, {"permissions": ["channels.manage"]}), (boss_role, {"permissions": []})):
        with pytest.raises(Forbidden):
            await changed(world, role_id, lead.actor, **change)
    with pytest.raises(Forbidden):
        async with world.database.work() as work:
            await actions.delete_role(work, lead.actor, boss_role)
    agent_role = await role_id_of(world, "Agent")
    assert (await changed(world, agent_role, lead.actor, permissions=["contacts.edit"])).permissions == [
        "contacts.edit"
    ]


async def test_agents_without_the_permission_change_no_role(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    agent_role = await role_id_of(world, "Agent")
    for call in (
        browser.post("/roles", {"name": "Mine", "permissions": []}),
        browser.patch(f"/roles/{agent_role}", {"permissions": ["roles.manage"]}),
        browser.delete(f"/roles/{agent_role}"),
    ):
        assert (await call).json()["code"] == "not-permitted"
    assert len((await browser.get("/roles")).json()) == 2, "everybody may know the roles"
    for unknown in (uuid4(), NOBODY):
        assert (await browser.be(world.sol).patch(f"/roles/{unknown}", {})).status_code == 404


async def test_links_of_who_may_less_from_now_on_stop_working(world: World) -> None:
    lead = await made(world, "Lead", permissions=[*COLLEAGUE, "agents.manage"])
    lee = await hire(world.config, world.database, "Lee", lead.id)
    await actions.invite(world.database, world.config, lee.actor, NewInvitation(email="y@shop.test", role_id=lead.id))
    await changed(world, lead.id, name="Leads")
    async with world.database.reading() as reading:
        assert len(await queries.invitations(reading)) == 1, "another name takes nothing away"
    await changed(world, lead.id, permissions=COLLEAGUE)
    async with world.database.reading() as reading:
        assert await queries.invitations(reading) == []


async def test_there_is_a_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alongside.domains.agents.actions.roles.MOST_ROLES", 2)
    with pytest.raises(Conflict, match="Delete one"):
        await made(world)


async def test_alongside_itself_may_make_roles(world: World) -> None:
    async with world.database.work() as work:
        role = await actions.create_role(work, SystemActor(), NewRole(name="Seeded", permissions=["teams.manage"]))
    assert role.permissions == ["teams.manage"]
    with pytest.raises(NotFound):
        await changed(world, uuid4())
