"""P07: a snapshot and the frames after it are the state, for every verb and both audiences."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from alongside import contents  # noqa: F401 - every fact must be known
from alongside.domains.agents import events as agent_facts
from alongside.domains.articles import events as article_facts
from alongside.domains.channels import actions as channels
from alongside.domains.channels import events as channel_facts
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts import events as contact_facts
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import events as conversation_facts
from alongside.domains.fields import actions as fields
from alongside.domains.fields import events as field_facts
from alongside.domains.labels import actions as labels
from alongside.domains.labels import events as label_facts
from alongside.domains.messages import actions as messages
from alongside.domains.notifications import events as notification_facts
from alongside.domains.privacy import events as privacy_facts
from alongside.domains.reports import events as report_facts
from alongside.domains.routing import events as routing_facts
from alongside.domains.rules import events as rule_facts
from alongside.domains.systemmessages import events as systemmessage_facts
from alongside.domains.textblocks import events as textblock_facts
from alongside.domains.tickets import events as ticket_facts
from alongside.domains.watchdogs import events as watchdog_facts
from alongside.domains.webhooks import events as webhook_facts
from alongside.domains.workspace import events as workspace_facts
from alongside.platform.deeds import Deed
from alongside.platform.events import Fact
from tests.harness.stage import Stage
from tests.reliability.acts import company, people, talk
from tests.reliability.acts.scene import Scene, barrier
from tests.reliability.algebra import TeamState, VisitorState

Act = Callable[[Scene], Awaitable[None]]

# Every verb of these domains by the case that calls it.
VERBS: dict[Callable[..., Any], Act] = {
    messages.post: talk.post,
    messages.carry_over: people.carry_over,
    messages.post_articles: talk.post_articles,
    messages.edit: talk.change,
    messages.delete: talk.change,
    conversations.begin: talk.begin,
    conversations.set_status: talk.set_status,
    conversations.assign: talk.assign,
    conversations.assign_customer: people.belong,
    conversations.give_to_owner: people.belong,
    conversations.record_identified: people.recognise,
    conversations.rate: talk.rate,
    conversations.mark_seen: talk.mark_seen,
    conversations.mark_visitor: talk.mark_visitor,
    conversations.refresh_rows: people.edit_contact,
    conversations.label_conversation: people.label,
    contacts.meet_visitor: talk.begin,
    contacts.recognise_visitor: people.recognise,
    contacts.claim: people.claim,
    contacts.tell: people.answer_before,
    contacts.forget_visitor: people.recognise,
    contacts.start_visit: people.go_and_come,
    contacts.see_page: people.see_page,
    contacts.leave: people.go_and_come,
    contacts.edit_contact: people.edit_contact,
    contacts.create_contact: people.belong,
    contacts.give_contact: people.belong,
    contacts.set_field: company.define_fields,
    contacts.label_contact: people.label,
    contacts.merge: people.merge,
    contacts.undo_merge: people.merge,
    contacts.import_contacts: people.import_file,
    fields.create_field: company.define_fields,
    fields.edit_field: company.define_fields,
    fields.order_fields: company.define_fields,
    fields.delete_field: company.define_fields,
    labels.create_label: people.label,
    labels.edit_label: people.label,
    labels.delete_label: people.label,
    channels.create_channel: company.edit_channel,
    channels.edit_channel: company.edit_channel,
    channels.add_identity_key: company.edit_channel,
    channels.retire_identity_key: company.edit_channel,
}
# These happen without anybody's doing; the proof that has them.
ELSEWHERE = {
    messages.tell: "an entry of the log, by rules alone: tests/messages/test_telling.py",
    messages.tell_within: "the same, in the transaction of what it is about",
    conversations.give: "an assignment by routing rules alone: tests/routing/test_routing.py",
    contacts.label_by_rule: "by an action rule alone: tests/actionrules/test_doors.py",
    contacts.claim_by_rule: "the same",
    conversations.record_mailed: "an entry of the log, by mail alone: tests/answers/test_letters.py",
    conversations.show_targets: "what follows from the log by rules: tests/sla/test_clocks.py",
    contacts.let_back_in: "by a mailed link alone: tests/answers/test_return.py",
    fields.forget_role: "with the role that goes: tests/fields/test_fields.py",
}
# These change nothing that anybody is shown.
SILENT = {
    channels.add_picture,
    conversations.require_assignable,
    conversations.require_held_by,
    contacts.authenticate_visitor,
    conversations.decline_rating,
    contacts.contact_details,
    contacts.extend_visits,
    contacts.export_contacts,
    contacts.note_export,
    contacts.preview_import,
    contacts.forget_merges,
}

# Every fact by a case that brings it about, or by the proof that has it.
FACTS: dict[type[Fact], Act | str] = {
    conversation_facts.EntryAdded: talk.post,
    conversation_facts.RowRefreshed: people.edit_contact,
    conversation_facts.TeamHasSeen: talk.mark_seen,
    conversation_facts.VisitorHasMarked: talk.mark_visitor,
    conversation_facts.VisitorTypes: "a signal, no state: tests/security/test_push_matrix.py",
    conversation_facts.AgentTypes: "a signal, no state: tests/security/test_push_matrix.py",
    contact_facts.VisitorMoved: people.see_page,
    contact_facts.ContactChanged: people.edit_contact,
    contact_facts.ContactsImported: people.import_file,
    contact_facts.IdentityRevoked: people.recognise,
    contact_facts.VisitorRecognised: people.recognise,
    article_facts.ArticlesChanged: talk.post_articles,
    channel_facts.ChannelChanged: company.edit_channel,
    agent_facts.AgentPresenceChanged: company.presence,
    agent_facts.SessionRevoked: "closes sockets: tests/realtime/test_revocation.py",
    agent_facts.AgentStandingChanged: "closes sockets: tests/realtime/test_revocation.py",
    agent_facts.DirectoryChanged: talk.assign,
    routing_facts.QueueChanged: "a call to read again: tests/routing/test_queue.py",
    routing_facts.PlaceChanged: "told to one visitor alone: tests/routing/test_live.py",
    rule_facts.RulesChanged: "a call to read again: tests/rules/test_rules.py",
    systemmessage_facts.SystemMessagesChanged: "a call to read again: tests/systemmessages/test_system_messages.py",
    textblock_facts.TextBlocksChanged: "a call to search again: tests/console/test_live.py",
    notification_facts.AlarmTold: "a call, no state: tests/watchdogs/test_watchdogs.py",
    watchdog_facts.WatchdogsChanged: "a call to read again: tests/watchdogs/test_watchdogs.py",
    notification_facts.Mentioned: "a call, no state: tests/notifications/test_mentions.py",
    notification_facts.TargetAlarmed: "a call, no state: tests/sla/test_alarms.py",
    notification_facts.WaitsTooLong: "a call, no state: tests/notifications/test_waiting.py",
    privacy_facts.ContactErased: "a whole person goes: tests/privacy/test_live.py",
    report_facts.ExportChanged: "told to one agent alone: tests/reports/test_doors.py",
    ticket_facts.TicketChanged: "the console asks for the rest by number: tests/tickets/test_live.py",
    ticket_facts.TicketViewsChanged: "a call to read again: tests/tickets/test_live.py",
    webhook_facts.WebhooksChanged: "a call to processes, no frame: tests/webhooks/test_sending.py",
    field_facts.FieldsChanged: company.define_fields,
    label_facts.LabelsChanged: people.label,
    workspace_facts.HoursChanged: company.change_hours,
}

# What the same verbs do with files.
MORE = (talk.post_files,)
CASES = sorted(
    {act for act in [*VERBS.values(), *FACTS.values(), *MORE] if callable(act)}, key=lambda act: act.__name__
)


@pytest.mark.parametrize("act", CASES, ids=lambda act: act.__name__)
async def test_frames_are_the_difference(one: Stage, act: Act) -> None:
    cast = one.world
    token = await one.newcomer()
    async with (
        one.visitor(token) as tab,
        one.agent(cast.ada) as console,
        one.console(cast.ben) as ben,
        one.console(cast.sol) as sol,
        one.widget(token) as visitor,
    ):
        await tab.send("hello")
        conversation_id = await one.conversation_of(token)
        await console.open(conversation_id)
        contact_id = console.rows[str(conversation_id)]["contact"]["id"]
        scene = Scene(one, token, conversation_id, contact_id, tab, console, ben, sol, visitor)
        await barrier(tab)
        await barrier(console)
        team, own = await TeamState.read(ben, str(conversation_id)), await VisitorState.read(visitor)
        seen_by_team, seen_by_visitor = len(console.frames), len(tab.frames)
        await act(scene)
        await barrier(console)
        team.compare(await told(scene, team, seen_by_team))
        if tab.closes:
            assert (await visitor.get("/conversation")).status_code == 401
            return
        await barrier(tab)
        for _, frame in tab.frames[seen_by_visitor:]:
            own.apply(frame)
        own.compare(await VisitorState.read(visitor))


async def told(scene: Scene, team: TeamState, since: int) -> TeamState:
    """Apply what the console was told; the truth to hold it against.

    The lease of an agent of an earlier test may end by itself just now: that is told within a round, and waited for.
    """
    console = scene.console
    for _ in range(5):
        for _, frame in console.frames[since:]:
            team.apply(frame)
        since = len(console.frames)
        truth = await TeamState.read(scene.ben, str(scene.conversation_id))
        if "directory" in team.reread or team.online == truth.online:
            break
        await console.until(lambda: len(console.frames) > since)  # noqa: B023 - awaited here
    return truth


def test_every_verb_has_a_case() -> None:
    verbs = {
        verb
        for module in (messages, conversations, contacts, channels, fields, labels)
        for name, verb in inspect.getmembers(module, inspect.isfunction)
        if verb.__module__.startswith(module.__name__)
        and not name.startswith("_")
        and (inspect.iscoroutinefunction(verb) or inspect.isasyncgenfunction(verb))
    }
    assert verbs == VERBS.keys() | SILENT | ELSEWHERE.keys(), "a new verb needs a case here, or a reason to be silent"


def test_every_fact_has_a_case() -> None:
    # Deeds are for the audit log; a frame that is made of one (chat links) is a call to read again.
    known = {kind for kind in Fact.__subclasses__() if kind.__module__.startswith("alongside.")} - {Deed}
    assert known == FACTS.keys(), "a new fact needs a case here"
