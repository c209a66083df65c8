"""Reduce GitHub's published OpenAPI description to the operations that Standfast asks for, per version of the API.

Run it where the description was unpacked (npm: @octokit/openapi, file generated/api.github.com.json)::

    .venv/bin/python scripts/github_description.py api.github.com.json packages/standfast/tests/support/schemas/github

Each file holds the operations with their parameters, the schemas of their bodies and answers, and the definitions that
these lead to, as JSON Schema. The changes of a newer version are those that the description itself carries.
"""

import copy
import json
import sys
from pathlib import Path
from typing import Any

Json = Any
"""A value of JSON, of whatever shape."""

VERSIONS = ("2022-11-28", "2026-03-10")
REPOSITORY = "/repos/{owner}/{repo}"
OPERATIONS = {
    f"{REPOSITORY}/issues": ("get", "post"),
    f"{REPOSITORY}/issues/{{issue_number}}": ("get", "patch"),
    f"{REPOSITORY}/issues/{{issue_number}}/comments": ("get", "post"),
    f"{REPOSITORY}/issues/comments/{{comment_id}}": ("patch",),
    f"{REPOSITORY}/issues/{{issue_number}}/labels": ("get", "post"),
    f"{REPOSITORY}/issues/{{issue_number}}/labels/{{name}}": ("delete",),
    f"{REPOSITORY}/statuses/{{sha}}": ("post",),
    f"{REPOSITORY}/commits/{{ref}}/statuses": ("get",),
    f"{REPOSITORY}/check-runs": ("post",),
    f"{REPOSITORY}/commits/{{ref}}/check-runs": ("get",),
    f"{REPOSITORY}/commits/{{commit_sha}}/pulls": ("get",),
    f"{REPOSITORY}/pulls/{{pull_number}}": ("get",),
    f"{REPOSITORY}/pulls/{{pull_number}}/reviews": ("get",),
    f"{REPOSITORY}/pulls/{{pull_number}}/commits": ("get",),
    f"{REPOSITORY}/environments": ("get",),
}
_KEPT = ("type", "enum", "required", "minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems")
_NESTED = ("items", "not", "additionalProperties")
_LISTS = ("anyOf", "oneOf", "allOf")
_CHANGES = "x-github-breaking-changes"
_POINTER = "#/components/schemas/"


def reduced(description: dict[str, Any], version: str) -> dict[str, Any]:
    """Return the operations of *description* as they are in *version*, with all that they lead to."""
    changed = _changed(description, version)
    operations = {
        f"{method.upper()} {path}": _operation(changed["paths"][path][method], changed)
        for path, methods in OPERATIONS.items()
        for method in methods
    }
    definitions: dict[str, Any] = {}
    waiting = sorted(_references(operations))
    while waiting:
        name = waiting.pop()
        if name not in definitions:
            definitions[name] = _schema(changed["components"]["schemas"][name])
            waiting += sorted(_references(definitions[name]))
    return {
        "source": f"npm @octokit/openapi {description['info']['version']}, generated/api.github.com.json",
        "licence": "MIT; see LICENSE beside this file",
        "version": version,
        "operations": operations,
        "definitions": dict(sorted(definitions.items())),
    }


def _changed(node: Json, version: str) -> Json:
    """Return *node* with every change that the description carries for *version* or before it."""
    if isinstance(node, list):
        return [_changed(one, version) for one in node]
    if not isinstance(node, dict):
        return node
    found = {name: _changed(value, version) for name, value in node.items() if name != _CHANGES}
    for change in node.get(_CHANGES, ()):
        if change["version"] <= version:
            patch = change["patch"]
            found = _patched(found, patch) if isinstance(patch, list) else _merged(found, patch)
    return found


def _merged(target: Json, patch: Json) -> Json:
    """Return *target* after a JSON Merge Patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = _merged(found.get(name), value)
    return found


def _patched(target: Json, operations: list[dict[str, Any]]) -> Json:
    """Return *target* after a JSON Patch (RFC 6902) of removals, replacements and additions."""
    found = copy.deepcopy(target)
    for operation in operations:
        *path, last = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        place = found
        for part in path:
            place = place[int(part)] if isinstance(place, list) else place[part]
        key: Any = int(last) if isinstance(place, list) and last != "-" else last
        if operation["op"] == "remove":
            del place[key]
        elif isinstance(place, list) and operation["op"] == "add":
            place.insert(len(place) if key == "-" else key, operation["value"])
        else:
            place[key] = operation["value"]
    return found


def _operation(operation: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    parameters = [_resolved(one, description) for one in operation.get("parameters", ())]
    return {
        "parameters": [
            {
                "name": one["name"],
                "in": one["in"],
                "required": one.get("required", False),
                "schema": _schema(one["schema"]),
            }
            for one in parameters
        ],
        "request": _body(operation.get("requestBody", {})),
        "answers": {
            status: _body(_resolved(answer, description)) for status, answer in sorted(operation["responses"].items())
        },
    }


def _resolved(node: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = description
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    resolved: dict[str, Any] = found
    return resolved


def _body(holder: dict[str, Any]) -> dict[str, Any] | None:
    content = holder.get("content", {}).get("application/json")
    return None if content is None else _schema(content["schema"])


def _schema(node: Json) -> Json:
    """Return a schema of OpenAPI 3.0 as JSON Schema, without prose and examples."""
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": "#/definitions/" + node["$ref"].removeprefix(_POINTER)}
    found = {name: node[name] for name in _KEPT if name in node}
    found |= {name: _schema(node[name]) for name in _NESTED if name in node}
    found |= {name: [_schema(one) for one in node[name]] for name in _LISTS if name in node}
    if "properties" in node:
        found["properties"] = {name: _schema(one) for name, one in node["properties"].items()}
    if node.get("nullable"):
        return {"anyOf": [found, {"type": "null"}]}
    return found


def _references(node: Json) -> set[str]:
    if isinstance(node, list):
        return set().union(*(_references(one) for one in node))
    if not isinstance(node, dict):
        return set()
    if isinstance(node.get("$ref"), str):
        return {node["$ref"].removeprefix("#/definitions/")}
    return set().union(*(_references(one) for one in node.values()))


def main() -> None:
    """Write one file per version."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    description = json.loads(source.read_text())
    for version in VERSIONS:
        text = json.dumps(reduced(description, version), sort_keys=True, separators=(",", ":"))
        (target / f"{version}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
