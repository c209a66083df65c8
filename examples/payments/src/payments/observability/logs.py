"""Structured logs: one JSON object per line, with the request id, without secrets."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

from payments.domain.cards import mask_card_numbers
from payments.observability.context import current

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_SECRET_PARTS = ("token", "authorization", "secret", "password", "api_key", "cookie")
_REMOVED = "[removed]"


class JsonFormatter(logging.Formatter):
    """Renders a record as one JSON object: time, level, logger, message, request id, extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for *record*."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": mask_card_numbers(record.getMessage()),
        }
        context = current()
        if context is not None:
            line |= {"request_id": context.request_id, "actor": context.actor}
        line |= _extra(vars(record))
        if record.exc_info and record.exc_info[0]:
            # The text of an exception can hold anything a caller sent; its type and place cannot.
            line["exception"] = record.exc_info[0].__name__
            line["trace"] = _places(record)
        return json.dumps(line, default=str)


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send everything that is logged, by us or by libraries, to *stream* as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("uvicorn.access", "httpx2", "httpcore2"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _extra(fields: Mapping[str, object]) -> dict[str, object]:
    return {
        name: _safe(name, value)
        for name, value in fields.items()
        if name not in _STANDARD and not name.startswith("_")
    }


def _safe(name: str, value: object) -> object:
    if any(part in name.lower() for part in _SECRET_PARTS):
        return _REMOVED
    if isinstance(value, Mapping):
        return {str(key): _safe(str(key), inner) for key, inner in value.items()}
    return mask_card_numbers(value) if isinstance(value, str) else value


def _places(record: logging.LogRecord) -> list[str]:
    places: list[str] = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places
