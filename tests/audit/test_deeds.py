"""What is done is kept in the same transaction, once, with who did it, and without what must not stand there."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from uuid import UUID

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.joining_schemas import NewInvitation
from alongside.domains.agents.schemas import (
    ChangePassword,
    Credentials,
    EditAgent,
    EditRole,
    EditTeam,
    NewAgent,
    NewRole,
    NewTeam,
)
from alongside.domains.channels import actions as channels
from alongside.domains.channels.schemas import EditChannel, EditSettings, NewChannel
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.actions.importing import HowToImport
from alongside.domains.contacts.book import ContactQuestion
from alongside.domains.contacts.schemas import Claims
from alongside.domains.fields import actions as fields
from alongside.domains.fields.schemas import EditField, NewField
from alongside.platform import deeds
from alongside.platform.auth.actor import SystemActor
from alongside.platform.deeds import Deed
from alongside.platform.errors import Conflict, Unauthorized
from tests.world import COLLEAGUE, HOME, PASSWORD, World, sign_in


class Sneezed(Deed, frozen=True, kw_only=True):
    """A kind of deed that only this test knows."""

    deed: ClassVar[str] = "TEST_SNEEZED"

    times: int
    at: UUID


async def kept(world: World, *types: str) -> list[tuple[str, UUID | None, dict[str, Any]]]:
    """The log from its beginning, of these types if any are named."""
    async with world.database.reading() as reading:
        rows = await reading.rows("SELECT type, actor_id, data FROM audit_entry ORDER BY at, id")
    return [(row["type"], row["actor_id"], row["data"]) for row in rows if not types or row["type"] in types]


async def test_a_new_kind_needs_nothing_but_its_name(world: World) -> None:
    async with world.database.work() as work:
        work.announce(Sneezed(actor_id=world.ada.id, times=3, at=world.conversation_id))
    assert await kept(world, "TEST_SNEEZED") == [
        ("TEST_SNEEZED", world.ada.id, {"times": 3, "at": str(world.conversation_id)})
    ]
    assert Sneezed in deeds.kinds()
    assert len(world.facts.of(Sneezed)) == 1, "listeners hear of it like of any fact"


async def test_what_is_undone_was_not_done(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        async with world.database.work() as work:
            work.announce(Sneezed(actor_id=world.ada.id, times=1, at=world.ada.id))
            raise ZeroDivisionError
    assert await kept(world, "TEST_SNEEZED") == []


async def test_what_cannot_be_kept_is_not_done(world: World) -> None:
    """The log is written before the commit: where that fails, nothing happened."""
    with pytest.raises(Exception, match="foreign key"):
        async with world.database.work() as work:
            await work.run("UPDATE agent SET description = 'done without a trace' WHERE id = $1", world.ada.id)
            work.announce(Sneezed(actor_id=world.conversation_id, times=1, at=world.ada.id))
    async with world.database.reading() as reading:
        assert await reading.value("SELECT description FROM agent WHERE id = $1", world.ada.id) == ""
    assert world.facts == []


async def test_a_deed_needs_a_transaction(world: World) -> None:
    with pytest.raises(RuntimeError, match="needs `work`"):
        async with world.database.statement() as work:
            work.announce(Sneezed(actor_id=None, times=1, at=world.ada.id))


async def test_the_log_is_not_changed_and_not_emptied(world: World) -> None:
    for statement in (
        "UPDATE audit_entry SET actor_id = NULL",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ):
        with pytest.raises(Exception, match="never changed"):
            async with world.database.work() as work:
                await work.run(statement)
    assert await kept(world, "LOGGED_IN")


async def test_signing_in_and_out_and_presence(world: World) -> None:
    assert [actor for _, actor, _ in await kept(world, "LOGGED_IN")] == [world.sol.id, world.ada.id, world.ben.id]
    again = await sign_in(world.config, world.database, world.ada.email)
    for online in (True, True, False, False):
        await agents.go_online(world.database, again.actor, online)
    await agents.sign_out(world.database, again.actor)
    assert (await kept(world))[-4:] == [
        ("LOGGED_IN", world.ada.id, {}),
        ("ONLINE_STATUS_ONLINE", world.ada.id, {}),
        ("ONLINE_STATUS_OFFLINE", world.ada.id, {}),
        ("LOGGED_OUT", world.ada.id, {}),
    ]


async def test_who_does_not_know_the_password(world: World) -> None:
    """Noted alike for an address that nobody has, which itself is not kept: it may be a mistyped password."""
    for email in (world.ada.email, "nobody@shop.test"):
        with pytest.raises(Unauthorized):
            await agents.sign_in(world.database, world.config, Credentials(email=email, password="wrong wrong"), HOME)
    assert await kept(world, "LOGIN_FAILED") == [
        ("LOGIN_FAILED", None, {"agent_id": str(world.ada.id), "agent": "Ada"}),
        ("LOGIN_FAILED", None, {"agent_id": None, "agent": None}),
    ]


async def test_customers_are_kept_by_number(world: World) -> None:
    sol, vera = world.sol.actor, world.vera.actor.contact_id
    async with world.database.work() as work:
        other = (await contacts.meet_visitor(work, world.site.id, Claims(name="Zoe"), "en")).actor.contact_id
        await contacts.merge(work, sol, vera, other)
        (merge_id,) = [row["id"] for row in await work.rows("SELECT id FROM contact_merge")]
        await contacts.undo_merge(work, sol, merge_id)
        lines = b"email,name\nkim@example.com,Kim\n"
        await contacts.import_contacts(work, sol, lines, HowToImport(match="email"))
        await contacts.note_export(work, sol, ContactQuestion(holders=None))
        await contacts.note_export(work, sol, ContactQuestion(holders=None, search="Kim"))
        numbers = {row["id"]: row["number"] for row in await work.rows("SELECT id, number FROM contact")}
    both = {
        "customer_id": str(vera),
        "customer_number": numbers[vera],
        "other_id": str(other),
        "other_number": numbers[other],
    }
    assert [(kind, data) for kind, _, data in await kept(world) if kind.startswith("CUSTOMERS")] == [
        ("CUSTOMERS_MERGED", both),
        ("CUSTOMERS_SEPARATED", both),
        ("CUSTOMERS_IMPORTED", {"created": 1, "changed": 0}),
        ("CUSTOMERS_EXPORTED", {"filtered": False}),
        ("CUSTOMERS_EXPORTED", {"filtered": True}),
    ]


async def test_what_is_asked_of_customers(world: World) -> None:
    sol = world.sol.actor
    async with world.database.work() as work:
        field = await fields.create_field(work, sol, NewField(kind="text", label={"en": "Pollen"}))
        for change in (EditField(required=True), EditField(archived=True)):
            await fields.edit_field(work, sol, field.id, change)
        await fields.delete_field(work, sol, field.id)
    told = [data for _, _, data in await kept(world, "SETTINGS_CHANGE") if data["area"] == "fields"]
    assert [each["values"]["change"] for each in told] == ["created", "edited", "archived", "deleted"]
    assert told[-1]["values"]["field"] == {"en": "Pollen"}


async def test_passwords_and_sessions(world: World) -> None:
    other = await sign_in(world.config, world.database, world.ada.email)
    new = "a much longer fern"
    await agents.change_password(world.database, world.config, other.actor, ChangePassword(current=PASSWORD, new=new))
    await agents.reset_password(world.database, world.ben.email, new)
    assert (await kept(world))[-3:] == [
        ("PASSWORD_CHANGE", world.ada.id, {}),
        ("SESSIONS_ENDED", world.ada.id, {"sessions": 1}),
        ("PASSWORD_RESET", None, {"agent_id": str(world.ben.id), "agent": "Ben"}),
    ]
    assert new not in json.dumps([data for _, _, data in await kept(world)])


async def test_people_and_roles(world: World) -> None:
    sol = world.sol.actor
    async with world.database.work() as work:
        role = await agents.create_role(work, sol, NewRole(name="Lead", permissions=COLLEAGUE))
        await agents.edit_role(work, sol, role.id, EditRole(permissions=["contacts.edit"], sees="own"))
    new = NewAgent(email="eva@shop.test", display_name="Eva", password=PASSWORD, role_id=role.id)
    eva = await agents.create_agent(world.database, sol, new)
    other = world.ada.actor
    async with world.database.reading() as reading:
        agent_role = await reading.value("SELECT role_id FROM agent WHERE id = $1", other.id)
    async with world.database.work() as work:
        await agents.edit_agent(work, sol, eva.id, EditAgent(display_name="Eva M.", role_id=agent_role))
        await agents.delete_role(work, sol, role.id)
    await agents.deactivate(world.database, sol, eva.id)
    async with world.database.work() as work:
        await agents.reactivate(work, sol, eva.id)
    made = await agents.invite(
        world.database, world.config, sol, NewInvitation(email="kim@shop.test", role_id=agent_role)
    )
    async with world.database.work() as work:
        await agents.withdraw_invitation(work, sol, made.invitation.id)
    log = [(kind, data) for kind, actor, data in await kept(world) if actor == world.sol.id]
    given = {"role_id": str(role.id), "role": "Lead"}
    named = {"agent_id": str(eva.id), "agent": "Eva M."}
    assert log[-10:] == [
        ("ROLE_CREATED", given | {"permissions": COLLEAGUE, "sees": "all"}),
        (
            "PERMISSION_CHANGE",
            given
            | {"was_role": "Lead", "permissions": ["contacts.edit"], "was_permissions": COLLEAGUE}
            | {"sees": "own", "was_sees": "all"},
        ),
        ("USER_CREATED", {"agent_id": str(eva.id), "agent": "Eva", "role": "Lead"}),
        ("USER_CHANGE", named | {"fields": ["display_name"]}),
        ("ROLE_CHANGE", named | {"role": "Agent", "was_role": "Lead"}),
        ("ROLE_DELETED", {"role": "Lead"}),
        ("USER_DEACTIVATED", named),
        ("USER_REACTIVATED", named),
        ("USER_INVITED", {"email": "kim@shop.test", "role": "Agent"}),
        ("INVITATION_WITHDRAWN", {"email": "kim@shop.test"}),
    ]
    told = json.dumps(log)
    assert PASSWORD not in told
    assert made.link.partition("#token=")[2] not in told


async def test_teams(world: World) -> None:
    sol = world.sol.actor
    async with world.database.work() as work:
        team = await agents.create_team(work, sol, NewTeam(name="T", member_ids=[world.ada.id]))
        await agents.edit_team(work, sol, team.id, EditTeam(member_ids=[world.ben.id], tags=["de"]))
        await agents.delete_team(work, sol, team.id)
    named = {"team_id": str(team.id), "team": "T"}
    assert [(kind, data) for kind, _, data in await kept(world, "TEAM_CREATED", "TEAM_CHANGE", "TEAM_DELETED")] == [
        ("TEAM_CREATED", named | {"agents": ["Ada"]}),
        ("TEAM_CHANGE", named | {"fields": ["tags", "member_ids"], "joined": ["Ben"], "left": ["Ada"]}),
        ("TEAM_DELETED", {"team": "T"}),
    ]


async def test_channels_with_what_changed_and_no_secret(world: World) -> None:
    sol = world.sol.actor
    async with world.database.work() as work:
        made = await channels.create_channel(work, sol, NewChannel(name="Two"))
        change = EditChannel(settings=EditSettings(position="left", privacy_url="https://two.example/p\x00rivacy"))
        await channels.edit_channel(work, sol, made.id, change)
        key = await channels.add_identity_key(work, sol, made.id)
        await channels.retire_identity_key(work, sol, made.id, key.kid)
    log = [data for _, actor, data in await kept(world, "PLUGIN_CHANGE") if data["channel"] == "Two"]
    assert [(data["change"], data["values"]) for data in log] == [
        ("created", {"name": "Two", "settings": {}, "allowed_origins": []}),
        ("edited", {"settings": {"position": "left", "privacy_url": "https://two.example/privacy"}}),
        ("key-added", {"kid": key.kid}),
        ("key-retired", {"kid": key.kid}),
    ]
    assert key.secret not in json.dumps(log)


async def test_a_refused_deed_leaves_no_trace(world: World) -> None:
    before = await kept(world)
    with pytest.raises(Conflict):
        await agents.deactivate(world.database, world.sol.actor, world.sol.id)
    assert await kept(world) == before


async def test_the_command_line_is_nobody(world: World) -> None:
    await agents.create_admin(world.database, "root@shop.test", "Root", PASSWORD)
    kind, actor, data = (await kept(world))[-1]
    assert (kind, actor, data["agent"], data["role"]) == ("USER_CREATED", None, "Root", "Admin")
    async with world.database.work() as work:
        await agents.create_role(work, SystemActor(), NewRole(name="Seeded", permissions=[]))
    assert (await kept(world))[-1][:2] == ("ROLE_CREATED", None)


def test_every_kind_has_a_name_of_its_own() -> None:
    names = [kind.deed for kind in deeds.kinds()]
    assert len(set(names)) == len(names)
    assert all(name == name.upper() and len(name) <= 60 for name in names)
