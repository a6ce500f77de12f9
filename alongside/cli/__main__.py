"""`python -m alongside.cli`."""

from alongside.cli import run

run()
