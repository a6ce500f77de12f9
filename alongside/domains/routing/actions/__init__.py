"""The verbs in one list: decide about one conversation, bring what waits further, forget what is long past."""

from alongside.domains.routing.actions.apart import Apart as Apart
from alongside.domains.routing.actions.beginning import route as route
from alongside.domains.routing.actions.beginning import wait_on as wait_on
from alongside.domains.routing.actions.deciding import Busy as Busy
from alongside.domains.routing.actions.forgetting import forget_agents as forget_agents
from alongside.domains.routing.actions.queueing import sweep_queue as sweep_queue
from alongside.domains.routing.actions.queueing import tell_places as tell_places
from alongside.domains.routing.actions.reacting import look_after as look_after
