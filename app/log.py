"""Logs: one JSON object a line, with ids, counts and reasons; never words, names or telephone numbers."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType

_LOGGER = "plainline"


def event(name: str, /, *, level: int = logging.INFO, **ids: str | int | float) -> None:
    """Log that something happened. Give ids and reasons only: whoever reads logs must not read residents."""
    logging.getLogger(_LOGGER).log(level, name, extra={"ids": ids})


class JsonLines(logging.Formatter):
    """One object a line; control characters cannot break out of a JSON string."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; of an exception only its kind and place, since its text may hold words."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        row: dict[str, object] = {"at": at, "level": record.levelname.lower(), "event": record.getMessage()}
        row |= getattr(record, "ids", {})
        if record.exc_info and record.exc_info[0]:
            row["exception"] = record.exc_info[0].__name__
            row["where"] = _where(record.exc_info[2])
        return json.dumps(row, ensure_ascii=True, default=str)


def _where(traceback: TracebackType | None) -> str:
    last = ""
    while traceback is not None:
        last = f"{traceback.tb_frame.f_globals.get('__name__')}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return last


def set_up() -> None:
    """Send our events to standard error as JSON lines; call once, from a command."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger(_LOGGER)
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
