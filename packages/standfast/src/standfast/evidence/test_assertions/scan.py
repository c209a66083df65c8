"""Find what each test asserts: ``python -m standfast.evidence.test_assertions.scan``."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from standfast.evidence.source.scanning import main
from standfast.evidence.source.syntax import FUNCTIONS, Function, Source

KIND = "test_assertions"
_SPEAKS = re.compile(
    r"_?(?:assert|expect|verify|verifies|check|checks|ensure|must|should|fail|fails|raises|warns|require|compare)(?:$|[_A-Z])|"
    r"(?:raise_for_status|fnmatch_lines\w*|check_returncode|check_call|check_output|deprecated_call|match_snapshot)\Z"
)
"""What a call is named that can fail a test."""


def examine(source: Source) -> dict[str, Any]:
    """Return each function of the module: whether it is a test, what it calls, and whether it asserts."""
    return {"functions": [_function(each, source) for each in source.functions()]}


def _function(function: Function, source: Source) -> dict[str, Any]:
    nodes = [*_inside(function)]
    asserts = [node for node in nodes if isinstance(node, ast.Assert)]
    arguments = function.args
    taken = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return {
        "path": source.path,
        "line": function.lineno,
        "name": function.name,
        "title": source.qualified(function),
        "test": _is_test(function, source),
        "asserts": any(not _is_constant(node.test) for node in asserts) or any(_speaks(node) for node in nodes),
        "empty": bool(asserts),
        "uses": sorted(
            {*taken, *_fixtures(function), *(_name(node.func) for node in nodes if isinstance(node, ast.Call))}
        ),
    }


def _inside(function: Function) -> Iterator[ast.AST]:
    for statement in function.body:
        yield from ast.walk(statement)


def _is_test(function: Function, source: Source) -> bool:
    if not function.name.startswith("test") or _left_out(function):
        return False
    owner = source.owner.get(function)
    if isinstance(owner, FUNCTIONS):
        return False
    if isinstance(owner, ast.ClassDef):
        bases = {_name(base) for base in owner.bases}
        return owner.name.startswith("Test") or any(base.endswith(("TestCase", "Test", "Tests")) for base in bases)
    return True


def _left_out(function: Function) -> bool:
    """Return whether it only looks like a test: a fixture, an override, a property."""
    names = {_name(one.func if isinstance(one, ast.Call) else one) for one in function.decorator_list}
    return not names.isdisjoint({"fixture", "property", "staticmethod", "overload", "abstractmethod"})


def _fixtures(function: Function) -> Iterator[str]:
    for one in function.decorator_list:
        if isinstance(one, ast.Call) and _name(one.func) == "usefixtures":
            yield from (
                word.value for word in one.args if isinstance(word, ast.Constant) and isinstance(word.value, str)
            )


def _speaks(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if any(
        one.arg == "check" and isinstance(one.value, ast.Constant) and one.value.value is True for one in node.keywords
    ):
        return True
    return _SPEAKS.match(_name(node.func)) is not None


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_constant(node: ast.expr) -> bool:
    """Return whether what is asserted is true whatever the code does."""
    if isinstance(node, ast.Tuple):
        return bool(node.elts)
    return isinstance(node, ast.Constant) and bool(node.value)


if __name__ == "__main__":
    main({KIND: examine})
