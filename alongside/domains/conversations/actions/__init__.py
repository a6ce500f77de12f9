"""The verbs in one list: what can be done to a conversation."""

from alongside.domains.conversations.actions.appending import no_such_conversation as no_such_conversation
from alongside.domains.conversations.actions.handling import assign as assign
from alongside.domains.conversations.actions.handling import assign_customer as assign_customer
from alongside.domains.conversations.actions.handling import give as give
from alongside.domains.conversations.actions.handling import give_to_owner as give_to_owner
from alongside.domains.conversations.actions.handling import label_conversation as label_conversation
from alongside.domains.conversations.actions.handling import require_assignable as require_assignable
from alongside.domains.conversations.actions.handling import require_held_by as require_held_by
from alongside.domains.conversations.actions.handling import set_status as set_status
from alongside.domains.conversations.actions.marking import mark_seen as mark_seen
from alongside.domains.conversations.actions.marking import mark_visitor as mark_visitor
from alongside.domains.conversations.actions.rating import Rating as Rating
from alongside.domains.conversations.actions.rating import decline_rating as decline_rating
from alongside.domains.conversations.actions.rating import rate as rate
from alongside.domains.conversations.actions.recording import Identified as Identified
from alongside.domains.conversations.actions.recording import begin as begin
from alongside.domains.conversations.actions.recording import record_identified as record_identified
from alongside.domains.conversations.actions.recording import record_mailed as record_mailed
from alongside.domains.conversations.actions.recording import refresh_rows as refresh_rows
from alongside.domains.conversations.actions.targets import show_targets as show_targets
