"""Alongside: customer-service chat that lets an agent stand alongside a customer."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("alongside")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0"
