"""Fields in other languages: JPA and TypeORM entities, Prisma models, GORM structs, protobuf messages."""

import re
from collections.abc import Callable, Iterator

from standfast.evidence.fields.field import Field

_CLASS = re.compile(
    r"\b(?:class|record|interface|message|struct|model)\s+(?P<name>\w+)|\btype\s+(?P<go>\w+)\s+struct\b"
)
_JAVA = re.compile(
    r"^\s*(?:(?:private|protected|public|final|static|val|var|lateinit)\s+)+"
    r"(?:[\w<>\[\], ?.]+\s+)?(?P<name>\w+)\s*[;=:]"
)
_TYPESCRIPT = re.compile(
    r"^\s*(?:(?:private|protected|public|readonly|declare)\s+)*(?P<name>\w+)\s*[?!]?\s*:\s*[\w|<>\[\]. ]+;?\s*$"
)
_PRISMA = re.compile(r"^\s+(?P<name>\w+)\s+\w+[\[\]?]*(?:\s|$)")
_GO = re.compile(r"^\s+(?P<name>[A-Z]\w*)\s+[\w.*\[\]]+\s+`(?P<tag>[^`]*)`")
_PROTO = re.compile(r"^\s*(?:optional |repeated |required )?[\w.]+\s+(?P<name>\w+)\s*=\s*\d+")
_ENTITY = re.compile(r"@(?:Entity|Table|Document|MappedSuperclass|Embeddable)\b")
_MAX_LINE = 1_000

Reader = Callable[[str, str], Iterator[Field]]


def _by_line(path: str, text: str, pattern: re.Pattern[str], *, stored: bool) -> Iterator[Field]:
    owner = ""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _MAX_LINE:
            continue
        opened = _CLASS.search(line)
        if opened:
            owner = opened["name"] or opened["go"]
            continue
        match = pattern.match(line)
        if match and owner:
            kept = "gorm:" in match["tag"] or "db:" in match["tag"] if "tag" in match.groupdict() else stored
            yield Field(owner, match["name"], path, number, kept)


def java_fields(path: str, text: str) -> Iterator[Field]:
    """Yield the fields of Java and Kotlin classes; those of a JPA entity are stored."""
    return _by_line(path, text, _JAVA, stored=_ENTITY.search(text) is not None)


def typescript_fields(path: str, text: str) -> Iterator[Field]:
    """Yield the fields of TypeScript classes and interfaces; those of a TypeORM entity are stored."""
    return _by_line(path, text, _TYPESCRIPT, stored=_ENTITY.search(text) is not None)


def prisma_fields(path: str, text: str) -> Iterator[Field]:
    """Yield the fields of Prisma models, which are stored."""
    return _by_line(path, text, _PRISMA, stored=True)


def go_fields(path: str, text: str) -> Iterator[Field]:
    """Yield the tagged fields of Go structs; those with a database tag are stored."""
    return _by_line(path, text, _GO, stored=False)


def proto_fields(path: str, text: str) -> Iterator[Field]:
    """Yield the fields of protobuf messages."""
    return _by_line(path, text, _PROTO, stored=False)
