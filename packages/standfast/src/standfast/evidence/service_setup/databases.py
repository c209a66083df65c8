"""Find pools, connections outside of one, and time limits of the database in one module."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from standfast.evidence.source.names import Names
from standfast.evidence.source.syntax import Source
from standfast.evidence.wording.numbers import finite

POOLS = frozenset(
    {
        *("sqlalchemy.create_engine", "sqlalchemy.ext.asyncio.create_async_engine", "sqlmodel.create_engine"),
        *(
            "sqlalchemy.engine.create_engine",
            "sqlalchemy.pool.QueuePool",
            "asyncpg.create_pool",
            "aiomysql.create_pool",
        ),
        *(
            "psycopg_pool.ConnectionPool",
            "psycopg_pool.AsyncConnectionPool",
            "aiopg.create_pool",
            "oracledb.create_pool",
        ),
        *("psycopg2.pool.SimpleConnectionPool", "psycopg2.pool.ThreadedConnectionPool", "databases.Database"),
        *("mysql.connector.pooling.MySQLConnectionPool", "playhouse.pool.PooledPostgresqlDatabase"),
    }
)
CONNECTIONS = frozenset(
    {
        *("psycopg.connect", "psycopg.Connection.connect", "psycopg.AsyncConnection.connect", "psycopg2.connect"),
        *("asyncpg.connect", "aiopg.connect", "pymysql.connect", "aiomysql.connect", "MySQLdb.connect"),
        *("mysql.connector.connect", "oracledb.connect", "pyodbc.connect", "pg8000.connect", "pymssql.connect"),
    }
)
EMBEDDED = frozenset({"sqlite3.connect", "aiosqlite.connect", "duckdb.connect"})
_IN_TEXT = re.compile(
    r"(?P<name>statement_timeout|transaction_timeout|idle_in_transaction_session_timeout|idle_session_timeout|"
    r"max_execution_time|wait_timeout)[\"']?\s*(?:=|TO\b|:)\s*[\"']?(?:(?P<value>\d+)\s*(?P<unit>ms|s|min)?\b)?",
    re.IGNORECASE,
)
_MENTIONS = re.compile(r"_timeout|max_execution_time", re.IGNORECASE)
_KIND = {
    "statement_timeout": "query",
    "max_execution_time": "query",
    "transaction_timeout": "transaction",
    "idle_in_transaction_session_timeout": "idle",
    "idle_session_timeout": "idle",
    "wait_timeout": "idle",
}
_KEYWORDS = {"command_timeout": "query", "max_idle": "idle", "max_inactive_connection_lifetime": "idle"}
_FACTORS = {"ms": 0.001, "s": 1.0, "min": 60.0}


def connections(names: Names, source: Source) -> dict[str, list[dict[str, Any]]]:
    """Return the pools of the module, connections outside of one, and embedded databases."""
    found: dict[str, list[dict[str, Any]]] = {"pools": [], "connections": [], "embedded": []}
    for call in source.nodes(ast.Call):
        name = names.resolve(call.func)
        if name in POOLS:
            unpooled = any(one.arg == "poolclass" and _last(one.value) == "NullPool" for one in call.keywords)
            found["connections" if unpooled else "pools"].append(_sign(name, source, call.lineno))
        elif name in CONNECTIONS:
            pooled = any(one.arg == "pool_name" for one in call.keywords)
            found["pools" if pooled else "connections"].append(_sign(name, source, call.lineno))
        elif name in EMBEDDED:
            found["embedded"].append(_sign(name, source, call.lineno))
    found["pools"] += [*_django(source)]
    return found


def _django(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the settings of Django that keep connections open."""
    if re.search(r"^DATABASES\b", source.text, re.MULTILINE):
        for number, line in enumerate(source.lines, 1):
            if re.search(r"[\"']CONN_MAX_AGE[\"']\s*:(?!\s*0\b)|[\"']pool[\"']\s*:|conn_max_age=", line):
                yield _sign("DATABASES", source, number)


def limits(source: Source) -> Iterator[dict[str, Any]]:
    """Yield each time limit that a text or a keyword of the module sets."""
    for number, line in enumerate(source.lines, 1) if _MENTIONS.search(source.text) else ():
        code = line.partition("#")[0]
        for match in _IN_TEXT.finditer(code):
            value = match["value"]
            # PostgreSQL and MySQL take a bare number for milliseconds; MySQL's wait is in seconds.
            bare = 1.0 if match["name"].lower() == "wait_timeout" else 0.001
            factor = _FACTORS[match["unit"].lower()] if match["unit"] else bare
            yield _limit(_KIND[match["name"].lower()], finite(float(value) * factor) if value else None, source, number)
    for call in source.nodes(ast.Call):
        for keyword in call.keywords:
            if keyword.arg in _KEYWORDS:
                given = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
                value_s = finite(given) if isinstance(given, int | float) else None
                yield _limit(_KEYWORDS[keyword.arg], value_s, source, call.lineno)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "set_progress_handler":
            yield _limit("query", None, source, call.lineno)


def _limit(kind: str, value_s: float | None, source: Source, line: int) -> dict[str, Any]:
    return {"kind": kind, "value_s": value_s, "path": source.path, "line": line}


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _sign(name: str, source: Source, line: int) -> dict[str, Any]:
    return {"name": name, "path": source.path, "line": line}
