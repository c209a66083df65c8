"""Find how a service sets up logs and last resort: ``python -m standfast.evidence.service_setup.scan``."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from standfast.evidence.service_setup.databases import connections, limits
from standfast.evidence.source.names import Names
from standfast.evidence.source.scanning import main
from standfast.evidence.source.syntax import Function, Source

KIND = "service_setup"
_LOGGING = frozenset({"logging", "structlog", "loguru", "logbook"})
_STRUCTURED = frozenset({"pythonjsonlogger", "json_log_formatter", "ecs_logging", "logging_json", "json_logging"})
_CORRELATED = frozenset({"asgi_correlation_id", "opentelemetry", "django_guid", "flask_log_request_id"})
_REQUEST = re.compile(r"request|correlation|trace", re.IGNORECASE)
_SERIALISERS = frozenset({"dumps", "dump", "encode", "to_json"})
_BROAD = frozenset({"Exception", "BaseException"})


def examine(source: Source) -> dict[str, Any]:
    """Return what the module says of logs, database connections and unexpected errors."""
    names = Names(source)
    return {
        "loggers": [*_first_import(_LOGGING, names, source)],
        "structured": [*_first_import(_STRUCTURED, names, source), *_structured(names, source)],
        "correlated": [*_first_import(_CORRELATED, names, source), *_correlated(names, source)],
        **connections(names, source),
        "limits": [*limits(source)],
        "last_resorts": [*_last_resorts(source)],
    }


def _first_import(wanted: frozenset[str], names: Names, source: Source) -> Iterator[dict[str, Any]]:
    for name in sorted(wanted & names.modules):
        line = next((number for number, text in enumerate(source.lines, 1) if name in text), 1)
        yield _sign(name, source, line)


def _structured(names: Names, source: Source) -> Iterator[dict[str, Any]]:
    for call in source.nodes(ast.Call):
        if names.resolve(call.func) in ("structlog.processors.JSONRenderer", "structlog.dev.JSONRenderer"):
            yield _sign("JSONRenderer", source, call.lineno)
        elif any(one.arg == "serialize" and _is_true(one.value) for one in call.keywords):
            yield _sign("serialize=True", source, call.lineno)
    for each in source.nodes(ast.ClassDef):
        if any(_name(base).endswith("Formatter") for base in each.bases) and _serialises(each):
            yield _sign(each.name, source, each.lineno)


def _serialises(each: ast.ClassDef) -> bool:
    calls = (node for node in ast.walk(each) if isinstance(node, ast.Call))
    return any(_name(call.func) in _SERIALISERS for call in calls)


def _correlated(names: Names, source: Source) -> Iterator[dict[str, Any]]:
    for call in source.nodes(ast.Call):
        name = names.resolve(call.func)
        if name == "contextvars.ContextVar" and call.args and _REQUEST.search(ast.unparse(call)):
            yield _sign("ContextVar", source, call.lineno)
        elif name.startswith("structlog.contextvars.") or name == "structlog.threadlocal.bind_threadlocal":
            yield _sign("structlog.contextvars", source, call.lineno)


def _last_resorts(source: Source) -> Iterator[dict[str, Any]]:
    for call in source.nodes(ast.Call):
        name = _name(call.func)
        if name in ("exception_handler", "add_exception_handler", "errorhandler", "register_error_handler"):
            if call.args and (_name(call.args[0]) in _BROAD or _is_500(call.args[0])):
                yield _sign(name, source, call.lineno)
        else:
            for keyword in call.keywords:
                if keyword.arg == "exception_handlers" and isinstance(keyword.value, ast.Dict):
                    keys = [key for key in keyword.value.keys if key is not None]
                    if any(_name(key) in _BROAD or _is_500(key) for key in keys):
                        yield _sign("exception_handlers", source, call.lineno)
    for assign in source.nodes(ast.Assign):
        if any(isinstance(target, ast.Name) and target.id == "handler500" for target in assign.targets):
            yield _sign("handler500", source, assign.lineno)
    yield from _middleware(source)


def _middleware(source: Source) -> Iterator[dict[str, Any]]:
    """Yield each function around all requests that catches every error."""
    for function in source.functions():
        taken = [one.arg for one in function.args.args]
        around = "call_next" in taken or taken[-2:] == ["receive", "send"] or function.name == "process_exception"
        if around and (function.name == "process_exception" or _catches_all(function)):
            yield _sign(source.qualified(function), source, function.lineno)


def _catches_all(function: Function) -> bool:
    handlers = (node for node in ast.walk(function) if isinstance(node, ast.ExceptHandler))
    return any(one.type is None or _name(one.type) in _BROAD for one in handlers)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_500(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 500


def _sign(name: str, source: Source, line: int) -> dict[str, Any]:
    return {"name": name, "path": source.path, "line": line}


if __name__ == "__main__":
    main({KIND: examine})
