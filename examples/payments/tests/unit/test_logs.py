"""Logs are JSON, carry the request id, and keep secrets out."""

import contextvars
import io
import json
import logging
from typing import Any

import pytest

from payments.observability import context, logs
from support.values import CARD, CARD_NUMBER


def _logged(message: str, **fields: object) -> dict[str, Any]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.Logger("payments.test")
    logger.addHandler(handler)
    logger.info(message, extra=fields)
    line: dict[str, Any] = json.loads(stream.getvalue())
    return line


def test_a_line_says_when_where_and_what() -> None:
    """Time, level, logger, message and extra fields are separate fields."""
    line = _logged("hello", code="x1")

    assert (line["level"], line["logger"], line["message"], line["code"]) == (
        "info",
        "payments.test",
        "hello",
        "x1",
    )
    assert line["at"].endswith("+00:00")
    assert "request_id" not in line


@pytest.mark.requirement("PAY-8.4")
def test_a_line_carries_the_request_id() -> None:
    """Within a request every line can be joined to it."""

    def within() -> dict[str, Any]:
        context.enter("abcdefgh-1")
        return _logged("hello")

    assert contextvars.copy_context().run(within)["request_id"] == "abcdefgh-1"


@pytest.mark.requirement("PAY-7.1", "PAY-7.2")
def test_secrets_and_card_numbers_are_removed() -> None:
    """Fields named like secrets lose their value, also when nested; card numbers go everywhere."""
    line = _logged(
        f"paid with {CARD_NUMBER}",
        card_token=CARD,
        note=CARD_NUMBER,
        nested={"Authorization": "Bearer x", "n": 1},
    )

    text = json.dumps(line)
    assert CARD not in text
    assert CARD_NUMBER not in text
    assert "Bearer" not in text
    assert line["nested"]["n"] == 1


@pytest.mark.requirement("PAY-8.2")
def test_an_exception_is_logged_by_type_and_place_without_its_text() -> None:
    """The text of an exception may hold what a caller sent."""
    record = logging.makeLogRecord({"msg": "unhandled"})
    try:
        raise RuntimeError("secret detail")
    except RuntimeError as error:
        record.exc_info = (type(error), error, error.__traceback__)

    line = json.loads(logs.JsonFormatter().format(record))

    assert line["exception"] == "RuntimeError"
    assert "test_logs.py" in line["trace"][0]
    assert "secret detail" not in json.dumps(line)


def test_configure_sends_library_logs_through_the_formatter() -> None:
    """Nothing is written in another format."""
    stream = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        logs.configure("INFO", stream)
        logging.getLogger("some.library").warning("careful")
        logging.getLogger("httpx2").info("chatter")
    finally:
        root.handlers[:], root.level = before[0], before[1]

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["message"] for line in lines] == ["careful"]


@pytest.mark.parametrize(
    "offered", [None, "short", "x" * 65, "has space 1", "inject\nline1", "4111111111111111"]
)
def test_a_harmful_request_id_is_replaced(offered: str | None) -> None:
    """Only short, plain ids of callers are taken over."""
    made = contextvars.copy_context().run(lambda: context.enter(offered).request_id)

    assert made != offered
    assert len(made) == 32


def test_outside_a_request_there_is_no_id() -> None:
    """Background work says so instead of inventing an id."""
    assert contextvars.Context().run(context.request_id) == "none"
    assert contextvars.Context().run(context.current) is None
    contextvars.Context().run(context.name_actor, "shop")


def test_the_actor_is_named_once_known() -> None:
    """Lines after authentication say who is calling."""

    def within() -> dict[str, Any]:
        context.enter("abcdefgh-1")
        context.name_actor("shop")
        return _logged("hello")

    assert contextvars.copy_context().run(within)["actor"] == "shop"
