"""The table of contents: what each domain contributes, in floor order. Only this file imports routes and listeners."""

from __future__ import annotations

from alongside.domains.actionrules import routes as action_rule_routes
from alongside.domains.agents import events as agent_events
from alongside.domains.agents import jobs as agent_jobs
from alongside.domains.agents import letters as agent_letters
from alongside.domains.agents import routes as agent_routes
from alongside.domains.answers import jobs as answer_jobs
from alongside.domains.answers import letters as answer_letters
from alongside.domains.answers import pages as answer_pages
from alongside.domains.articles import events as article_events
from alongside.domains.articles import pages as article_pages
from alongside.domains.articles import routes as article_routes
from alongside.domains.audit import jobs as audit_jobs
from alongside.domains.audit import routes as audit_routes
from alongside.domains.channels import events as channel_events
from alongside.domains.channels import routes as channel_routes
from alongside.domains.chatlinks import events as chatlink_events
from alongside.domains.chatlinks import jobs as chatlink_jobs
from alongside.domains.chatlinks import pages as chatlink_pages
from alongside.domains.chatlinks import routes as chatlink_routes
from alongside.domains.console import pages as console_pages
from alongside.domains.console import routes as console_routes
from alongside.domains.console.listeners import AgentListeners
from alongside.domains.contacts import events as contact_events
from alongside.domains.contacts import jobs as contact_jobs
from alongside.domains.contacts import routes as contact_routes
from alongside.domains.conversations import contact_routes as conversation_contact_routes
from alongside.domains.conversations import events as conversation_events
from alongside.domains.conversations import routes as conversation_routes
from alongside.domains.fields import events as field_events
from alongside.domains.fields import routes as field_routes
from alongside.domains.files import jobs as file_jobs
from alongside.domains.files import routes as file_routes
from alongside.domains.integrations import routes as integration_routes
from alongside.domains.labels import events as label_events
from alongside.domains.labels import routes as label_routes
from alongside.domains.mail import jobs as mail_jobs
from alongside.domains.mail import routes as mail_routes
from alongside.domains.messages import file_routes as message_file_routes
from alongside.domains.messages import routes as message_routes
from alongside.domains.notifications import events as notification_events
from alongside.domains.notifications import jobs as notification_jobs
from alongside.domains.notifications import letters as notification_letters
from alongside.domains.notifications import routes as notification_routes
from alongside.domains.notifications.listeners import NotificationListeners
from alongside.domains.privacy import events as privacy_events
from alongside.domains.privacy import routes as privacy_routes
from alongside.domains.reports import events as report_events
from alongside.domains.reports import jobs as report_jobs
from alongside.domains.reports import letters as report_letters
from alongside.domains.reports import routes as report_routes
from alongside.domains.routing import events as routing_events
from alongside.domains.routing import jobs as routing_jobs
from alongside.domains.routing import routes as routing_routes
from alongside.domains.routing.listeners import RoutingListeners
from alongside.domains.rules import events as rule_events
from alongside.domains.rules import routes as rule_routes
from alongside.domains.sla import events as sla_events
from alongside.domains.sla import jobs as sla_jobs
from alongside.domains.sla import routes as sla_routes
from alongside.domains.sla.listeners import SlaListeners
from alongside.domains.systemmessages import events as systemmessage_events
from alongside.domains.systemmessages import routes as systemmessage_routes
from alongside.domains.textblocks import events as textblock_events
from alongside.domains.textblocks import routes as textblock_routes
from alongside.domains.tickets import events as ticket_events
from alongside.domains.tickets import routes as ticket_routes
from alongside.domains.transcripts import jobs as transcript_jobs
from alongside.domains.transcripts import letters as transcript_letters
from alongside.domains.transcripts import routes as transcript_routes
from alongside.domains.watchdogs import events as watchdog_events
from alongside.domains.watchdogs import jobs as watchdog_jobs
from alongside.domains.watchdogs import letters as watchdog_letters
from alongside.domains.watchdogs import routes as watchdog_routes
from alongside.domains.webhooks import events as webhook_events
from alongside.domains.webhooks import jobs as webhook_jobs
from alongside.domains.webhooks import letters as webhook_letters
from alongside.domains.webhooks import routes as webhook_routes
from alongside.domains.webhooks.listeners import WebhookListeners
from alongside.domains.widget import around_routes as widget_around_routes
from alongside.domains.widget import file_routes as widget_file_routes
from alongside.domains.widget import look_routes as widget_look_routes
from alongside.domains.widget import pages as widget_pages
from alongside.domains.widget import routes as widget_routes
from alongside.domains.widget import rule_routes as widget_rule_routes
from alongside.domains.widget.listeners import VisitorListeners
from alongside.domains.workspace import events as workspace_events
from alongside.domains.workspace import routes as workspace_routes
from alongside.platform import jobs as platform_jobs
from alongside.platform.events import Announcer, Fact
from alongside.platform.jobs import Job

# Below /api/v1
API = [
    *console_routes.ROUTES,
    *widget_routes.ROUTES,
    *widget_file_routes.ROUTES,
    *widget_around_routes.ROUTES,
    *widget_look_routes.ROUTES,
    *widget_rule_routes.ROUTES,
    *report_routes.ROUTES,
    *privacy_routes.ROUTES,
    *watchdog_routes.ROUTES,
    *transcript_routes.ROUTES,
    *notification_routes.ROUTES,
    *ticket_routes.ROUTES,
    *audit_routes.ROUTES,
    *webhook_routes.ROUTES,
    *chatlink_routes.ROUTES,
    *routing_routes.ROUTES,
    *sla_routes.ROUTES,
    *action_rule_routes.ROUTES,
    *rule_routes.ROUTES,
    *message_routes.ROUTES,
    *message_file_routes.ROUTES,
    *conversation_routes.ROUTES,
    *conversation_contact_routes.ROUTES,
    *textblock_routes.ROUTES,
    *article_routes.ROUTES,
    *systemmessage_routes.ROUTES,
    *channel_routes.ROUTES,
    *contact_routes.ROUTES,
    *integration_routes.ROUTES,
    *agent_routes.ROUTES,
    *field_routes.ROUTES,
    *label_routes.ROUTES,
    *mail_routes.ROUTES,
    *workspace_routes.ROUTES,
]

# Every kind of letter, and who writes it.
LETTERS = [
    *agent_letters.KINDS,
    *answer_letters.KINDS,
    *notification_letters.KINDS,
    *report_letters.KINDS,
    *transcript_letters.KINDS,
    *watchdog_letters.KINDS,
    *webhook_letters.KINDS,
]

# Work that is done later or on time.
JOBS: list[Job] = [
    *platform_jobs.JOBS,
    *file_jobs.JOBS,
    *mail_jobs.jobs(LETTERS),
    *agent_jobs.JOBS,
    *contact_jobs.JOBS,
    *audit_jobs.JOBS,
    *report_jobs.JOBS,
    *webhook_jobs.JOBS,
    *chatlink_jobs.JOBS,
    *answer_jobs.JOBS,
    *transcript_jobs.JOBS,
    *notification_jobs.JOBS,
    *routing_jobs.JOBS,
    *sla_jobs.JOBS,
    *watchdog_jobs.JOBS,
]

# Below /
PAGES = [
    *console_pages.ROUTES,
    *widget_pages.ROUTES,
    *chatlink_pages.ROUTES,
    *answer_pages.ROUTES,
    *article_pages.ROUTES,
    *file_routes.ROUTES,
]


# By which somebody who waits may be served.
MAKES_ROOM: list[type[Fact]] = [
    rule_events.RulesChanged,
    privacy_events.ContactErased,
    agent_events.AgentPresenceChanged,
    agent_events.AgentStandingChanged,
    agent_events.DirectoryChanged,
]


def listen(
    announcer: Announcer,
    team: AgentListeners,
    visitors: VisitorListeners,
    programs: WebhookListeners,
    notifications: NotificationListeners,
    routing: RoutingListeners,
    targets: SlaListeners,
) -> None:
    """Who hears what. Facts in floor order; agents, visitors, other programs, notifications, routing."""
    announcer.listen(report_events.ExportChanged, team.export_changed)
    announcer.listen(watchdog_events.WatchdogsChanged, team.directory_changed)
    announcer.listen(notification_events.AlarmTold, team.alarm_told)
    announcer.listen(notification_events.Mentioned, team.mentioned)
    announcer.listen(notification_events.TargetAlarmed, team.target_alarmed)
    announcer.listen(notification_events.WaitsTooLong, team.waits_too_long)
    announcer.listen(ticket_events.TicketChanged, team.ticket_changed)
    announcer.listen(ticket_events.TicketChanged, programs.something_happened)
    announcer.listen(ticket_events.TicketViewsChanged, team.ticket_views_changed)
    announcer.listen(rule_events.RulesChanged, team.rules_changed)
    announcer.listen(conversation_events.EntryAdded, team.entry_added)
    announcer.listen(conversation_events.EntryAdded, visitors.entry_added)
    announcer.listen(conversation_events.EntryAdded, programs.something_happened)
    announcer.listen(conversation_events.EntryAdded, notifications.entry_added)
    announcer.listen(conversation_events.RowRefreshed, team.row_refreshed)
    announcer.listen(conversation_events.TeamHasSeen, team.team_has_seen)
    announcer.listen(conversation_events.TeamHasSeen, visitors.team_has_seen)
    announcer.listen(conversation_events.VisitorHasMarked, team.visitor_has_marked)
    announcer.listen(conversation_events.VisitorHasMarked, visitors.visitor_has_marked)
    announcer.listen(conversation_events.VisitorTypes, team.visitor_types)
    announcer.listen(conversation_events.AgentTypes, team.agent_types)
    announcer.listen(conversation_events.AgentTypes, visitors.agent_types)
    announcer.listen(privacy_events.ContactErased, team.contact_erased)
    announcer.listen(privacy_events.ContactErased, programs.something_happened)
    announcer.listen(webhook_events.WebhooksChanged, programs.webhooks_changed)
    announcer.listen(chatlink_events.ChatLinkCreated, team.chat_links_changed)
    announcer.listen(chatlink_events.ChatLinkRevoked, team.chat_links_changed)
    announcer.listen(contact_events.VisitorMoved, team.visitor_moved)
    announcer.listen(contact_events.ContactChanged, team.contact_changed)
    announcer.listen(contact_events.ContactChanged, programs.something_happened)
    announcer.listen(contact_events.ContactsImported, team.contacts_imported)
    announcer.listen(contact_events.ContactsImported, programs.something_happened)
    announcer.listen(contact_events.IdentityRevoked, visitors.identity_revoked)
    announcer.listen(channel_events.ChannelChanged, team.directory_changed)
    announcer.listen(channel_events.ChannelChanged, visitors.channel_changed)
    announcer.listen(textblock_events.TextBlocksChanged, team.text_blocks_changed)
    announcer.listen(article_events.ArticlesChanged, team.articles_changed)
    announcer.listen(systemmessage_events.SystemMessagesChanged, team.directory_changed)
    announcer.listen(agent_events.AgentPresenceChanged, team.presence_changed)
    announcer.listen(agent_events.AgentPresenceChanged, visitors.people_changed)
    announcer.listen(agent_events.SessionRevoked, team.session_revoked)
    announcer.listen(agent_events.AgentStandingChanged, team.standing_changed)
    announcer.listen(agent_events.DirectoryChanged, team.directory_changed)
    announcer.listen(agent_events.DirectoryChanged, visitors.people_changed)
    announcer.listen(field_events.FieldsChanged, team.directory_changed)
    announcer.listen(label_events.LabelsChanged, team.directory_changed)
    announcer.listen(workspace_events.HoursChanged, team.directory_changed)
    announcer.listen(workspace_events.HoursChanged, visitors.hours_changed)
    _listen_as_rules_say(announcer, team, visitors, routing, targets)


def _listen_as_rules_say(
    announcer: Announcer,
    team: AgentListeners,
    visitors: VisitorListeners,
    routing: RoutingListeners,
    targets: SlaListeners,
) -> None:
    """What rules bring about, and what brings it about."""
    announcer.listen(routing_events.QueueChanged, team.queue_changed)
    announcer.listen(routing_events.PlaceChanged, visitors.place_changed)
    announcer.listen(conversation_events.EntryAdded, routing.entry_added)
    for changed in MAKES_ROOM:
        announcer.listen(changed, routing.something_changed)
    announcer.listen(sla_events.TargetShown, team.row_refreshed)
    announcer.listen(rule_events.RulesChanged, targets.rules_changed)
    announcer.listen(rule_events.RulesChanged, visitors.rules_changed)
    announcer.listen(conversation_events.EntryAdded, targets.entry_added)
    announcer.listen(conversation_events.RowRefreshed, targets.row_refreshed)
    announcer.listen(contact_events.ContactChanged, targets.contact_changed)
    announcer.listen(workspace_events.HoursChanged, targets.hours_changed)
