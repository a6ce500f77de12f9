"""Where reports are read, and where files of them are asked for."""

from alongside.domains.reports.routes import figures, files, schedules, times

ROUTES = [*figures.ROUTES, *files.ROUTES, *schedules.ROUTES, *times.ROUTES]
