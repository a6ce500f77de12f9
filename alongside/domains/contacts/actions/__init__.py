"""The verbs in one list: visitors come and go, agents correct, mark, merge, import and export."""

from alongside.domains.contacts.actions.creating import create_contact as create_contact
from alongside.domains.contacts.actions.creating import give_contact as give_contact
from alongside.domains.contacts.actions.details import contact_details as contact_details
from alongside.domains.contacts.actions.details import edit_contact as edit_contact
from alongside.domains.contacts.actions.details import label_contact as label_contact
from alongside.domains.contacts.actions.exporting import export_contacts as export_contacts
from alongside.domains.contacts.actions.exporting import note_export as note_export
from alongside.domains.contacts.actions.fields import set_field as set_field
from alongside.domains.contacts.actions.importing import import_contacts as import_contacts
from alongside.domains.contacts.actions.importing import preview_import as preview_import
from alongside.domains.contacts.actions.merging import forget_merges as forget_merges
from alongside.domains.contacts.actions.merging import merge as merge
from alongside.domains.contacts.actions.merging import undo_merge as undo_merge
from alongside.domains.contacts.actions.visitors import NewVisitor as NewVisitor
from alongside.domains.contacts.actions.visitors import PageSeen as PageSeen
from alongside.domains.contacts.actions.visitors import authenticate_visitor as authenticate_visitor
from alongside.domains.contacts.actions.visitors import claim as claim
from alongside.domains.contacts.actions.visitors import extend_visits as extend_visits
from alongside.domains.contacts.actions.visitors import forget_visitor as forget_visitor
from alongside.domains.contacts.actions.visitors import leave as leave
from alongside.domains.contacts.actions.visitors import let_back_in as let_back_in
from alongside.domains.contacts.actions.visitors import meet_visitor as meet_visitor
from alongside.domains.contacts.actions.visitors import recognise_visitor as recognise_visitor
from alongside.domains.contacts.actions.visitors import see_page as see_page
from alongside.domains.contacts.actions.visitors import start_visit as start_visit
from alongside.domains.contacts.actions.visitors import tell as tell
