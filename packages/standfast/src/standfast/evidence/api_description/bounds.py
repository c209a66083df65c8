"""Find the inputs of an operation that a caller may make as large as they like; pure."""

from collections.abc import Callable, Iterator, Mapping

from standfast.evidence.formats.yaml_values import Plain

MAX_DEPTH = 24
_BOUNDED_FORMATS = frozenset(
    {"date", "date-time", "time", "uuid", "ipv4", "ipv6", "byte-array", "email", "duration", "int32", "int64"}
)

Resolve = Callable[[Plain], Plain]


def unbounded(schema: Plain, pointer: str, resolve: Resolve) -> Iterator[str]:
    """Yield the pointer of every part of *schema* that accepts values of any size.

    A part is bounded by a maximum, a maximum length or number of items, an enumeration, a constant, a pattern that is
    anchored, or a format of fixed length. An object is bounded if it accepts no properties that it does not name.
    """
    yield from _walk(schema, pointer, resolve, frozenset(), MAX_DEPTH)


def _walk(schema: Plain, pointer: str, resolve: Resolve, seen: frozenset[str], depth: int) -> Iterator[str]:
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    if isinstance(reference, str):
        if reference in seen:
            return
        seen = seen | {reference}
        schema = resolve(schema)
    if not isinstance(schema, dict) or depth == 0 or "const" in schema or schema.get("enum"):
        return
    for key in ("allOf", "oneOf", "anyOf"):
        parts = schema.get(key)
        for index, part in enumerate(parts if isinstance(parts, list) else []):
            if not _is_null(part):
                yield from _walk(part, f"{pointer}/{key}/{index}", resolve, seen, depth - 1)
    for kind in _types(schema):
        yield from _of_type(kind, schema, pointer, resolve, seen, depth)


def _is_null(schema: Plain) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "null"


def _types(schema: Mapping[str, Plain]) -> tuple[str, ...]:
    said = schema.get("type")
    if isinstance(said, list):
        return tuple(kind for kind in said if isinstance(kind, str))
    if isinstance(said, str):
        return (said,)
    return ("object",) if isinstance(schema.get("properties"), dict) else ()


def _of_type(
    kind: str, schema: Mapping[str, Plain], pointer: str, resolve: Resolve, seen: frozenset[str], depth: int
) -> Iterator[str]:
    match kind:
        case "string":
            if not _string_bounded(schema):
                yield pointer
        case "integer" | "number":
            if not _number_bounded(schema):
                yield pointer
        case "array":
            if schema.get("maxItems") is None:
                yield pointer
            yield from _walk(schema.get("items"), f"{pointer}/items", resolve, seen, depth - 1)
        case "object":
            yield from _object(schema, pointer, resolve, seen, depth)


def _string_bounded(schema: Mapping[str, Plain]) -> bool:
    pattern = schema.get("pattern")
    anchored = isinstance(pattern, str) and pattern.startswith("^") and pattern.endswith("$")
    # A pattern bounds only if nothing in it repeats without end.
    closed = anchored and isinstance(pattern, str) and not any(mark in pattern for mark in ("*", "+", ",}"))
    return schema.get("maxLength") is not None or closed or schema.get("format") in _BOUNDED_FORMATS


def _number_bounded(schema: Mapping[str, Plain]) -> bool:
    high = schema.get("maximum") is not None or _number(schema.get("exclusiveMaximum"))
    low = schema.get("minimum") is not None or _number(schema.get("exclusiveMinimum"))
    return (high and low) or schema.get("format") in ("int32", "int64")


def _number(value: Plain) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _object(
    schema: Mapping[str, Plain], pointer: str, resolve: Resolve, seen: frozenset[str], depth: int
) -> Iterator[str]:
    properties = schema.get("properties")
    for name, part in (properties if isinstance(properties, dict) else {}).items():
        yield from _walk(part, f"{pointer}/properties/{escaped(name)}", resolve, seen, depth - 1)
    more = schema.get("additionalProperties", schema.get("unevaluatedProperties", True))
    if more is not False and schema.get("maxProperties") is None:
        yield pointer
    if isinstance(more, dict):
        yield from _walk(more, f"{pointer}/additionalProperties", resolve, seen, depth - 1)


def escaped(key: str) -> str:
    """Return *key* as a segment of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")
