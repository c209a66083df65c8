"""Read Prometheus rule files, their Kubernetes form, and the routing of Alertmanager; pure."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.alert_rules import promql
from standfast.evidence.alert_rules.schema import AlertRule, AlertRules, Receiver, Route
from standfast.evidence.alert_rules.signals import bound_of, signal_of
from standfast.evidence.formats.yaml import load_all
from standfast.evidence.formats.yaml_values import Document, Plain
from standfast.model import EvidenceError, Examination

MAX_ROUTES_DEPTH = 20

Where = tuple[str | int, ...]


def read_rules(path: str, text: str) -> AlertRules | None:
    """Return the rules and the routing in one file; None where it holds neither.

    Raises:
        EvidenceError: It is not YAML, or a rule has no expression or an impossible duration.
    """
    found: list[AlertRule] = []
    recorded: list[str] = []
    routing: Document | None = None
    groups = False
    for document in load_all(text):
        where = _groups_at(document.value)
        if where is not None:
            groups = True
            for rule in _rules(document, where, path):
                if isinstance(rule, AlertRule):
                    found.append(rule)
                else:
                    recorded.append(rule)
        elif isinstance(document.value, dict) and "route" in document.value and "receivers" in document.value:
            routing = document
    if not groups and routing is None:
        return None
    body = AlertRules(
        examination=Examination(unit="rule files", examined=1), rules=tuple(found), recorded=tuple(recorded)
    )
    return body if routing is None else _with_routing(body, routing, path)


def merged(parts: list[AlertRules]) -> AlertRules:
    """Return several files as one body of evidence."""
    routed = next((part for part in parts if part.routing_path), None)
    return AlertRules(
        examination=Examination(unit="rule files", examined=len(parts)),
        rules=tuple(rule for part in parts for rule in part.rules),
        recorded=tuple(name for part in parts for name in part.recorded),
        routing_path=routed.routing_path if routed else "",
        route=routed.route if routed else None,
        receivers=tuple(one for part in parts for one in part.receivers),
    )


def _groups_at(value: Plain) -> Where | None:
    if not isinstance(value, dict):
        return None
    if _are_groups(value.get("groups")):
        return ("groups",)
    spec = value.get("spec")
    return ("spec", "groups") if isinstance(spec, dict) and _are_groups(spec.get("groups")) else None


def _are_groups(value: Plain) -> bool:
    return isinstance(value, list) and all(isinstance(group, dict) and "rules" in group for group in value)


def _rules(document: Document, where: Where, path: str) -> Iterator[AlertRule | str]:
    """Yield each alert rule, and the name of each recording rule."""
    groups: Plain = document.value
    for key in where:
        groups = groups[str(key)] if isinstance(groups, dict) else None
    for number, group in enumerate(_list(groups)):
        table = group if isinstance(group, dict) else {}
        for index, rule in enumerate(_list(table.get("rules"))):
            line = document.line(*where, number, "rules", index)
            if not isinstance(rule, dict):
                raise EvidenceError("alert-rule", f"{path}:{line} is not a rule")
            if "record" in rule:
                yield _text(rule.get("record"))
            else:
                yield _alert(rule, path, line, _text(table.get("name")))


def _alert(rule: dict[str, Plain], path: str, line: int, group: str) -> AlertRule:
    name, expression = _text(rule.get("alert")), _text(rule.get("expr"))
    if not name or not expression:
        raise EvidenceError("alert-rule", f"{path}:{line} is a rule without a name or an expression")
    pending = promql.seconds(_text(rule.get("for")) or "0")
    if pending is None:
        raise EvidenceError("alert-rule", f"{path}:{line}: `for: {_text(rule.get('for'))[:40]}` is not a duration")
    labels, notes = _texts(rule.get("labels")), _texts(rule.get("annotations"))
    signal = signal_of(expression, notes.get("signal") or labels.get("signal", ""))
    bound = bound_of(expression, signal)
    return AlertRule(
        name=name,
        expression=expression,
        path=path,
        line=line,
        group=group,
        signal=signal,
        op=bound[0] if bound else None,
        bound=bound[1] if bound else None,
        pending_s=pending,
        severity=(labels.get("severity") or labels.get("priority", "")).casefold(),
        receiver=labels.get("receiver") or labels.get("team", ""),
        runbook=notes.get("runbook_url") or notes.get("runbook", ""),
        summary=notes.get("summary") or notes.get("description", ""),
        labels={**labels, "alertname": name},
        metrics=promql.metrics(expression),
    )


def _with_routing(body: AlertRules, document: Document, path: str) -> AlertRules:
    table = document.value if isinstance(document.value, dict) else {}
    return msgspec.structs.replace(
        body,
        routing_path=path,
        route=_route(document, table.get("route"), ("route",), ""),
        receivers=tuple(_receivers(document, table.get("receivers"))),
    )


def _route(document: Document, value: Plain, where: Where, inherited: str) -> Route:
    table = value if isinstance(value, dict) else {}
    receiver = _text(table.get("receiver")) or inherited
    deep = len(where) > 2 * MAX_ROUTES_DEPTH
    children = [] if deep else _list(table.get("routes"))
    return Route(
        receiver=receiver,
        matchers=tuple(_matchers(table)),
        repeat_s=promql.seconds(_text(table.get("repeat_interval"))),
        line=document.line(*where),
        routes=tuple(_route(document, child, (*where, "routes", n), receiver) for n, child in enumerate(children)),
    )


def _matchers(table: dict[str, Plain]) -> Iterator[str]:
    yield from (_text(matcher) for matcher in _list(table.get("matchers")))
    yield from (f'{key}="{value}"' for key, value in _texts(table.get("match")).items())
    yield from (f'{key}=~"{value}"' for key, value in _texts(table.get("match_re")).items())


def _receivers(document: Document, value: Plain) -> Iterator[Receiver]:
    for index, entry in enumerate(_list(value)):
        if isinstance(entry, dict):
            ways = tuple(key.removesuffix("_configs") for key in entry if key.endswith("_configs") and entry[key])
            yield Receiver(name=_text(entry.get("name")), ways=ways, line=document.line("receivers", index))


def _list(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []


def _text(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _texts(value: Plain) -> dict[str, str]:
    return {key: _text(inner) for key, inner in value.items()} if isinstance(value, dict) else {}
