"""The log: structured lines of named fields, for people or for collectors, without anything secret in them.

Only fields on the list below are written; another one is dropped and its name told, so that a new one has to
be thought about. Messages of exceptions are left out too (they quote values, such as a row's content or a
header): their kind and the lines of code that led there are what is needed to find a mistake.
"""

from __future__ import annotations

import builtins
import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any, TextIO

import structlog

from alongside.platform.config import Config

FIELDS = frozenset(
    {
        "event", "level", "timestamp", "logger", "worker", "pid", "exception", "dropped", "error_id",
        "method", "path", "route", "status", "duration_ms", "code", "reason", "kind", "count", "attempt",
        "seconds", "agent_id", "contact_id", "conversation_id", "channel_id", "session_id", "team_id",
        "file_id", "export_id", "webhook_id", "job", "queue", "fact",
        "topic", "frame", "connections", "bytes", "version", "address", "setting", "migration", "advice",
    }
)  # fmt: skip
LONGEST = 500
LIBRARIES = ("uvicorn.error", "asyncio", "procrastinate", "nats", "websockets")
# Each of their tries while the database is away is a line; `database.away` and `jobs.interrupted` are enough.
POOLS = ("asyncpg.pool", "psycopg.pool")

Event = MutableMapping[str, Any]


def configure(config: Config, *, worker: int | None = None, stream: TextIO | None = None) -> None:
    """Send structlog's and the libraries' lines to `stream` (standard error) in the configured form."""
    level = logging.getLevelNamesMapping()[config.log_level.upper()]
    out = stream or sys.stderr
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exceptions(show_message=config.dev),
        _only_known_fields,
    ]
    text = config.log_format == "text"
    last = (
        structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if text
        else structlog.processors.JSONRenderer(default=str)
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_short, *shared],
            pass_foreign_args=True,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    handler.addFilter(_is_news)
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    logging.getLogger("alongside").setLevel(level)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.INFO if level == logging.DEBUG else logging.WARNING)
    for name in POOLS:
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("uvicorn.access").setLevel(logging.INFO if config.access_log else logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=_named_logger,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    if worker is not None:
        structlog.contextvars.bind_contextvars(worker=worker)


def _is_news(record: logging.LogRecord) -> bool:
    """The job queue tells of a lost connection twice, with traces; `jobs.interrupted` tells it once."""
    if not record.name.startswith("procrastinate"):
        return True
    error = record.exc_info[1] if record.exc_info else None
    return "ConnectorException" not in f"{type(error).__name__} {record.getMessage()}"


def _named_logger(*names: str) -> logging.Logger:
    return logging.getLogger(names[0] if names else "alongside")


def _only_known_fields(_: Any, __: str, event: Event) -> Event:
    internal = {key: value for key, value in event.items() if key.startswith("_")}
    known = {key: _plain(value) for key, value in event.items() if key in FIELDS}
    dropped = sorted(set(event) - set(known) - set(internal))
    return {**internal, **known, **({"dropped": ", ".join(dropped)} if dropped else {})}


def _plain(value: Any) -> Any:
    """One short line: a value cannot forge a second line of the log."""
    if isinstance(value, (int, float, bool)) or value is None:
        return value
    text = str(value)
    if "\n" in text and not text.startswith("Traceback"):
        text = text.replace("\n", "\\n").replace("\r", "\\r")
    return text if len(text) <= LONGEST or text.startswith("Traceback") else text[:LONGEST] + "..."


def _short(_: Any, __: str, event: Event) -> Event:
    """Libraries put whole exceptions and tasks into their messages: keep the first line, or a trace's places."""
    values = event.pop("positional_args", ())
    if event["_record"].name == "uvicorn.access":
        _, method, path, _, status = values
        event.update(event="request", method=method, path=path.split("?", 1)[0], status=status)
        return event
    first, *more = str(event.get("event", "")).split("\n")
    if "Traceback (most recent call last)" in first:
        event["exception"] = "\n".join(["Traceback (values left out):", *_places(more)])
        first = "failed"
    event["event"] = first
    return event


def _places(trace: list[str]) -> Iterator[str]:
    """Of a printed trace the files, lines and kinds of errors; also of one of several errors (`  | `, `  +-`)."""
    file_depth = None
    for line in trace:
        bare = line.strip(" |+-")
        depth = len(line) - len(line.lstrip(" |+-"))
        is_source = file_depth is not None and depth > file_depth
        file_depth = depth if bare.startswith("File ") else None
        if is_source or file_depth is not None or _of_system(bare):
            yield line
        elif bare and set(bare) - set("^~ "):
            yield line.split(":", 1)[0]


def _of_system(line: str) -> bool:
    """Whether a trace's last line is an error of the system (no such file, connection refused)."""
    kind = getattr(builtins, line.split(":", 1)[0], None)
    return isinstance(kind, type) and issubclass(kind, OSError)


def _exceptions(*, show_message: bool) -> structlog.types.Processor:
    def process(_: Any, __: str, event: Event) -> Event:
        found = event.pop("exc_info", None)
        if found is True:
            found = sys.exc_info()
        error = found[1] if isinstance(found, tuple) else found
        if isinstance(error, BaseException):
            event["exception"] = describe(error, show_message=show_message)
        return event

    return process


def describe(error: BaseException, *, show_message: bool = False) -> str:
    """Kind and origin of an exception and of its causes, one line of code a step. Values only on demand."""
    lines = ["Traceback (values left out):"]
    seen: BaseException | None = error
    while seen is not None:
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}: {frame.line or ''}"
            for frame in traceback.extract_tb(seen.__traceback__)
        ]
        kind = f"{type(seen).__module__}.{type(seen).__qualname__}"
        # What the system says (no such host, connection refused) carries nobody's data.
        shown = show_message or isinstance(seen, OSError)
        lines.append(f"{kind}: {seen}" if shown else kind)
        if isinstance(seen, BaseExceptionGroup):
            for each in seen.exceptions:
                lines += ["one of them:", *describe(each, show_message=show_message).splitlines()[1:]]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
        if seen is not None:
            lines.append("caused by:")
    return "\n".join(lines)
