"""Tickets over HTTP."""

from alongside.domains.tickets.routes import files, lists, tickets, views

ROUTES = [*lists.ROUTES, *tickets.ROUTES, *files.ROUTES, *views.ROUTES]
