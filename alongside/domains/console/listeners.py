"""What agents are told when something happens: rows to all who may see them, the log to those who have it open."""

from __future__ import annotations

from alongside.domains.agents.events import AgentPresenceChanged, AgentStandingChanged, SessionRevoked
from alongside.domains.articles import events as article_events
from alongside.domains.console import moves, topics
from alongside.domains.console.moves import Moved
from alongside.domains.console.schemas import (
    AgentMark,
    AgentPresence,
    AgentTyping,
    AlarmTold,
    ArticlesChanged,
    Assigned,
    ChatLinksChanged,
    ContactErased,
    ContactTouched,
    DirectoryChanged,
    EntryAdded,
    Mentioned,
    QueueChanged,
    Refresh,
    ReportExported,
    RowChanged,
    RulesTouched,
    TargetAlarmed,
    TextBlocksChanged,
    TicketChanged,
    TicketViewsChanged,
    VisitorMarks,
    VisitorPage,
    VisitorPreview,
    VisitorTyping,
    WaitsTooLong,
)
from alongside.domains.contacts.events import ContactChanged, VisitorMoved
from alongside.domains.conversations import events
from alongside.domains.conversations.policy import holder
from alongside.domains.conversations.schemas import AssignmentEntry
from alongside.domains.notifications import events as notification_events
from alongside.domains.privacy import events as privacy_events
from alongside.domains.reports import events as report_events
from alongside.domains.rules import events as rule_events
from alongside.domains.tickets import events as ticket_events
from alongside.platform.events import Fact
from alongside.platform.realtime.hub import Hub, encode
from alongside.platform.realtime.socket import RECONNECT, SIGNED_OUT


class AgentListeners:
    """Turns facts into frames for agents."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        hub.on_node(topics.MOVED, lambda payload: moves.tell(hub, payload))

    def entry_added(self, fact: events.EntryAdded) -> None:
        """The log grew: those who have it open get the entry, who may see it the row, the new assignee a call."""
        row, entry = fact.row, fact.entry
        self._hub.publish(topics.conversation(row.id), EntryAdded(conversation_id=row.id, entry=entry))
        change = RowChanged(row=row, was_status=fact.was_status, was_assignee_id=fact.was_assignee_id)
        holder_id = holder(row.assignee_id, row.team_id)
        if fact.taken_from in (None, holder_id):
            self._hub.publish(topics.row(holder_id), change)
        else:
            self._hub.publish(topics.ALL_ROWS, change)
            self._hub.tell_nodes(topics.MOVED, encode(Moved(change, fact.taken_from)))
        if isinstance(entry, AssignmentEntry) and entry.agent_id and entry.agent_id != entry.author.id:
            self._hub.publish(topics.agent(entry.agent_id), Assigned(row=row, by_agent_id=entry.author.id))
        if isinstance(entry, AssignmentEntry) and entry.team_id:
            self._hub.publish(topics.team(entry.team_id), Assigned(row=row, by_agent_id=entry.author.id))

    def waits_too_long(self, fact: notification_events.WaitsTooLong) -> None:
        """Each agent who wants to know hears it."""
        for agent_id in fact.agent_ids:
            self._hub.publish(topics.agent(agent_id), WaitsTooLong(row=fact.row))

    def target_alarmed(self, fact: notification_events.TargetAlarmed) -> None:
        """Each agent who is to know hears it."""
        for agent_id in fact.agent_ids:
            self._hub.publish(topics.agent(agent_id), TargetAlarmed(row=fact.row, alarm=fact.alarm))

    def alarm_told(self, fact: notification_events.AlarmTold) -> None:
        """Each agent whom the watchdog names hears it."""
        for agent_id in fact.agent_ids:
            self._hub.publish(topics.agent(agent_id), AlarmTold(name=fact.name, over=fact.over))

    def mentioned(self, fact: notification_events.Mentioned) -> None:
        """Each agent whom a note named hears it."""
        for agent_id in fact.agent_ids:
            self._hub.publish(topics.agent(agent_id), Mentioned(row=fact.row))

    def row_refreshed(self, fact: events.RowRefreshed) -> None:
        """The contact has another name."""
        row = fact.row
        frame = RowChanged(row=row, was_status=row.status, was_assignee_id=row.assignee_id)
        self._hub.publish(topics.row(holder(row.assignee_id, row.team_id)), frame)

    def team_has_seen(self, fact: events.TeamHasSeen) -> None:
        """A colleague read."""
        frame = AgentMark(conversation_id=fact.conversation_id, agent_id=fact.agent_id, seq=fact.seq)
        self._hub.publish(topics.conversation(fact.conversation_id), frame, signal=True)

    def visitor_has_marked(self, fact: events.VisitorHasMarked) -> None:
        """The visitor received or read."""
        frame = VisitorMarks(conversation_id=fact.conversation_id, delivered=fact.delivered, seen=fact.seen)
        self._hub.publish(topics.conversation(fact.conversation_id), frame, signal=True)

    def visitor_types(self, fact: events.VisitorTypes) -> None:
        """Shown in the list too."""
        frame = VisitorTyping(conversation_id=fact.conversation_id, on=fact.on)
        self._hub.publish(topics.signals(fact.conversation_id), frame, signal=True)
        if fact.text is not None:
            preview = VisitorPreview(conversation_id=fact.conversation_id, text=fact.text if fact.on else "")
            self._hub.publish(topics.conversation(fact.conversation_id), preview, signal=True)

    def agent_types(self, fact: events.AgentTypes) -> None:
        """Shown in the list too."""
        frame = AgentTyping(conversation_id=fact.conversation_id, agent_id=fact.agent_id, on=fact.on, note=fact.note)
        self._hub.publish(topics.signals(fact.conversation_id), frame, signal=True)

    def visitor_moved(self, fact: VisitorMoved) -> None:
        """The visitor is on another page, or left."""
        frame = VisitorPage(contact_id=fact.contact_id, url=fact.url, title=fact.title, online=fact.online)
        self._hub.publish(topics.contact(fact.contact_id), frame, signal=True)

    def contact_changed(self, fact: ContactChanged) -> None:
        """Whoever shows the contact reads it again: what may be told of it depends on who reads."""
        for topic in (topics.ALL_ROWS, *map(topics.held, fact.holders)):
            self._hub.publish(topic, ContactTouched(contact_id=fact.contact_id), signal=True)

    def contacts_imported(self, _: Fact) -> None:
        """Consoles read everything that shows contacts again."""
        self._hub.publish(topics.EVERYBODY, ContactTouched(contact_id=None), signal=True)
        self._hub.publish(topics.EVERYBODY, Refresh())

    def presence_changed(self, fact: AgentPresenceChanged) -> None:
        """A colleague came or went."""
        frame = AgentPresence(agent_id=fact.agent_id, online=fact.online, logged_in=fact.logged_in)
        self._hub.publish(topics.EVERYBODY, frame)

    def session_revoked(self, fact: SessionRevoked) -> None:
        """The session's sockets close."""
        self._hub.close(topics.session(fact.session_id), SIGNED_OUT, "signed out")

    def standing_changed(self, fact: AgentStandingChanged) -> None:
        """The agent's sockets come back with the new role and teams."""
        self._hub.close(topics.standing(fact.agent_id), RECONNECT, "your role or teams changed: reconnect")

    def text_blocks_changed(self, _: Fact) -> None:
        """Consoles search text blocks again."""
        self._hub.publish(topics.EVERYBODY, TextBlocksChanged())

    def articles_changed(self, fact: article_events.ArticlesChanged) -> None:
        """Whoever looks at articles reads them again."""
        self._hub.publish(topics.EVERYBODY, ArticlesChanged(article_id=fact.article_id, agent_id=fact.agent_id))

    def rules_changed(self, fact: rule_events.RulesChanged) -> None:
        """Whoever looks at rules of this kind reads them again."""
        self._hub.publish(topics.EVERYBODY, RulesTouched(kind=fact.kind))

    def queue_changed(self, _: Fact) -> None:
        """Whoever looks at the queue reads it again."""
        self._hub.publish(topics.EVERYBODY, QueueChanged())

    def directory_changed(self, _: Fact) -> None:
        """Consoles read agents, teams, channels, fields and labels again."""
        self._hub.publish(topics.EVERYBODY, DirectoryChanged())

    def contact_erased(self, fact: privacy_events.ContactErased) -> None:
        """Consoles forget the conversations. Their ids name nothing any more."""
        frame = ContactErased(contact_id=fact.contact_id, conversation_ids=list(fact.conversation_ids))
        for topic in (topics.ALL_ROWS, *map(topics.held, fact.holders)):
            self._hub.publish(topic, frame)

    def ticket_changed(self, fact: ticket_events.TicketChanged) -> None:
        """Whoever may read tickets gets the row: it stands in lists, in the ticket itself, and in people's details."""
        self._hub.publish(topics.TICKETS, TicketChanged(row=fact.row, contact_ids=fact.contact_ids))

    def ticket_views_changed(self, _: Fact) -> None:
        """Consoles that show the list of tickets read its views again."""
        self._hub.publish(topics.TICKETS, TicketViewsChanged())

    def chat_links_changed(self, _: Fact) -> None:
        """Whoever may make chat links reads them again."""
        self._hub.publish(topics.CHAT_LINKS, ChatLinksChanged())

    def export_changed(self, fact: report_events.ExportChanged) -> None:
        """The file is for who asked for it, and for nobody else."""
        self._hub.publish(topics.agent(fact.agent_id), ReportExported(export=fact.export))
