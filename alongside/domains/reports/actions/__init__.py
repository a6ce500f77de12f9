"""The verbs in one list: reports are written to files, what the logs say is kept, days are counted in a time zone."""

from alongside.domains.reports.actions.exports import ask_for as ask_for
from alongside.domains.reports.actions.exports import cancel as cancel
from alongside.domains.reports.actions.exports import content as content
from alongside.domains.reports.actions.exports import continue_export as continue_export
from alongside.domains.reports.actions.exports import fail as fail
from alongside.domains.reports.actions.exports import note_taken as note_taken
from alongside.domains.reports.actions.exports import set_zone as set_zone
from alongside.domains.reports.actions.exports import sweep as sweep
from alongside.domains.reports.actions.exports import take as take
from alongside.domains.reports.actions.facts import keep_facts as keep_facts
