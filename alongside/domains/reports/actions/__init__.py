"""The verbs in one list: reports are written to files, sent again and again; what the logs say is kept."""

from alongside.domains.reports.actions.exports import ask_for as ask_for
from alongside.domains.reports.actions.exports import cancel as cancel
from alongside.domains.reports.actions.exports import content as content
from alongside.domains.reports.actions.exports import continue_export as continue_export
from alongside.domains.reports.actions.exports import fail as fail
from alongside.domains.reports.actions.exports import note_taken as note_taken
from alongside.domains.reports.actions.exports import set_zone as set_zone
from alongside.domains.reports.actions.exports import sweep as sweep
from alongside.domains.reports.actions.exports import take as take
from alongside.domains.reports.actions.exports import wish_of as wish_of
from alongside.domains.reports.actions.facts import keep_facts as keep_facts
from alongside.domains.reports.actions.schedules import pause as pause
from alongside.domains.reports.actions.schedules import reschedule as reschedule
from alongside.domains.reports.actions.schedules import run_due as run_due
from alongside.domains.reports.actions.schedules import run_now as run_now
from alongside.domains.reports.actions.schedules import schedule as schedule
from alongside.domains.reports.actions.schedules import unschedule as unschedule
from alongside.domains.reports.actions.sending import LETTER as LETTER
