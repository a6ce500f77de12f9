"""What visitors are told when something happens. Only messages and marks pass."""

from __future__ import annotations

from alongside.domains.channels.events import ChannelChanged
from alongside.domains.contacts.events import IdentityRevoked
from alongside.domains.conversations.events import AgentTypes, EntryAdded, TeamHasSeen, VisitorHasMarked
from alongside.domains.conversations.schemas import RatingEntry
from alongside.domains.routing.events import PlaceChanged
from alongside.domains.rules.events import RulesChanged
from alongside.domains.widget import around as around_module
from alongside.domains.widget import people as people_module
from alongside.domains.widget import ruled, topics
from alongside.domains.widget.around import Around
from alongside.domains.widget.frame_schemas import (
    AroundChanged,
    LookChanged,
    Message,
    OwnMarks,
    QueuePlace,
    TeamSeen,
    TeamTyping,
)
from alongside.domains.widget.people import People
from alongside.domains.widget.views import public_entry
from alongside.platform.events import Fact
from alongside.platform.realtime.hub import Hub
from alongside.platform.realtime.socket import SIGNED_OUT, UNKNOWN_CHANNEL


class VisitorListeners:
    """Turns facts into frames for visitors."""

    def __init__(self, hub: Hub, people: People, around: Around) -> None:
        self._hub = hub
        self._people = people
        self._around = around

    def entry_added(self, fact: EntryAdded) -> None:
        """A message reaches its visitor, and what became of it; else they hear at most that their chat is over."""
        topic = topics.visitor(fact.row.contact.id, fact.row.channel.id)
        message = public_entry(fact.entry, self._people, fact.author_name)
        if message:
            self._hub.publish(topic, Message(message=message))
        turned = (fact.was_status == "done") != (fact.row.status == "done")
        if (turned or isinstance(fact.entry, RatingEntry)) and self._around.of(fact.row.channel.id).afterwards:
            self._hub.publish(topic, AroundChanged())

    def team_has_seen(self, fact: TeamHasSeen) -> None:
        """The visitor sees that somebody read."""
        self._hub.publish(topics.visitor(fact.contact_id, fact.channel_id), TeamSeen(seq=fact.team_seen), signal=True)

    def visitor_has_marked(self, fact: VisitorHasMarked) -> None:
        """Badges in the visitor's other tabs follow."""
        self._hub.publish(topics.visitor(fact.contact_id, fact.channel_id), OwnMarks(seen=fact.seen), signal=True)

    def identity_revoked(self, fact: IdentityRevoked) -> None:
        """The token's sockets close."""
        self._hub.close(topics.identity(fact.identity_id), SIGNED_OUT, "this visitor session has ended")

    def people_changed(self, _: Fact) -> None:
        """Each process reads the agents again."""
        self._hub.tell_nodes(people_module.NODE_TOPIC)

    def channel_changed(self, fact: ChannelChanged) -> None:
        """Open widgets fetch their look again; those of a channel that is switched off go."""
        self._hub.tell_nodes(around_module.NODE_TOPIC)
        topic = topics.channel(fact.channel_id)
        if fact.active:
            self._hub.publish(topic, LookChanged())
        else:
            self._hub.close(topic, UNKNOWN_CHANNEL, "this chat is switched off")

    def hours_changed(self, _: Fact) -> None:
        """Whatever channel goes by the hours that changed: every open widget fetches its look again."""
        self._hub.publish(people_module.TOPIC, LookChanged())

    def place_changed(self, fact: PlaceChanged) -> None:
        """The visitor sees how far they have come in the queue."""
        topic = topics.visitor(fact.contact_id, fact.channel_id)
        self._hub.publish(topic, QueuePlace(place=fact.place, minutes=fact.minutes))

    def rules_changed(self, fact: RulesChanged) -> None:
        """Each process reads the action rules again, and open widgets fetch their look, which names their version."""
        if fact.kind == "action":
            self._hub.tell_nodes(ruled.NODE_TOPIC)
            self._hub.publish(people_module.TOPIC, LookChanged())

    def agent_types(self, fact: AgentTypes) -> None:
        """The visitor sees who types a reply; never that somebody writes a note."""
        if not fact.note:
            frame = TeamTyping(person=self._people.person(fact.agent_id), on=fact.on)
            self._hub.publish(topics.visitor(fact.contact_id, fact.channel_id), frame, signal=True)
