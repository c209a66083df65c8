"""One control, or several undecided for the same reason, as an article of the HTML report."""

from collections.abc import Iterable, Iterator

from standfast.model import ClauseQuote, ControlResult, EvidenceUse, Finding, Measurement
from standfast.report.parts.bundle import Bundle, reasons_of
from standfast.report.parts.element import Html, element, joined, name, prose
from standfast.report.parts.order import is_closing
from standfast.report.parts.page import gauge, mark
from standfast.report.parts.reason import (
    deciding_clause,
    exact_changes,
    limit_words,
    more,
    sentence,
    total,
    waiver_words,
)
from standfast.report.parts.text import age, plural, short

LISTED = 50
"""So many findings of one control are shown; the count beside them is exact."""

OPEN = 6
"""So many of them are shown without unfolding."""


def anchor(control: str) -> str:
    """Return the id of the element that shows *control*."""
    plain = (char if char.isascii() and (char.isalnum() or char in "-_") else f"{ord(char):x}" for char in control)
    return "control-" + "".join(plain)


def card(bundle: Bundle) -> Html:
    """Return the article about *bundle*."""
    result = bundle[0]
    body = _body(result) if len(bundle) == 1 else _shared_body(bundle)
    return element(
        "article",
        _side(bundle),
        element("div", *body, class_="body"),
        class_=f"control {result.status}",
        id=anchor(result.control) if len(bundle) == 1 else None,
    )


def _side(bundle: Bundle) -> Html:
    result = bundle[0]
    gates = dict.fromkeys(gate for one in bundle for gate in one.gates)
    return element(
        "div",
        element("p", mark(result.status)),
        element("ul", *(element("li", name(gate)) for gate in gates), class_="plain", aria_label="Gates")
        if gates
        else None,
        element("p", f"{result.effort} effort") if len(bundle) == 1 and is_closing(result) else None,
        class_="side",
    )


def _body(result: ControlResult) -> Iterator[Html]:
    yield element("div", element("h3", result.title), element("p", _id(result.control)), class_="head")
    listed = _listed(result)
    yield from _reasons((result,), told=(sentence(listed[0]),) if len(listed) == 1 else ())
    clause = deciding_clause(result)
    if clause is not None:
        yield quote(clause)
    yield from _findings(listed, total(result) - len(result.findings) + len(listed))
    yield element("dl", *_facts(result), class_="facts")
    yield _background(result, clause)


def _shared_body(bundle: Bundle) -> Iterator[Html]:
    """Yield what several controls with the same way out have in common, and their names."""
    result = bundle[0]
    yield element("h3", f"{plural(len(bundle), 'control')}, one way out")
    yield element("ul", *_reasons(bundle), class_="plain")
    members = (element("li", one.title, " ", _id(one.control), id=anchor(one.control)) for one in bundle)
    yield element("ul", *members, class_="findings members")
    steps = [*_fact("Smallest change", result.smallest_change)]
    steps += _fact("Evidence", (evidence(use) for use in result.evidence))
    steps += _fact("See more", [element("code", more(result))])
    yield element("dl", *steps, class_="facts")
    clauses = {clause.id: clause for one in bundle for clause in one.clauses}
    summary = element("summary", plural(len(clauses), "clause") + " they serve")
    yield element("details", summary, *map(quote, clauses.values()))


def _id(control: str) -> Html:
    return element("code", control, class_="id")


def _listed(result: ControlResult) -> tuple[Finding, ...]:
    """Return the findings that are listed: not those that a measurement tells already, nor a single one without place.

    What is listed is not told a second time as a reason.
    """
    measured = {str(one) for one in result.measurements if not one.holds}
    found = tuple(finding for finding in result.findings if finding.message not in measured)
    return found if total(result) > 1 or any(finding.location for finding in found) else ()


def _reasons(bundle: Bundle, told: tuple[str, ...] = ()) -> Iterator[Html]:
    tag = "p" if len(bundle) == 1 else "li"
    measured = {str(one): one for one in bundle[0].measurements}
    for cause in reasons_of(bundle):
        one = measured.get(cause)
        if cause in told:
            continue
        if one is None:
            yield element(tag, prose(cause), class_="reason")
        else:
            yield element(tag, element("span", cause, class_="reason"), gauge(one), class_="measure")


def quote(clause: ClauseQuote) -> Html:
    """Return the clause, quoted, with where it stands."""
    source = element("footer", element("code", name(clause.id)), f", {clause.source} line {clause.line}")
    return element("blockquote", element("p", f"“{clause.text}”"), source)


def _findings(findings: tuple[Finding, ...], count: int) -> Iterator[Html]:
    shown = [_finding(finding) for finding in findings[:LISTED]]
    if not shown:
        return
    yield element("ol", *shown[:OPEN], class_="findings")
    if len(shown) > OPEN:
        rest = element("ol", *shown[OPEN:], class_="findings", start=str(OPEN + 1))
        yield element("details", element("summary", plural(len(shown) - OPEN, "more finding")), rest)
    if count > len(shown):
        yield element(
            "p",
            f"{len(shown):,} of {count:,} findings are shown. The JSON and SARIF reports list them all.",
            class_="quiet",
        )


def _finding(finding: Finding) -> Html:
    place = [element("code", str(finding.location))] if finding.location else []
    if finding.rule:
        place.append(element("code", finding.rule))
    if finding.severity:
        place.append(element("span", str(finding.severity)))
    return element(
        "li", element("span", *place, class_="place") if place else None, element("span", prose(finding.message))
    )


def _facts(result: ControlResult) -> Iterator[Html]:
    exact = exact_changes(result) if result.remediation else result.smallest_change
    yield from _fact("Smallest change" if len(exact) < 2 else "Smallest changes", exact)
    if is_closing(result) and result.remediation:
        yield from _fact("How to fix", [result.remediation])
    yield from _fact("Waiver", (waiver_words(use) for use in result.waivers))
    yield from _fact("Evidence", (evidence(use) for use in result.evidence))
    missing = [kind for kind in result.needs if kind not in {use.kind for use in result.evidence}]
    yield from _fact("Evidence missing", [", ".join(missing)] if missing else [])
    yield from _fact("See more", [element("code", more(result))])


def _fact(label: str, values: Iterable[str]) -> Iterator[Html]:
    rows = [element("dd", value if isinstance(value, Html) else prose(value)) for value in values]
    if rows:
        yield element("dt", label)
        yield from rows


def evidence(use: EvidenceUse) -> Html:
    """Return a statement in a few words, and why it does not prove anything where it does not."""
    tool = f"{use.tool} {use.version}".strip()
    line = joined(f"{use.kind} by {tool}, {age(use.age_s)} old, ", element("code", short(use.digest)))
    if not use.refused:
        return line
    return joined(line, element("br"), element("span", f"does not count: {use.refused}", class_="quiet"))


def _background(result: ControlResult, quoted: ClauseQuote | None) -> Html:
    facts = element("dl", *_background_facts(result), class_="facts")
    others = [quote(clause) for clause in result.clauses if clause is not quoted]
    return element("details", element("summary", "Why, limits, other clauses"), facts, *others)


def _background_facts(result: ControlResult) -> Iterator[Html]:
    yield from _fact("Why", [result.why] if result.why else [])
    yield from _fact("Limits", (limit_words(limit) for clause in result.clauses for limit in clause.limits))
    yield from _fact("Measured", (_measured(one) for one in result.measurements))
    yield from _fact("Waived", (finding.message for finding in result.waived[:LISTED]))
    mappings = (f"{framework}: {', '.join(ids)}" for framework, ids in sorted(result.mappings.items()))
    yield from _fact("Mapped to", mappings)
    yield from _fact("Enforcement", [str(result.enforcement)])


def _measured(measured: Measurement) -> str:
    return f"{measured}{'' if measured.holds else ' (not met)'}"
