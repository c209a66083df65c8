"""Find retries that do not end, or that hammer a service that is already down."""

import ast
from collections.abc import Iterator
from typing import Any

from standfast.evidence.source.names import Names
from standfast.evidence.source.syntax import Source

_TENACITY = frozenset({"tenacity.retry", "tenacity.Retrying", "tenacity.AsyncRetrying"})
_BACKOFF = frozenset({"backoff.on_exception", "backoff.on_predicate"})
_STAMINA = frozenset({"stamina.retry", "stamina.retry_context"})
_URLLIB3 = frozenset(
    {"urllib3.Retry", "urllib3.util.Retry", "urllib3.util.retry.Retry", "requests.packages.urllib3.Retry"}
)


def retry_findings(source: Source, names: Names) -> tuple[int, list[dict[str, Any]]]:
    """Return (how many retries the module sets up, what is wrong with them)."""
    found = [(node, problem) for node, name in _retries(source, names) for problem in [_problem(node, name)]]
    rows = [
        {"path": source.path, "line": node.lineno, "rule": problem[0], "message": problem[1]}
        for node, problem in found
        if problem is not None
    ]
    return len(found), rows


def _retries(source: Source, names: Names) -> Iterator[tuple[ast.expr, str]]:
    seen = set()
    for call in source.nodes(ast.Call):
        name = names.resolve(call.func)
        if name in _TENACITY | _BACKOFF | _STAMINA | _URLLIB3:
            seen.add(call.func)
            yield call, name
    for function in source.functions():
        for decorator in function.decorator_list:
            if decorator not in seen and names.resolve(decorator) == "tenacity.retry":
                yield decorator, "tenacity.retry"


def _problem(node: ast.expr, name: str) -> tuple[str, str] | None:
    given = {keyword.arg: keyword.value for keyword in node.keywords} if isinstance(node, ast.Call) else {}
    if None in given:
        return None
    if name in _TENACITY:
        return _tenacity(given)
    if name in _BACKOFF and not given.keys() & {"max_tries", "max_time"}:
        return "endless-retry", f"{name} without max_tries= and max_time= never gives up"
    if name in _STAMINA and _is_none(given.get("attempts")) and _is_none(given.get("timeout")):
        return "endless-retry", f"{name} with attempts=None and timeout=None never gives up"
    if name in _URLLIB3 and "backoff_factor" not in given:
        return "hasty-retry", "Retry without backoff_factor= tries again at once"
    return None


def _tenacity(given: dict[str | None, ast.expr]) -> tuple[str, str] | None:
    if "stop" not in given:
        return "endless-retry", "tenacity.retry without stop= never gives up"
    if "wait" not in given:
        return "hasty-retry", "tenacity.retry without wait= tries again at once"
    return None


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
