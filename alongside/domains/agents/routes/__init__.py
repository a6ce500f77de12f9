"""The agents' doors over HTTP: signing in, oneself, and the directory of colleagues."""

from alongside.domains.agents.routes import (
    directory,
    me,
    passkeys,
    password_reset,
    provider,
    roles,
    second_factor,
    sign_in,
    syncing,
)

ROUTES = [
    *sign_in.ROUTES,
    *second_factor.ROUTES,
    *passkeys.ROUTES,
    *password_reset.ROUTES,
    *provider.ROUTES,
    *me.ROUTES,
    *directory.ROUTES,
    *roles.ROUTES,
    *syncing.ROUTES,
]
