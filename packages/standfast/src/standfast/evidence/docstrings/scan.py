"""Compare docstrings with what they document: ``python -m standfast.evidence.docstrings.scan``.

Public is what has no leading underscore in the dotted path that leads to it: modules, classes, functions, methods of
public classes. Left out are special methods, overloads, property setters, methods marked as overriding another, and
functions inside functions. What a private module holds is listed apart: a public module may pass it on.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

from standfast.evidence.docstrings.reexports import declared_names, module_of, passed_on
from standfast.evidence.docstrings.sections import documented_parameters
from standfast.evidence.source.scanning import main
from standfast.evidence.source.syntax import FUNCTIONS, Function, Source

KIND = "docstrings"
Documented = ast.Module | ast.ClassDef | Function
Named = tuple[str, str, Documented]
"""What kind of thing it is, its name, and where it stands."""
_SILENT = frozenset({"overload", "override", "overrides", "setter", "deleter"})
_WORD = re.compile(r"[a-z0-9]+")
_SENTENCE = 5
_EMPTY_WORDS = frozenset({"a", "an", "the", "this", "of", "for", "function", "method", "class", "module", "docstring"})


def examine(source: Source) -> dict[str, Any]:
    """Return the public names of the module, those without a docstring, and those whose docstring does not fit."""
    is_hidden = _is_hidden(source.path)
    public = [] if is_hidden else [*_public(source)]
    findings = [*_undocumented(source, public)]
    undocumented = len(findings)
    matched = mismatched = 0
    for node in source.functions():
        for problem in _mismatches(node, source):
            mismatched += 1
            findings.append(_finding(source, node, "mismatch", problem))
        matched += _documents_parameters(node, source)
    return {
        "module": module_of(source.path),
        "is_hidden": is_hidden,
        "declared": declared_names(source),
        "passed_on": [*passed_on(source, is_hidden=is_hidden)],
        "hidden": [*_hidden(source)] if is_hidden else [],
        "public": len(public),
        "undocumented": undocumented,
        "with_parameters": matched,
        "mismatches": mismatched,
        "findings": findings,
    }


def _undocumented(source: Source, public: Iterable[Named]) -> Iterator[dict[str, Any]]:
    for kind, name, node in public:
        problem = _missing(kind, name, ast.get_docstring(node))
        if problem:
            yield _finding(source, node, "undocumented", problem)


def _hidden(source: Source) -> Iterator[dict[str, Any]]:
    """Yield each name at the top of a private module, with what it holds and what of that has no docstring."""
    names: dict[str, list[Named]] = {}
    for one in _definitions(source):
        names.setdefault(source.qualified(one[2]).partition(".")[0], []).append(one)
    for name, held in names.items():
        yield {"name": name, "public": len(held), "findings": [*_undocumented(source, held)]}


def _is_hidden(path: str) -> bool:
    *folders, stem = module_of(path).split("/")
    return any(map(_is_private, folders)) or _is_private(stem)


def _public(source: Source) -> Iterator[Named]:
    is_package = source.path.endswith(("__init__.py", "__init__.pyi"))
    if source.tree.body or not is_package:
        yield "module", module_of(source.path).rpartition("/")[2], source.tree
    yield from _definitions(source)


def _definitions(source: Source) -> Iterator[Named]:
    for node in (*source.nodes(ast.ClassDef), *source.functions()):
        if _is_public(source, node):
            yield "class" if isinstance(node, ast.ClassDef) else "function", node.name, node


def _is_public(source: Source, node: ast.ClassDef | Function) -> bool:
    if isinstance(source.owner[node], FUNCTIONS) or any(map(_is_private, source.qualified(node).split("."))):
        return False
    return isinstance(node, ast.ClassDef) or not _SILENT & set(_decorators(node))


def _is_private(name: str) -> bool:
    return name.startswith("_")


def _decorators(node: Function) -> Iterator[str]:
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(target, ast.Attribute):
            yield target.attr
        elif isinstance(target, ast.Name):
            yield target.id


def _missing(kind: str, name: str, text: str | None) -> str:
    if not text or not text.strip():
        return f"the {kind} {name} has no docstring"
    if kind != "module" and _repeats(text, name):
        return f"the docstring of the {kind} {name} says no more than its name"
    return ""


def _repeats(text: str, name: str) -> bool:
    """Return whether *text* says no more than *name*; a name of many words is a sentence of its own."""
    words = set(_WORD.findall(name.lower().replace("_", " ")))
    said = set(_WORD.findall(text.lower())) - _EMPTY_WORDS
    return said <= words | {name.lower()} and len(words) < _SENTENCE


def _documents_parameters(node: Function, source: Source) -> bool:
    return bool(_documented(node, source))


def _documented(node: Function, source: Source) -> dict[str, bool]:
    owner = source.owner[node]
    text = ast.get_docstring(node) or ""
    found = documented_parameters(text)
    if not found and node.name == "__init__" and isinstance(owner, ast.ClassDef):
        found = documented_parameters(ast.get_docstring(owner) or "")
    return found


def _mismatches(node: Function, source: Source) -> Iterator[str]:
    documented = _documented(node, source)
    if not documented:
        return
    given, required, open_ended = _parameters(node, source)
    stale = [name for name in documented if name not in given]
    if stale and not open_ended:
        yield f"the docstring of {node.name} documents {', '.join(stale)}, which it does not take"
    silent = [name for name in required if name not in documented]
    if silent:
        yield f"the docstring of {node.name} leaves out {', '.join(silent)}"


def _parameters(node: Function, source: Source) -> tuple[set[str], list[str], bool]:
    """Return (all names, those that need a word, whether it takes any keyword)."""
    arguments = node.args
    named = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    first = (arguments.posonlyargs or arguments.args)[:1]
    if first and isinstance(source.owner[node], ast.ClassDef) and "staticmethod" not in _decorators(node):
        named.remove(first[0].arg)
    extra = [argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument]
    return {*named, *extra}, [name for name in named if not _is_private(name)], arguments.kwarg is not None


def _finding(source: Source, node: Documented, rule: str, message: str) -> dict[str, Any]:
    name = source.qualified(node)
    return {"path": source.path, "line": getattr(node, "lineno", 1), "rule": rule, "name": name, "message": message}


if __name__ == "__main__":
    main({KIND: examine})
