"""Find routes, servers and endings of a service: ``python -m standfast.evidence.service_code.scan``."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from standfast.evidence.service_code.table import FRAMEWORKS, HEALTH_PACKAGES, SERVER_PACKAGES, SERVERS
from standfast.evidence.source.names import Names
from standfast.evidence.source.scanning import main
from standfast.evidence.source.syntax import Source
from standfast.evidence.wording.numbers import finite

KIND = "service_code"

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "route", "api_route", "websocket"})
_ADDING = frozenset({"add_api_route", "add_url_rule", "add_route", "add_get", "add_post", "add_view", "add_head"})
_ROUTE_CLASSES = frozenset(
    {
        *("starlette.routing.Route", "starlette.routing.Mount", "starlette.routing.WebSocketRoute"),
        *("fastapi.routing.APIRoute", "django.urls.path", "django.urls.re_path", "django.conf.urls.url"),
        *(f"aiohttp.web.{verb}" for verb in ("get", "post", "put", "patch", "delete", "head", "view", "route")),
    }
)
_HOOKS = ("on_shutdown", "on_cleanup", "cleanup_ctx")
_WORDS = ("path", "rule", "uri", "pattern", "route")


def examine(source: Source) -> dict[str, Any]:
    """Return the frameworks, routes, servers and endings of the module."""
    names = Names(source)
    calls = source.nodes(ast.Call)
    routes = [*_decorated(source, names), *(row for call in calls for row in _added(call, names, source))]
    return {
        "frameworks": [*_frameworks(source, names)],
        "routes": [row for row in routes if row["name"]],
        "unread_routes": sum(1 for row in routes if not row["name"]),
        "health_packages": [*_health_packages(source, names)],
        "endings": [row for call in calls for row in _ending(call, names, source)],
        "servers": [*_servers(calls, names, source)],
    }


def _frameworks(source: Source, names: Names) -> Iterator[dict[str, Any]]:
    found = FRAMEWORKS & names.modules
    if "aiohttp" in found and not re.search(r"aiohttp(?:\.|\s+import\s+[^#\n]*\b)web\b", source.text):
        found -= {"aiohttp"}
    for name in sorted(found):
        yield _sign(name, source, _import_line(source, name))


def _health_packages(source: Source, names: Names) -> Iterator[dict[str, Any]]:
    found = set(HEALTH_PACKAGES & names.modules)
    if "INSTALLED_APPS" in source.text:
        found |= {name for name in HEALTH_PACKAGES if re.search(rf"['\"]{re.escape(name)}['\".]", source.text)}
    for name in sorted(found):
        yield _sign(name, source, _import_line(source, name))


def _import_line(source: Source, name: str) -> int:
    for number, line in enumerate(source.lines, 1):
        if name in line:
            return number
    return 1


def _decorated(source: Source, names: Names) -> Iterator[dict[str, Any]]:
    prefixes = _prefixes(source)
    for function in (*source.functions(), *source.nodes(ast.ClassDef)):
        for call in function.decorator_list:
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _VERBS:
                yield from _decorating(call, call.func, prefixes, source, names)
            elif isinstance(call, ast.Call) and names.resolve(call.func).startswith("litestar."):
                yield _sign(_text(_first(call), source) or "", source, call.lineno)


def _decorating(
    call: ast.Call, func: ast.Attribute, prefixes: dict[str, str], source: Source, names: Names
) -> Iterator[dict[str, Any]]:
    given = _first(call)
    path = _text(given, source)
    if path is None:
        if given is not None and not FRAMEWORKS.isdisjoint(names.modules):
            yield _sign("", source, call.lineno)
        return
    owner = func.value.id if isinstance(func.value, ast.Name) else ""
    whole = prefixes.get(owner, "") + path
    if whole.startswith("/"):
        yield _sign(whole, source, call.lineno)


def _prefixes(source: Source) -> dict[str, str]:
    """Return the prefix of each router of the module by the variable that holds it."""
    found = {}
    for assign in source.nodes(ast.Assign):
        if isinstance(assign.value, ast.Call):
            for keyword in assign.value.keywords:
                prefix = _text(keyword.value, source)
                if keyword.arg in ("prefix", "url_prefix") and prefix:
                    found.update({target.id: prefix for target in assign.targets if isinstance(target, ast.Name)})
    return found


def _added(call: ast.Call, names: Names, source: Source) -> Iterator[dict[str, Any]]:
    adding = isinstance(call.func, ast.Attribute) and call.func.attr in _ADDING
    resolved = "" if adding else names.resolve(call.func)
    if not adding and resolved not in _ROUTE_CLASSES:
        return
    given = (_text(one, source) for one in (*call.args[:2], _first(call)))
    paths = [text for text in given if text is not None]
    path = next((text for text in paths if text.startswith("/")), paths[0] if paths else None)
    if path is None:
        yield _sign("", source, call.lineno)
    elif path.startswith("/") or resolved.startswith("django."):
        yield _sign("/" + re.sub(r"[\^$]|/\?", "", path).lstrip("/"), source, call.lineno)


def _first(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return next((keyword.value for keyword in call.keywords if keyword.arg in _WORDS), None)


def _text(node: ast.expr | None, source: Source) -> str | None:
    """Return the text that *node* is, or that the constant of the module it names is."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        for assign in source.nodes(ast.Assign):
            if any(isinstance(target, ast.Name) and target.id == node.id for target in assign.targets):
                value = assign.value
                return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
    return None


def _ending(call: ast.Call, names: Names, source: Source) -> Iterator[dict[str, Any]]:
    name = names.resolve(call.func)
    attribute = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name == "signal.signal" or attribute == "add_signal_handler":
        if _is_sigterm(call.args[0] if call.args else None, source) and not _ignores(call):
            yield _sign("SIGTERM handler", source, call.lineno)
    elif attribute in ("on_event", "add_event_handler"):
        if call.args and _text(call.args[0], source) == "shutdown":
            yield _sign("shutdown hook", source, call.lineno)
    elif attribute in ("append", "extend") and _hook_of(call):
        yield _sign(f"{_hook_of(call)} hook", source, call.lineno)
    elif name.partition(".")[0] in FRAMEWORKS:
        for keyword in call.keywords:
            if keyword.arg in ("lifespan", "on_shutdown"):
                yield _sign(keyword.arg, source, call.lineno)


def _hook_of(call: ast.Call) -> str:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return owner.attr if isinstance(owner, ast.Attribute) and owner.attr in _HOOKS else ""


def _is_sigterm(node: ast.expr | None, source: Source) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "SIGTERM"
    # The loop over several signals names it elsewhere in the module.
    return isinstance(node, ast.Name) and "SIGTERM" in source.text


def _ignores(call: ast.Call) -> bool:
    return any(isinstance(one, ast.Attribute) and one.attr in ("SIG_IGN", "SIG_DFL") for one in call.args[1:])


def _servers(calls: list[ast.Call], names: Names, source: Source) -> Iterator[dict[str, Any]]:
    for name in sorted(SERVER_PACKAGES & names.modules):
        yield {**_sign(name, source, _import_line(source, name)), "drains": True, "grace_s": None}
    for call in calls:
        name = names.resolve(call.func)
        if name in SERVERS:
            known = SERVERS[name]
            given = next((one.value for one in call.keywords if one.arg == known.grace), None)
            number = given.value if isinstance(given, ast.Constant) else None
            grace = finite(number) if isinstance(number, int | float) and not isinstance(number, bool) else None
            yield {**_sign(name.replace("()", ""), source, call.lineno), "drains": known.drains, "grace_s": grace}


def _sign(name: str, source: Source, line: int) -> dict[str, Any]:
    return {"name": name, "path": source.path, "line": line}


if __name__ == "__main__":
    main({KIND: examine})
