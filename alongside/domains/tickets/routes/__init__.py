"""Tickets over HTTP."""

from alongside.domains.tickets.routes import lists, tickets, views

ROUTES = [*lists.ROUTES, *tickets.ROUTES, *views.ROUTES]
