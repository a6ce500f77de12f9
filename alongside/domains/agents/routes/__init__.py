"""The agents' doors over HTTP: signing in, oneself, and the directory of colleagues."""

from alongside.domains.agents.routes import directory, me, roles, sign_in

ROUTES = [*sign_in.ROUTES, *me.ROUTES, *directory.ROUTES, *roles.ROUTES]
