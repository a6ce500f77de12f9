"""The questions in one list."""

from alongside.domains.reports.queries.dashboard import dashboard as dashboard
from alongside.domains.reports.queries.episodes import EpisodePlace as EpisodePlace
from alongside.domains.reports.queries.episodes import countries as countries
from alongside.domains.reports.queries.episodes import episode_page as episode_page
from alongside.domains.reports.queries.episodes import every_episode as every_episode
from alongside.domains.reports.queries.episodes import every_gathering as every_gathering
from alongside.domains.reports.queries.episodes import fields_of as fields_of
from alongside.domains.reports.queries.episodes import last_number as last_number
from alongside.domains.reports.queries.episodes import link_of as link_of
from alongside.domains.reports.queries.episodes import place_of as place_of
from alongside.domains.reports.queries.exports import StoredExport as StoredExport
from alongside.domains.reports.queries.exports import export as export
from alongside.domains.reports.queries.exports import exports as exports
from alongside.domains.reports.queries.exports import spent_exports as spent_exports
from alongside.domains.reports.queries.exports import under_way as under_way
from alongside.domains.reports.queries.gathered import gathered_figures as gathered_figures
from alongside.domains.reports.queries.gathered import gathered_page as gathered_page
from alongside.domains.reports.queries.schedules import due_schedule as due_schedule
from alongside.domains.reports.queries.schedules import of_letter as of_letter
from alongside.domains.reports.queries.schedules import readers as readers
from alongside.domains.reports.queries.schedules import schedule as schedule
from alongside.domains.reports.queries.schedules import schedules as schedules
from alongside.domains.reports.queries.schedules import schedules_of as schedules_of
from alongside.domains.reports.queries.times import agent_spans as agent_spans
from alongside.domains.reports.queries.times import agent_times as agent_times
from alongside.domains.reports.queries.times import every_span as every_span
