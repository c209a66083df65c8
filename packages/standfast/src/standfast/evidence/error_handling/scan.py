"""Find swallowed errors, vague raises and exception classes: ``python -m standfast.evidence.error_handling.scan``."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from standfast.evidence.source.names import Names
from standfast.evidence.source.scanning import main
from standfast.evidence.source.syntax import Source

KIND = "error_handling"
BROAD = frozenset({"Exception", "BaseException"})
_LOG = re.compile(r"log|warn|error|exception|critical|report|capture|record|emit|audit|print|fail", re.IGNORECASE)
_NOQA = re.compile(r"#\s*(?:noqa|pylint:\s*disable|nosec)\b(?P<rest>.*)", re.IGNORECASE)
_CODES = re.compile(
    r"\b(?:BLE001|E722|S110|S112|B110|B112|W0702|W0703|W0718|broad-except|broad-exception-caught|bare-except)\b"
)


def examine(source: Source) -> dict[str, Any]:
    """Return handlers, raises and exception classes of the module."""
    names = Names(source)
    handlers = [handler for node in _tries(source) for handler in node.handlers]
    found = [row for handler in handlers for row in _swallowed(handler, source)]
    found += [row for call in source.nodes(ast.Call) for row in _suppress(call, names, source)]
    return {
        "handlers": len(handlers),
        "findings": found + list(_vague(source)),
        "raises": [_raised(node) for node in source.nodes(ast.Raise) if node.exc is not None],
        "classes": [_class(node, source) for node in source.nodes(ast.ClassDef)],
    }


def _tries(source: Source) -> Iterator[ast.Try | ast.TryStar]:
    yield from source.nodes(ast.Try)
    yield from source.nodes(ast.TryStar)


def _swallowed(handler: ast.ExceptHandler, source: Source) -> Iterator[dict[str, Any]]:
    caught = _caught(handler)
    if _ends_in_raise(handler) or _tells(handler):
        return
    if handler.type is None:
        yield _row(source, handler, "bare-except", "`except:` catches everything, even the wish to stop")
    elif BROAD & set(caught):
        name = next(name for name in caught if name in BROAD)
        yield _row(source, handler, "broad-except", f"`except {name}` neither raises, nor logs, nor uses the error")
    elif all(_is_nothing(statement) for statement in handler.body):
        said = f"`except {', '.join(caught)}` does nothing and does not say why"
        if not _explained(handler, source):
            yield _row(source, handler, "silent-except", said)


def _caught(handler: ast.ExceptHandler) -> list[str]:
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type] if handler.type else []
    return [_last_name(each) for each in types]


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else "?"


def _ends_in_raise(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for statement in handler.body for node in _own_nodes(statement))


def _tells(handler: ast.ExceptHandler) -> bool:
    """Return whether the handler uses the error, logs, or calls something whose name says that it reports."""
    for statement in handler.body:
        for node in _own_nodes(statement):
            if handler.name and isinstance(node, ast.Name) and node.id == handler.name:
                return True
            if isinstance(node, ast.Call) and _LOG.search(_spelled(node.func)):
                return True
    return False


def _spelled(node: ast.expr) -> str:
    parts = []
    current: ast.AST = node
    while isinstance(current, ast.Attribute):
        parts.append(current.attr)
        current = current.value
    return ".".join([_last_name(current), *reversed(parts)])


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(node))


def _is_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Pass):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _explained(handler: ast.ExceptHandler, source: Source) -> bool:
    last = handler.body[-1].end_lineno or handler.lineno
    return any("#" in source.line(number) for number in range(handler.lineno, last + 1))


def _suppress(call: ast.Call, names: Names, source: Source) -> Iterator[dict[str, Any]]:
    if names.resolve(call.func) == "contextlib.suppress":
        broad = [_last_name(argument) for argument in call.args if _last_name(argument) in BROAD]
        if broad:
            yield _row(source, call, "broad-except", f"`suppress({broad[0]})` hides every error")


def _vague(source: Source) -> Iterator[dict[str, Any]]:
    for node in source.nodes(ast.Raise):
        name = _raised(node)
        if name in BROAD:
            yield _row(source, node, "vague-raise", f"`raise {name}` cannot be told from any other error")


def _raised(node: ast.Raise) -> str:
    target = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return _last_name(target) if target is not None else ""


def _class(node: ast.ClassDef, source: Source) -> dict[str, Any]:
    fields = {
        name.id
        for statement in node.body
        for name in ([statement.target] if isinstance(statement, ast.AnnAssign) else getattr(statement, "targets", ()))
        if isinstance(name, ast.Name)
    }
    fields |= {statement.name for statement in node.body if isinstance(statement, ast.FunctionDef)}
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
            arguments = statement.args
            fields |= {argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)}
    return {
        "path": source.path,
        "line": node.lineno,
        "name": node.name,
        "bases": [_last_name(base) for base in node.bases],
        "fields": sorted(fields - {"self", "__init__"}),
    }


def _row(source: Source, node: ast.ExceptHandler | ast.Call | ast.Raise, rule: str, message: str) -> dict[str, Any]:
    return {
        "path": source.path,
        "line": node.lineno,
        "rule": rule,
        "message": message,
        "accepted": _accepted(source.line(node.lineno)),
    }


def _accepted(line: str) -> str:
    """Return the reason of a suppression of such a finding on *line*, ``-`` for one without a reason, else nothing."""
    match = _NOQA.search(line)
    if match is None or not _CODES.search(match["rest"]):
        return ""
    reason = _CODES.sub("", match["rest"]).strip(" \t:=,#-")
    return reason if len(reason) >= 3 else "-"


if __name__ == "__main__":
    main({KIND: examine})
