"""The verbs in one list: choose, subscribe, consider what is new, look for who waits, tell it."""

from alongside.domains.notifications.actions.alarming import AlarmNews as AlarmNews
from alongside.domains.notifications.actions.alarming import tell_of_alarm as tell_of_alarm
from alongside.domains.notifications.actions.choosing import choose as choose
from alongside.domains.notifications.actions.choosing import push_key as push_key
from alongside.domains.notifications.actions.choosing import subscribe as subscribe
from alongside.domains.notifications.actions.choosing import unsubscribe as unsubscribe
from alongside.domains.notifications.actions.delivering import AT_ONCE as AT_ONCE
from alongside.domains.notifications.actions.delivering import DIGEST as DIGEST
from alongside.domains.notifications.actions.delivering import SETTLE as SETTLE
from alongside.domains.notifications.actions.delivering import deliver_pushes as deliver_pushes
from alongside.domains.notifications.actions.delivering import queue_digests as queue_digests
from alongside.domains.notifications.actions.delivering import sweep as sweep
from alongside.domains.notifications.actions.delivering import test_mail as test_mail
from alongside.domains.notifications.actions.delivering import test_push as test_push
from alongside.domains.notifications.actions.noticing import PUSH as PUSH
from alongside.domains.notifications.actions.noticing import consider as consider
from alongside.domains.notifications.actions.noticing import look_again as look_again
from alongside.domains.notifications.actions.targeting import TargetNews as TargetNews
from alongside.domains.notifications.actions.targeting import tell_of_target as tell_of_target
