"""How a service sets up its logs, its database and its last resort, by our own scan."""

from typing import Any

import pytest

from standfast.evidence.service_setup.scan import examine
from standfast.evidence.source.syntax import Source


def found(text: str) -> dict[str, Any]:
    """Return what the scan finds in one module."""
    return examine(Source("a.py", text.encode()))


SIGNS: dict[str, tuple[str, str, list[str]]] = {
    "a formatter that writes JSON": (
        "structured",
        "import json, logging\nclass J(logging.Formatter):\n  def format(self, r): return json.dumps({})",
        ["J"],
    ),
    "a formatter that does not": (
        "structured", "import logging\nclass J(logging.Formatter):\n  def format(self, r): return r.msg", [],
    ),
    "a package for JSON": ("structured", "from pythonjsonlogger import jsonlogger", ["pythonjsonlogger"]),
    "structlog": ("structured", "import structlog\nstructlog.processors.JSONRenderer()", ["JSONRenderer"]),
    "structlog for people": ("structured", "import structlog\nstructlog.dev.ConsoleRenderer()", []),
    "loguru": ("structured", "from loguru import logger\nlogger.add(f, serialize=True)", ["serialize=True"]),
    "a variable of the context": (
        "correlated", "from contextvars import ContextVar\nv = ContextVar('request_id')", ["ContextVar"],
    ),
    "another variable": ("correlated", "from contextvars import ContextVar\nv = ContextVar('tenant')", []),
    "OpenTelemetry": ("correlated", "from opentelemetry import trace", ["opentelemetry"]),
    "an engine": ("pools", "import sqlalchemy as sa\ne = sa.create_engine(u)", ["sqlalchemy.create_engine"]),
    "an engine without a pool": (
        "connections",
        "from sqlalchemy import create_engine, NullPool\ncreate_engine(u, poolclass=NullPool)",
        ["sqlalchemy.create_engine"],
    ),
    "a connection": ("connections", "import psycopg\npsycopg.connect(u)", ["psycopg.connect"]),
    "a named pool": (
        "pools", "import mysql.connector as m\nm.connect(pool_name='a')", ["mysql.connector.connect"],
    ),
    "an embedded database": ("embedded", "import sqlite3\nsqlite3.connect(p)", ["sqlite3.connect"]),
    "Django": ("pools", "DATABASES = {'default': {\n  'CONN_MAX_AGE': 60,\n}}", ["DATABASES"]),
    "Django without": ("pools", "DATABASES = {'default': {\n  'CONN_MAX_AGE': 0,\n}}", []),
    "a handler of every error": (
        "last_resorts", "@app.exception_handler(Exception)\nasync def h(r, e): ...", ["exception_handler"],
    ),
    "a handler of one error": ("last_resorts", "@app.exception_handler(ValueError)\nasync def h(r, e): ...", []),
    "a handler of Flask": ("last_resorts", "@app.errorhandler(500)\ndef h(e): ...", ["errorhandler"]),
    "handlers in a table": (
        "last_resorts", "app = FastAPI(exception_handlers={Exception: h})", ["exception_handlers"],
    ),
    "Django's": ("last_resorts", "handler500 = 'shop.views.broken'", ["handler500"]),
    "a middleware": (
        "last_resorts",
        "class M:\n  async def __call__(self, scope, receive, send):\n    try: ...\n    except Exception: ...",
        ["M.__call__"],
    ),
    "a middleware that lets errors through": (
        "last_resorts", "async def m(request, call_next):\n  try: ...\n  except ValueError: ...", [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("field", "text", "names"), SIGNS.values(), ids=SIGNS)
def test_signs_are_found(field: str, text: str, names: list[str]) -> None:
    """Each sign is known by the library, the class or the handler that makes it."""
    assert [sign["name"] for sign in found(text)[field]] == names


LIMITS: dict[str, tuple[str, list[tuple[str, float | None]]]] = {
    "an option of PostgreSQL": ("o = '-c statement_timeout=30000'", [("query", 30.0)]),
    "a statement": ("q = \"SET transaction_timeout = '60s'\"", [("transaction", 60.0)]),
    "a statement with TO": ("q = 'SET idle_in_transaction_session_timeout TO 300000'", [("idle", 300.0)]),
    "minutes": ("q = \"SET statement_timeout TO '1min'\"", [("query", 60.0)]),
    "a table": ("s = {'statement_timeout': 5000}", [("query", 5.0)]),
    "a value from elsewhere": ("q = f'SET statement_timeout = {ms}'", [("query", None)]),
    "none": ("q = 'SET statement_timeout = 0'", [("query", 0.0)]),
    "a keyword of a pool": ("asyncpg.create_pool(command_timeout=10)", [("query", 10.0)]),
    "a handler of SQLite": ("c.set_progress_handler(stop, 1000)", [("query", None)]),
    "a comment": ("x = 1  # statement_timeout = 5", []),
    "the other one's name": ("q = 'SET idle_session_timeout = 1000'", [("idle", 1.0)]),
}


@pytest.mark.parametrize(("text", "limits"), LIMITS.values(), ids=LIMITS)
def test_time_limits_of_the_database_are_read(text: str, limits: list[tuple[str, float | None]]) -> None:
    """A limit is read with the unit that the database gives a bare number."""
    assert [(row["kind"], row["value_s"]) for row in found(text)["limits"]] == limits
