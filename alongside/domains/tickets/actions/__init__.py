"""The verbs in one list: tickets made and changed, commented, linked; their files; views saved."""

from alongside.domains.tickets.actions.comments import comment as comment
from alongside.domains.tickets.actions.files import forget_files as forget_files
from alongside.domains.tickets.actions.files import note_forgotten as note_forgotten
from alongside.domains.tickets.actions.files import remove_file as remove_file
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
