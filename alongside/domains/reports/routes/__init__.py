"""Where reports are read, and where files of them are asked for."""

from alongside.domains.reports.routes import figures, files, gathered, schedules, times

ROUTES = [*figures.ROUTES, *files.ROUTES, *gathered.ROUTES, *schedules.ROUTES, *times.ROUTES]
