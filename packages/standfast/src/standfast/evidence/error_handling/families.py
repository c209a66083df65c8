"""Which exceptions of a project belong together, and what each is for."""

import re
from collections.abc import Iterable, Mapping

import msgspec

from standfast.evidence.error_handling.schema import ExceptionClass

FAMILIES = ("security", "validation", "system", "business")

# The words of a class name decide, in this order: an `InvalidTokenError` is about security, not about validation.
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "security",
        "auth|authn|authz|authentication|authorization|authorisation|unauthorized|unauthorised|unauthenticated|"
        "permission|permissions|forbidden|denied|credential|credentials|token|security|signature|csrf|password|login|"
        "mfa|duty|duties|tampered|integrity",
    ),
    (
        "validation",
        "validation|invalid|malformed|schema|parse|parsing|format|input|field|missing|required|argument|parameter|"
        "decode|decoding|syntax|bad|unprocessable",
    ),
    (
        "system",
        "system|timeout|timed|connection|unavailable|upstream|gateway|storage|database|network|io|infrastructure|"
        "external|service|dependency|broker|queue|cache|internal|configuration|config|resource|exhausted|transport|"
        "unreachable|circuit|overloaded|disk|retry|retries",
    ),
    ("business", "business|domain"),
)
_PATTERNS = tuple((family, frozenset(words.split("|"))) for family, words in _WORDS)
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")
_OUTSIDE = {
    "PermissionError": "security",
    "ValueError": "validation",
    "TypeError": "validation",
    "ValidationError": "validation",
    "RequestValidationError": "validation",
    "OSError": "system",
    "IOError": "system",
    "ConnectionError": "system",
    "TimeoutError": "system",
}
_NO_ERRORS = frozenset({"AssertionError", "Warning", "UserWarning", "DeprecationWarning", "RuntimeWarning"})
"""What derives from these tells of a defect or warns; nobody is meant to handle it."""
_SUFFIX = frozenset({"error", "exception"})


class ClassRow(msgspec.Struct, frozen=True):
    """A class as the scan prints it."""

    path: str
    line: int
    name: str
    bases: tuple[str, ...]
    fields: tuple[str, ...]


def exception_classes(rows: Iterable[ClassRow], raised: Mapping[str, int]) -> tuple[ExceptionClass, ...]:
    """Return those of *rows* that are exceptions, with ancestors, family and inherited fields."""
    by_name = {row.name: row for row in rows}
    found = []
    for row in by_name.values():
        ancestors = _ancestors(row, by_name)
        if _is_exception(row, ancestors):
            found.append(_described(row, ancestors, by_name, raised.get(row.name, 0)))
    return tuple(sorted(found, key=lambda one: (one.path, one.line)))


def _ancestors(row: ClassRow, by_name: Mapping[str, ClassRow]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = list(row.bases)
    while waiting:
        name = waiting.pop(0)
        if name not in found and name != row.name:
            found[name] = None
            waiting.extend(by_name[name].bases if name in by_name else ())
    return tuple(found)


def _is_exception(row: ClassRow, ancestors: tuple[str, ...]) -> bool:
    # An ancestor from outside is known by its name alone; so is the class itself where it has one.
    outside = any(name in ("BaseException", "Exception") or name.endswith(("Error", "Exception")) for name in ancestors)
    return (
        outside
        and not _NO_ERRORS.intersection(ancestors)
        and not row.name.endswith(("Handler", "Mixin", "Middleware", "Response"))
    )


def _described(
    row: ClassRow, ancestors: tuple[str, ...], by_name: Mapping[str, ClassRow], raised: int
) -> ExceptionClass:
    inherited = {field for name in ancestors if name in by_name for field in by_name[name].fields}
    return ExceptionClass(
        name=row.name,
        path=row.path,
        line=row.line,
        ancestors=ancestors,
        family=_family(row.name, ancestors, by_name),
        fields=tuple(sorted({*row.fields, *inherited})),
        raised=raised,
    )


def _family(name: str, ancestors: tuple[str, ...], by_name: Mapping[str, ClassRow]) -> str:
    # What a class derives from says more than what it is called: an invalid amount may be a rule of the business.
    for each in (*(ancestor for ancestor in ancestors if ancestor in by_name), name):
        family = family_of_name(each)
        if family:
            return family
    outside = next((_OUTSIDE[ancestor] for ancestor in ancestors if ancestor in _OUTSIDE), "")
    # What derives from the project's own root and speaks of nothing technical is about the domain.
    is_root = not any(ancestor in by_name for ancestor in ancestors)
    return outside or ("" if is_root else "business")


def family_of_name(name: str) -> str:
    """Return the family that the words of a class name speak of, or nothing."""
    words = {part.lower() for part in _PARTS.findall(name)} - _SUFFIX
    return next((family for family, known in _PATTERNS if words & known), "")
