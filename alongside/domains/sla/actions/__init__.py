"""The verbs in one list: follow logs, set all clocks anew, find what was left, tell what is due."""

from alongside.domains.sla.actions.alarming import TELL as TELL
from alongside.domains.sla.actions.alarming import sound_alarms as sound_alarms
from alongside.domains.sla.actions.following import follow as follow
from alongside.domains.sla.actions.keeping import keep_up as keep_up
