"""A typed client of Alongside. `Alongside(url, key)` has a method for each door that an API key opens."""

from alongside_client.client import Alongside as Alongside
from alongside_client.transport import ApiError as ApiError
from alongside_client.transport import NoAnswer as NoAnswer
