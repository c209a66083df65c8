"""Read an OpenAPI 3.0 or 3.1 document; pure."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from urllib.parse import unquote

from standfast.evidence.api_description.bounds import escaped, unbounded
from standfast.evidence.api_description.schema import ApiDescription, Operation
from standfast.evidence.formats.yaml_values import Plain
from standfast.model import EvidenceError, Examination, Finding, Items, Location

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_VERSION = re.compile(r"3\.(?:0|1|2)(?:\.\d+)?\Z")
_PROBLEM = "application/problem+json"


class _Tree:
    """The document, with the references that could not be followed."""

    def __init__(self, root: Mapping[str, Plain], path: str) -> None:
        self.root, self.path = root, path
        self.dangling: dict[str, Finding] = {}

    def resolve(self, value: Plain) -> Plain:
        """Return what *value* refers to, through any number of references; itself where it is none."""
        for _ in range(32):
            reference = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(reference, str):
                return value
            value = self._at(reference)
        return None

    def _at(self, reference: str) -> Plain:
        found: Plain = dict(self.root) if reference.startswith("#") else None
        for segment in reference.removeprefix("#").split("/")[1:]:
            key = unquote(segment).replace("~1", "/").replace("~0", "~")
            found = found.get(key) if isinstance(found, dict) else None
        if found is None:
            self.dangling[reference] = Finding(
                f"the reference {reference[:200]} cannot be followed", Location(self.path), rule="dangling-reference"
            )
        return found

    def table(self, value: Plain) -> dict[str, Plain]:
        """Return *value*, resolved, as a table; an empty one where it is none."""
        found = self.resolve(value)
        return found if isinstance(found, dict) else {}


def describe_openapi(value: Plain, path: str) -> ApiDescription:
    """Return what the OpenAPI document *value* says.

    Raises:
        EvidenceError: It is not OpenAPI of a version that is known.
    """
    if not isinstance(value, dict):
        raise EvidenceError("openapi-form", f"{path} is not a table of keys and values")
    version = str(value.get("openapi", value.get("swagger", "")))
    if not _VERSION.match(version):
        raise EvidenceError(
            "openapi-version",
            f"{path} is OpenAPI {version[:20] or '(no version)'}, expected 3.0 to 3.2",
            hint="convert it to OpenAPI 3.1",
        )
    tree = _Tree(value, path)
    operations = tuple(_operations(tree))
    info, components = tree.table(value.get("info")), tree.table(value.get("components"))
    dangling = tuple(tree.dangling.values())
    return ApiDescription(
        examination=Examination(
            unit="operations",
            examined=len(operations),
            errors=len(dangling),
            notes=tuple(item.message for item in dangling[:5]),
        ),
        items=Items.of(dangling),
        scope=path,
        path=path,
        format=f"OpenAPI {version}",
        title=_text(info.get("title")),
        version=_text(info.get("version")),
        operations=operations,
        schemes=tuple(tree.table(components.get("securitySchemes"))),
    )


def _operations(tree: _Tree) -> Iterator[Operation]:
    for path, item in tree.table(tree.root.get("paths")).items():
        if not path.startswith("/"):
            continue
        table = tree.table(item)
        for method in METHODS:
            if isinstance(table.get(method), dict):
                yield _operation(tree, path, method, table)


def _operation(tree: _Tree, path: str, method: str, item: Mapping[str, Plain]) -> Operation:
    table = tree.table(item.get(method))
    pointer = f"#/paths/{escaped(path)}/{method}"
    responses = {str(status): tree.table(response) for status, response in tree.table(table.get("responses")).items()}
    errors = [status for status in responses if status[:1] in ("4", "5") or status == "default"]
    successes = [status for status in responses if status[:1] == "2"]
    bodies = [*_media(tree, tree.table(table.get("requestBody")))]
    bodies += chain.from_iterable(_media(tree, responses[status]) for status in successes)
    identifier, summary = _text(table.get("operationId")), _text(table.get("summary"))
    description = _text(table.get("description"))
    return Operation(
        method=method,
        path=path,
        pointer=pointer,
        id=identifier,
        summary=summary,
        description=description,
        generated=_is_generated(summary or description, identifier, path, method),
        successes=tuple(successes),
        errors=tuple(errors),
        problem_errors=tuple(status for status in errors if _PROBLEM in tree.table(responses[status].get("content"))),
        wants_examples=len(bodies),
        has_examples=sum(_has_example(tree, media) for media in bodies),
        security=_security(table, tree.root),
        unbounded=tuple(dict.fromkeys(_unbounded(tree, table, item, pointer))),
        tags=_texts(table.get("tags")),
    )


def _text(value: Plain) -> str:
    return value.strip() if isinstance(value, str) else ""


def _list(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []


def _texts(value: Plain) -> tuple[str, ...]:
    return tuple(one for one in _list(value) if isinstance(one, str))


def _media(tree: _Tree, holder: Mapping[str, Plain]) -> Iterator[dict[str, Plain]]:
    """Yield the JSON media types of a body; others (files, streams) need no example."""
    for name, media in tree.table(holder.get("content")).items():
        if "json" in name or name == "*/*":
            yield tree.table(media)


def _has_example(tree: _Tree, media: Mapping[str, Plain]) -> bool:
    if "example" in media or tree.table(media.get("examples")):
        return True
    return _exemplified(tree, media.get("schema"), 12)


def _exemplified(tree: _Tree, schema: Plain, depth: int) -> bool:
    """Return whether *schema* gives an example of the whole: itself, or by each of its parts."""
    table = tree.table(schema)
    if "example" in table or _list(table.get("examples")) or "const" in table or _list(table.get("enum")):
        return True
    if depth == 0:
        return False
    choices = _list(table.get("oneOf")) or _list(table.get("anyOf"))
    if choices:
        return any(_exemplified(tree, part, depth - 1) for part in choices)
    parts: list[Plain] = [*_list(table.get("allOf")), *tree.table(table.get("properties")).values()]
    if table.get("type") == "array":
        parts.append(table.get("items"))
    return bool(parts) and all(_exemplified(tree, part, depth - 1) for part in parts)


def _is_generated(text: str, identifier: str, path: str, method: str) -> bool:
    """Return whether *text* is only the name of the function, as frameworks fill it in."""
    said, name = _letters(text), _letters(identifier)
    if not said or not name:
        return False
    return said == name or name in (said + _letters(path) + method, said + method)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _security(operation: Mapping[str, Plain], root: Mapping[str, Plain]) -> tuple[str, ...] | None:
    said = operation.get("security", root.get("security"))
    if not isinstance(said, list):
        return None
    return tuple(dict.fromkeys(name for entry in said if isinstance(entry, dict) for name in entry))


def _unbounded(tree: _Tree, table: Mapping[str, Plain], item: Mapping[str, Plain], pointer: str) -> Iterator[str]:
    for place, holder in ((pointer.rpartition("/")[0], item), (pointer, table)):
        for index, given in enumerate(_list(holder.get("parameters"))):
            parameter = tree.table(given)
            yield from unbounded(parameter.get("schema"), f"{place}/parameters/{index}/schema", tree.resolve)
    content = tree.table(tree.table(table.get("requestBody")).get("content"))
    for name, media in content.items():
        schema = tree.table(media).get("schema")
        yield from unbounded(schema, f"{pointer}/requestBody/content/{escaped(name)}/schema", tree.resolve)
