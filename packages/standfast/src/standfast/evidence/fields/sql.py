"""Fields in SQL: ``CREATE TABLE`` and ``ALTER TABLE ... ADD``."""

import re
from collections.abc import Iterator

from standfast.evidence.fields.field import Field

_CREATE = re.compile(
    r"\bCREATE\s+(?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|EXTERNAL)\s+)*TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"(?P<name>[\w.\"`\[\]]+)\s*\(",
    re.IGNORECASE,
)
_ALTER = re.compile(
    r"\bALTER\s+TABLE\s+(?:ONLY\s+)?(?:IF\s+EXISTS\s+)?(?P<name>[\w.\"`\[\]]+)\s+ADD\s+(?:COLUMN\s+)?"
    r"(?:IF\s+NOT\s+EXISTS\s+)?(?P<column>[\w\"`\[\]]+)",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"\s*(?P<column>[\"`\[]?\w+[\"`\]]?)\s+\w")
_NO_COLUMN = frozenset(
    {"primary", "foreign", "unique", "check", "constraint", "index", "key", "exclude", "like", "partition", "fulltext"}
)
_TYPED = re.compile(
    r"\s*(?:key|index)\s+(?:text|varchar|char|character|integer|int|bigint|smallint|uuid|blob|bytea|json|jsonb|boolean)\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"--[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)")
_MAX_TABLE = 200_000


def sql_fields(path: str, text: str) -> Iterator[Field]:
    """Yield every column that *text* creates."""
    plain = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    for match in _CREATE.finditer(plain):
        owner = _bare(match["name"])
        for offset, column in _columns(plain, match.end()):
            yield Field(owner, column, path, plain.count("\n", 0, offset) + 1, True)
    for match in _ALTER.finditer(plain):
        column = _bare(match["column"])
        if _is_name(column):
            yield Field(_bare(match["name"]), column, path, plain.count("\n", 0, match.start()) + 1, True)


def _columns(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield the columns between the bracket before *start* and the one that closes it."""
    depth, begin = 1, start
    for position in range(start, min(len(text), start + _MAX_TABLE)):
        sign = text[position]
        depth += (sign == "(") - (sign == ")")
        if depth == 0 or (sign == "," and depth == 1):
            match = _COLUMN.match(text, begin, position)
            if match and (_TYPED.match(match[0] + text[match.end() : position]) or _is_name(match["column"])):
                yield match.start("column"), _bare(match["column"])
            begin = position + 1
        if depth == 0:
            return


def _is_name(word: str) -> bool:
    return _bare(word).lower() not in _NO_COLUMN


def _bare(name: str) -> str:
    return name.rpartition(".")[2].strip('"`[]')
