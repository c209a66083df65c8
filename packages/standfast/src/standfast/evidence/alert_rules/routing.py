"""Tell which receivers an alert reaches, the way Alertmanager does; pure."""

import re
from collections.abc import Iterator, Mapping

from standfast.evidence.alert_rules.schema import Route

_MATCHER = re.compile(r"\s*+([A-Za-z_]\w*+)\s*+(=~|!~|!=|=)")


def receivers_of(route: Route, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the receivers that an alert with *labels* reaches: the first branch that takes it, as deep as it goes."""
    return tuple(_descend(route, labels))


def _descend(route: Route, labels: Mapping[str, str]) -> Iterator[str]:
    for child in route.routes:
        if all(matches(matcher, labels) for matcher in child.matchers):
            yield from _descend(child, labels)
            return
    if route.receiver:
        yield route.receiver


def matches(matcher: str, labels: Mapping[str, str]) -> bool:
    """Return whether *labels* meet one matcher; a matcher that cannot be read is met by none."""
    read = _MATCHER.match(matcher)
    wanted = matcher[read.end() :].strip().removeprefix('"').removesuffix('"') if read else ""
    if read is None or "\n" in wanted or len(wanted) > 200:
        return False
    name, op = read[1], read[2]
    value = labels.get(name, "")
    if op in ("=", "!="):
        return (value == wanted) is (op == "=")
    # Regular expressions of routing are alternatives of words; anything richer is not evaluated here.
    words = wanted.removeprefix("(").removesuffix(")").split("|")
    if not all(re.fullmatch(r"[\w.-]+", word) for word in words):
        return False
    return (value in words) is (op == "=~")
