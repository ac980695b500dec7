"""What the server says of itself: one JSON object a line, without any name, text or token."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

NAME = "gca.serveur"
FIELDS = "champs"
"""The attribute of a log record that holds its fields."""
logging.getLogger(NAME).addHandler(logging.NullHandler())


class JsonLines(logging.Formatter):
    """A record as one line: when, how grave, what, and its fields. The words of an exception are left out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "le": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname.lower(),
            "quoi": record.getMessage(),
        }
        line |= getattr(record, FIELDS, {})
        if record.exc_info and record.exc_info[0]:
            line["erreur"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Write the server's log to a stream (standard error), and nothing twice."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    log = logging.getLogger(NAME)
    log.handlers[:] = [handler]
    log.setLevel(level)
    log.propagate = False


def say(what: str, **fields: Any) -> None:
    """Log one thing with its fields."""
    logging.getLogger(NAME).info(what, extra={FIELDS: fields})
