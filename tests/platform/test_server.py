"""What one server process is started with."""

from __future__ import annotations

from alongside.platform.config_loading import load
from alongside.platform.server import make_server


async def _nothing() -> None:
    """No drain."""


def test_the_longest_message_allowed_fits_into_a_frame_however_it_is_written() -> None:
    config = load({"ALONGSIDE_MAX_MESSAGE_CHARS": "100000"})
    written = len(r"\ud83d\ude00" * config.max_message_chars)
    assert make_server(object(), config, _nothing).config.ws_max_size > written
