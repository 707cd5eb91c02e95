"""Logs for machines: one JSON object a line, with the request's id."""

import json
import logging
from datetime import UTC, datetime

import structlog


class JsonFormatter(logging.Formatter):
    """Newlines are escaped by JSON itself, so one event is always one line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **structlog.contextvars.get_contextvars(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
