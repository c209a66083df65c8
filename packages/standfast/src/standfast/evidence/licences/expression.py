"""SPDX licence expressions: which choices an expression leaves, and whether a policy allows one of them."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from standfast.model import EvidenceError

MAX_LENGTH = 2_000
"""A longer expression is not read."""

MAX_DEPTH = 50

_TOKEN = re.compile(r"[()]|[^\s()]+")

# Names that tools write instead of the identifier; only those that mean exactly one licence.
_NAMES = {
    "mit license": "MIT",
    "the mit license": "MIT",
    "apache software license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
    "the unlicense": "Unlicense",
    "3-clause bsd license": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause",
    "2-clause bsd license": "BSD-2-Clause",
    "bsd 2-clause": "BSD-2-Clause",
    "simplified bsd license": "BSD-2-Clause",
    "gnu general public license v2 (gplv2)": "GPL-2.0-only",
    "gnu general public license v3 (gplv3)": "GPL-3.0-only",
    "gnu affero general public license v3": "AGPL-3.0-only",
    "gnu lesser general public license v2 or later (lgplv2+)": "LGPL-2.0-or-later",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "zope public license": "ZPL-2.1",
}


_CLASSIFIER = "License :: "
_TEXT_CAP = 200


class ExpressionError(EvidenceError):
    """The text is not a licence expression."""

    def __init__(self, message: str) -> None:
        super().__init__("licence-expression", message)


@lru_cache(maxsize=4096)
def as_expression(text: str) -> str:
    """Return *text* as an SPDX expression where it is a known name of one licence; otherwise as it is.

    A classifier (``License :: OSI Approved :: MIT License``) is read as its last part. A whole licence text is cut:
    it is no expression, and must be looked at by a person.
    """
    cleaned = " ".join(text.split())
    if cleaned.startswith(_CLASSIFIER):
        cleaned = cleaned.rpartition(" :: ")[2]
    return _NAMES.get(cleaned.lower(), cleaned[:_TEXT_CAP])


def joined(texts: Iterable[str]) -> str:
    """Return one expression for a package that declares several licences: all of them apply.

    A classifier that only names a family (``BSD License``) says nothing where a licence of the family is named.
    """
    parts = list(dict.fromkeys(as_expression(text) for text in texts if text.strip()))
    if len(parts) > 1 and any(part.startswith("BSD-") for part in parts):
        parts = [part for part in parts if part != "BSD License"]
    if len(parts) > 1:
        parts = [part for part in parts if part != "OSI Approved"]
        return " AND ".join(f"({part})" if " OR " in part else part for part in parts)
    return parts[0] if parts else ""


def allowed(expression: str, permits: Callable[[str], bool]) -> bool:
    """Return whether *expression* leaves a choice of which every licence is one that *permits*.

    Raises:
        ExpressionError: It is not an expression; what is not understood is not allowed.
    """
    if len(expression) > MAX_LENGTH:
        raise ExpressionError(f"it has {len(expression)} characters, at most {MAX_LENGTH} are read")
    tokens = _TOKEN.findall(expression)
    walk = _Walk(tokens, permits)
    result = walk.either(0)
    if walk.position != len(tokens):
        raise ExpressionError(f"unexpected {tokens[walk.position]!r}")
    return result


def identifiers(expression: str) -> Iterator[str]:
    """Yield each licence that *expression* names."""
    for word in _TOKEN.findall(expression[:MAX_LENGTH]):
        if word not in "()" and word.upper() not in ("AND", "OR", "WITH"):
            yield word


class _Walk:
    """Recursive descent over the tokens of one expression: OR binds weakest, WITH strongest."""

    def __init__(self, tokens: list[str], permits: Callable[[str], bool]) -> None:
        self._tokens, self._permits, self.position = tokens, permits, 0

    def either(self, depth: int) -> bool:
        """Read a choice."""
        result = self._both(depth)
        while self._takes("OR"):
            result = self._both(depth) or result
        return result

    def _both(self, depth: int) -> bool:
        result = self._one(depth)
        while self._takes("AND"):
            result = self._one(depth) and result
        return result

    def _one(self, depth: int) -> bool:
        if depth > MAX_DEPTH:
            raise ExpressionError("it nests too deep")
        token = self._next()
        if token == "(":  # noqa: S105  # nosec B105  # a bracket
            result = self.either(depth + 1)
            if self._next() != ")":
                raise ExpressionError("a bracket is not closed")
            return result
        if token == ")" or token.upper() in ("AND", "OR", "WITH"):  # noqa: S105  # nosec B105  # a bracket
            raise ExpressionError(f"unexpected {token!r}")
        if self._takes("WITH"):
            exception = self._next()
            return self._permits(f"{token} WITH {exception}") or self._permits(token)
        return self._permits(token)

    def _next(self) -> str:
        if self.position >= len(self._tokens):
            raise ExpressionError("it ends too early")
        self.position += 1
        return self._tokens[self.position - 1]

    def _takes(self, word: str) -> bool:
        if self.position < len(self._tokens) and self._tokens[self.position].upper() == word:
            self.position += 1
            return True
        return False
