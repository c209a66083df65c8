"""Find outbound calls without a time limit: ``python -m standfast.evidence.outbound_calls.scan``."""

import ast
from collections.abc import Iterator
from typing import Any

from standfast.evidence.outbound_calls.retries import retry_findings
from standfast.evidence.outbound_calls.table import BREAKERS, CHANNELS, TABLE, Outbound
from standfast.evidence.source.names import Names, function_of
from standfast.evidence.source.scanning import main
from standfast.evidence.source.syntax import Source
from standfast.evidence.wording.numbers import finite

KIND = "outbound_calls"


def examine(source: Source) -> dict[str, Any]:
    """Return the outbound calls of the module with their limits, its retries, and whether it has a breaker."""
    names = Names(source)
    calls = [row for call in source.nodes(ast.Call) for row in _outbound(call, names, source)]
    retries, findings = retry_findings(source, names)
    return {
        "calls": calls,
        "retries": retries,
        "findings": findings,
        "breakers": sorted({*(BREAKERS & names.modules), *_own_breakers(source)}),
    }


def _own_breakers(source: Source) -> set[str]:
    """Return the classes of the module that are a circuit breaker by their name."""
    return {node.name for node in source.nodes(ast.ClassDef) if "breaker" in node.name.lower()}


def _outbound(call: ast.Call, names: Names, source: Source) -> Iterator[dict[str, Any]]:
    name = names.resolve(call.func)
    if name in CHANNELS:
        limited = any(_keyword(other, ("timeout",)) is not None for other in source.nodes(ast.Call))
        problem = "" if limited else "no call in this module passes timeout= to the stubs of this channel"
        yield _row(source, call, name, problem, None)
    elif name in TABLE:
        problem, limit = _judge(call, TABLE[name], source)
        yield _row(source, call, name, problem, limit)


def _judge(call: ast.Call, entry: Outbound, source: Source) -> tuple[str, float | None]:
    given = _keyword(call, entry.keywords)
    if given is None and 0 <= entry.position < len(call.args):
        given = call.args[entry.position]
    word = entry.keywords[0]
    if given is None:
        if entry.bounded or _in_a_text(call, word) or _in_splat(call, word, source):
            return "", None
        if _inside_timeout(call, source):
            return "", None
        return f"has no {word}=: {entry.note}", None
    if isinstance(given, ast.Constant):
        if given.value is None:
            return f"has {word}=None: {_without(entry)}", None
        return "", finite(given.value) if isinstance(given.value, int | float) else None
    if isinstance(given, ast.Name) and _defaults_to_none(given.id, call, source):
        return f"takes {word}= from a parameter that is None by default: {_without(entry)}", None
    return "", None


def _without(entry: Outbound) -> str:
    return "waits without end" if entry.bounded else entry.note


def _keyword(call: ast.Call, keywords: tuple[str, ...]) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg in keywords), None)


def _in_a_text(call: ast.Call, word: str) -> bool:
    """Return whether a connection string among the arguments sets the limit (``connect_timeout=5``)."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(
        isinstance(value, ast.Constant) and isinstance(value.value, str) and word in value.value for value in values
    )


def _in_splat(call: ast.Call, word: str, source: Source) -> bool:
    """Return whether ``**options`` may hold the limit because the function around names it somewhere."""
    if all(keyword.arg is not None for keyword in call.keywords):
        return False
    around: ast.AST = function_of(source, call) or source.tree
    return any(
        (isinstance(node, ast.Constant) and node.value == word) or (isinstance(node, ast.keyword) and node.arg == word)
        for node in ast.walk(around)
    )


def _inside_timeout(call: ast.Call, source: Source) -> bool:
    """Return whether the function around bounds the wait itself (``asyncio.timeout``, ``wait_for``)."""
    around = function_of(source, call)
    if around is None:
        return False
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in ("timeout", "timeout_at", "wait_for", "fail_after", "move_on_after")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("asyncio", "anyio", "trio", "async_timeout")
        for node in ast.walk(around)
    )


def _defaults_to_none(name: str, call: ast.Call, source: Source) -> bool:
    function = function_of(source, call)
    if function is None:
        return False
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    pairs = [
        *zip(with_default, arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    default = next((value for argument, value in pairs if argument.arg == name), None)
    return isinstance(default, ast.Constant) and default.value is None


def _row(source: Source, call: ast.Call, name: str, problem: str, limit: float | None) -> dict[str, Any]:
    shown = name.replace("()", "")
    return {"path": source.path, "line": call.lineno, "name": shown, "problem": problem, "limit_s": limit}


if __name__ == "__main__":
    main({KIND: examine})
