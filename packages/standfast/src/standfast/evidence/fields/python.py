"""Fields in Python: ORM models, table definitions, migrations, and the classes that carry messages."""

import ast
import re
import warnings
from collections.abc import Iterator

from standfast.evidence.fields.field import Field

_STORED_BASES = frozenset(
    {"Base", "Model", "DeclarativeBase", "SQLModel", "Document", "EmbeddedDocument", "DynamicDocument", "Entity"}
)
_MESSAGE_BASES = frozenset(
    {"BaseModel", "Struct", "TypedDict", "NamedTuple", "Serializer", "ModelSerializer", "Schema", "Form", "ModelForm"}
)
_DECORATORS = frozenset({"dataclass", "define", "attrs"})
_CALLS = re.compile(r"\b(?:Table|add_column|create_table|CreateModel|AddField)\b")
_TELLING = re.compile(
    rf"{_CALLS.pattern}|\b(?:{'|'.join(sorted(_STORED_BASES | _MESSAGE_BASES | _DECORATORS))}|Column|mapped_column)\b"
)
"""A file without any of these words defines no field: it need not be parsed."""


def python_fields(path: str, text: str) -> Iterator[Field]:
    """Yield every field of *text*.

    Raises:
        SyntaxError: It is not Python that this interpreter can read.
    """
    if not _TELLING.search(text):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error)) from error
    for statement in _statements(tree):
        if isinstance(statement, ast.ClassDef):
            yield from _of_class(statement, path)
    if _CALLS.search(text):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _of_call(node, path)


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield every statement, however deep, without looking into expressions."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        for name in ("body", "orelse", "handlers", "finalbody", "cases"):
            inner = getattr(node, name, None)
            if isinstance(inner, list):
                waiting += reversed(inner)
        if isinstance(node, ast.stmt):
            yield node


def _of_class(node: ast.ClassDef, path: str) -> Iterator[Field]:
    stored = _is_stored(node)
    if not stored and not _is_message(node):
        return
    owner = _table_name(node) or node.name
    for statement in node.body:
        for name, line in _assigned(statement):
            if not name.startswith("_"):
                yield Field(owner, name, path, line, stored)


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id, statement.lineno
    elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                yield target.id, statement.lineno


def _is_stored(node: ast.ClassDef) -> bool:
    bases = {_last(base) for base in node.bases}
    if "SQLModel" in bases:
        return any(word.arg == "table" for word in node.keywords)
    if not _STORED_BASES.isdisjoint(bases):
        return True
    calls = (one.value for one in node.body if isinstance(one, ast.Assign | ast.AnnAssign))
    return any(isinstance(one, ast.Call) and _last(one.func) in ("Column", "mapped_column") for one in calls)


def _is_message(node: ast.ClassDef) -> bool:
    if any(_last(one) in _DECORATORS for one in node.decorator_list):
        return True
    return not _MESSAGE_BASES.isdisjoint(_last(base) for base in node.bases)


def _table_name(node: ast.ClassDef) -> str:
    for one in node.body:
        if (
            isinstance(one, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == "__tablename__" for target in one.targets)
            and isinstance(one.value, ast.Constant)
        ):
            return str(one.value.value)
    return ""


def _of_call(node: ast.Call, path: str) -> Iterator[Field]:
    """Yield the columns of ``Table("name", metadata, Column("field"))``, ``op.add_column`` and Django's migrations."""
    called = _last(node.func)
    if called in ("Table", "add_column", "create_table") and node.args:
        owner = _text(node.args[0])
        for argument in node.args[1:]:
            if isinstance(argument, ast.Call) and _last(argument.func) == "Column" and argument.args:
                yield from _named(owner, _text(argument.args[0]), path, argument.lineno)
    elif called in ("CreateModel", "AddField"):
        yield from _of_migration(node, path)


def _of_migration(node: ast.Call, path: str) -> Iterator[Field]:
    given = {word.arg: word.value for word in node.keywords}
    if "model_name" in given:
        yield from _named(_text(given["model_name"]), _text(given.get("name")), path, node.lineno)
    fields = given.get("fields")
    for one in fields.elts if isinstance(fields, ast.List) else ():
        if isinstance(one, ast.Tuple) and one.elts:
            yield from _named(_text(given.get("name")), _text(one.elts[0]), path, one.lineno)


def _named(owner: str, name: str, path: str, line: int) -> Iterator[Field]:
    if name:
        yield Field(owner, name, path, line, True)


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _last(node.value)
    if isinstance(node, ast.Call):
        return _last(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
