"""An authenticator app for tests, and signing in with it."""

from __future__ import annotations

import time

import pyotp

from alongside.domains.agents import actions
from alongside.domains.agents.actions.half_sign_ins import HalfSignIn
from alongside.domains.agents.actions.sessions import Caller
from alongside.domains.agents.schemas import Credentials
from alongside.domains.agents.totp import STEP_SECONDS
from tests.world import HOME, PASSWORD, Colleague, World


class App:
    """Shows codes of the half minute in which it was set up, and of those around it; `code(1)` is accepted too."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)
        self._step = int(time.time()) // STEP_SECONDS

    def code(self, steps_on: int = 0) -> str:
        return self._totp.generate_otp(self._step + steps_on)

    def wrong(self) -> str:
        """Six digits that are no code about now."""
        shown = {self.code(steps) for steps in range(-10, 11)}
        return next(code for code in (f"{number:06}" for number in range(100)) if code not in shown)


async def set_up(world: World, who: Colleague) -> tuple[App, list[str]]:
    """This colleague has an app from now on, and recovery codes. The code of now is used up."""
    enrolment = await actions.enrol_second_factor(world.database, world.config, who.actor, PASSWORD)
    app = App(enrolment.secret)
    codes = await actions.confirm_second_factor(world.database, world.config, who.actor, app.code())
    return app, codes.codes


async def half_way(world: World, who: Colleague, caller: Caller = HOME, password: str = PASSWORD) -> HalfSignIn:
    """The password was right; the step is still to come."""
    entry = await actions.sign_in(world.database, world.config, Credentials(email=who.email, password=password), caller)
    assert isinstance(entry, HalfSignIn)
    return entry


async def forget_used_codes(world: World) -> None:
    """As if some minutes had passed: the code of now may be used again."""
    async with world.database.work() as work:
        await work.run("UPDATE second_factor SET last_step = 0")
