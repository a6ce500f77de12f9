"""The verbs in one list: tickets made and changed, commented, linked; views saved."""

from alongside.domains.tickets.actions.comments import comment as comment
from alongside.domains.tickets.actions.links import link_contact as link_contact
from alongside.domains.tickets.actions.links import link_conversation as link_conversation
from alongside.domains.tickets.actions.links import unlink_contact as unlink_contact
from alongside.domains.tickets.actions.links import unlink_conversation as unlink_conversation
from alongside.domains.tickets.actions.tickets import create as create
from alongside.domains.tickets.actions.tickets import edit as edit
from alongside.domains.tickets.actions.tickets import edit_many as edit_many
from alongside.domains.tickets.actions.views import delete_view as delete_view
from alongside.domains.tickets.actions.views import edit_view as edit_view
from alongside.domains.tickets.actions.views import save_view as save_view
