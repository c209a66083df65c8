"""One self-contained page: no script, no request, for screen, paper and screen reader."""

from collections.abc import Iterable, Iterator

from standfast.model import ControlResult, EvidenceUse, Status, Verdict
from standfast.report.parts.bundle import bundles
from standfast.report.parts.cards import anchor, card, evidence
from standfast.report.parts.element import Html, element, joined, name, prose
from standfast.report.parts.intoto import verdict_digest
from standfast.report.parts.order import (
    OTHER,
    READING_ORDER,
    WORDS,
    GateGroup,
    closed_without_reason,
    counts,
    groups,
    is_closing,
    ordered,
    tally,
)
from standfast.report.parts.page import bar, document, mark, row, symbols, table
from standfast.report.parts.remarks import remarks
from standfast.report.parts.text import age, plural

FORMAT = "html"
SUFFIX = ".html"

LINKED = 4
"""So many of the controls that close a gate are linked without unfolding."""

_SECTIONS = (
    ("closed", "What closes the gates", "", (Status.FAIL,)),
    (
        "undecided",
        "What could not be decided",
        "Without proof a gate stays closed: evidence is missing, stale, about something else, or its tool broke.",
        (Status.ERROR, Status.UNKNOWN),
    ),
    (
        "allowed",
        "What is let through for now",
        "These are not met. A waiver or a softer enforcement keeps them from closing a gate.",
        (Status.WARN, Status.WAIVED),
    ),
)
_HOMES = {status: anchored for anchored, _, _, statuses in _SECTIONS for status in statuses} | {
    Status.PASS: "met",
    Status.NOTAPPLICABLE: "excluded",
}


def render(verdict: Verdict) -> bytes:
    """Return the page."""
    results = ordered(verdict.results)
    parts = (
        _gates(verdict),
        *(_cards(key, title, lead, _with(results, statuses)) for key, title, lead, statuses in _SECTIONS),
        _met(_with(results, (Status.PASS,))),
        _excluded(_with(results, (Status.NOTAPPLICABLE,))),
        _remarks(verdict),
        _evidence(results),
        _record(verdict),
    )
    return document(
        f"{WORDS[verdict.status]}: {verdict.subject.repository}, {verdict.standard} standard",
        element("a", "Skip to the gates", href="#gates", class_="skip"),
        symbols(),
        _header(verdict, results),
        element("main", *(part for part in parts if part is not None), class_="page"),
        _footer(verdict),
    )


def _with(results: Iterable[ControlResult], statuses: tuple[Status, ...]) -> tuple[ControlResult, ...]:
    return tuple(result for result in results if result.status in statuses)


def _header(verdict: Verdict, results: tuple[ControlResult, ...]) -> Html:
    found = counts(results)
    ruling = element("p", mark(verdict.status), element("span", f"exit code {verdict.exit_code}"), class_="ruling")
    links = (
        element("li", element("a", element("span", f"{count:,}"), mark(status), href=f"#{_HOMES[status]}"))
        for status, count in found.items()
    )
    nav = element(
        "nav", bar(found) if found else None, element("ul", *links), class_="tally", aria_label="Controls by status"
    )
    return element(
        "header",
        element(
            "div",
            element("p", f"Standfast verdict by the {verdict.standard} standard", class_="eyebrow"),
            element("h1", _sentence(verdict)),
            ruling,
            element("dl", *_about(verdict), class_="about"),
            nav,
            class_="page",
        ),
        class_=f"verdict {verdict.status}",
    )


def _sentence(verdict: Verdict) -> str:
    whole = not verdict.selection
    if verdict.status.opens and verdict.exit_code == 0:
        return "The change may go to production." if whole else "The selected gates open."
    if any(result.status is Status.FAIL for result in verdict.results):
        return "The change may not go to production." if whole else "The selected gates stay closed."
    if whole:
        return "It is not proven that the change may go to production."
    return "It is not proven that the selected gates may open."


def _about(verdict: Verdict) -> Iterator[Html]:
    subject = verdict.subject
    rows = (
        ("Repository", subject.repository),
        ("Commit", element("code", subject.commit[:12]) if subject.commit else None),
        ("Content", element("code", subject.tree[:19]) if not subject.commit or subject.dirty else None),
        ("Working copy", "with uncommitted changes" if subject.dirty else None),
        ("Service", subject.service),
        ("Environment", subject.environment),
        ("Artifact", element("code", subject.artifact[:19]) if subject.artifact else None),
        ("Selected", ", ".join(verdict.selection) or None),
        ("Standard", f"{verdict.standard} {verdict.standard_version}"),
        ("Decided", f"{verdict.decided_at:%Y-%m-%d %H:%M} UTC"),
    )
    for label, value in rows:
        if value is not None:
            yield element("div", element("dt", label), element("dd", value))


def _section(key: str, title: str, count: int | None, *content: Html | None) -> Html:
    heading = element("h2", title, element("span", f"{count:,}", class_="count") if count is not None else None)
    return element("section", heading, *content, id=key)


def _gates(verdict: Verdict) -> Html:
    bare = dict(closed_without_reason(verdict))
    listing = table(
        "Gates and phases of the standard, those that stay closed first",
        ("Gate", "Status", "Controls", "Closed by"),
        [_gate(group, bare.pop(group.gate, "")) for group in groups(verdict)],
        class_="gates stack",
    )
    return _section("gates", "Gates", None, listing, *(element("p", words, class_="lead") for words in bare.values()))


def _gate(group: GateGroup, bare: str) -> Html:
    found = group.counts()
    after = group.gate == OTHER and not any(result.gates for result in group.results)
    text = "About what comes after the gates; these controls close none." if after else group.text
    closing = [result for result in group.results if is_closing(result)]
    return row(
        joined(name(group.gate), element("small", text) if text else None),
        mark(group.status),
        joined(bar(found) if found else None, tally(found)),
        _links(closing) if closing else bare or None,
    )


def _links(closing: list[ControlResult]) -> Html:
    rows = [element("li", element("a", one.control, href=f"#{anchor(one.control)}")) for one in closing]
    if len(rows) <= LINKED + 1:
        return element("ul", *rows, class_="plain")
    rest = element(
        "details", element("summary", f"{len(rows) - LINKED} more"), element("ul", *rows[LINKED:], class_="plain")
    )
    return joined(element("ul", *rows[:LINKED], class_="plain"), rest)


def _cards(key: str, title: str, lead: str, results: tuple[ControlResult, ...]) -> Html | None:
    if not results:
        return None
    articles = (card(bundle) for bundle in bundles(results))
    return _section(key, title, len(results), element("p", lead, class_="lead") if lead else None, *articles)


def _met(results: tuple[ControlResult, ...]) -> Html | None:
    if not results:
        return None
    caption = "Controls that are met, with what proves it"
    listing = table(caption, ("Control", "Gates", "Proof"), map(_met_row, results), class_="stack dense")
    return _section("met", "What is met", len(results), listing)


def _met_row(result: ControlResult) -> Html:
    proof = [str(measured) for measured in result.measurements]
    rows = (element("li", words) for words in (*proof, *(evidence(use) for use in result.evidence)))
    return element(
        "tr",
        element(
            "th",
            result.title,
            element("small", element("code", result.control)),
            scope="row",
            id=anchor(result.control),
        ),
        element("td", ", ".join(result.gates)),
        element("td", element("ul", *rows, class_="plain quiet")),
    )


def _excluded(results: tuple[ControlResult, ...]) -> Html | None:
    if not results:
        return None
    listing = element("ul", *map(_excluded_row, results), class_="remarks")
    return _section("excluded", "What does not count here", len(results), listing)


def _excluded_row(result: ControlResult) -> Html:
    reason = "; ".join(result.reasons) or f"not met, but only watched: enforcement is {result.enforcement}"
    return element(
        "li",
        element("span", result.title, element("br"), element("code", result.control, class_="quiet")),
        element("span", prose(reason), class_="kind"),
        id=anchor(result.control),
    )


def _remarks(verdict: Verdict) -> Html | None:
    found = remarks(verdict)
    if not found:
        return None
    rows = (
        element(
            "li",
            element("span", remark.kind, class_="kind"),
            element("span", prose(remark.text), element("br") if remark.hint else None, remark.hint or None),
        )
        for remark in found
    )
    unbound = element(
        "details",
        element("summary", plural(len(verdict.unbound), "clause") + " without a control"),
        element("ul", *(element("li", element("code", clause)) for clause in verdict.unbound), class_="plain columns"),
    )
    listing = element("ul", *rows, class_="remarks")
    return _section("remarks", "Remarks", len(found), listing, unbound if verdict.unbound else None)


def _evidence(results: tuple[ControlResult, ...]) -> Html | None:
    uses = {use.digest: use for result in results for use in result.evidence}
    if not uses:
        return None
    found = sorted(uses.values(), key=lambda use: (use.kind, use.tool, use.digest))
    caption = "Every statement that was considered; the digest names it in the evidence store"
    columns = ("Evidence", "Tool", "Produced", "Digest")
    listing = table(caption, columns, map(_evidence_row, found), class_="stack dense statements")
    return _section("evidence", "Evidence", len(uses), listing)


def _evidence_row(use: EvidenceUse) -> Html:
    return element(
        "tr",
        element(
            "th", use.kind, element("small", f"does not count: {use.refused}") if use.refused else None, scope="row"
        ),
        element("td", f"{use.tool} {use.version}".strip()),
        element("td", f"{use.produced_at:%Y-%m-%d %H:%M} UTC", element("br"), f"{age(use.age_s)} old"),
        element("td", element("code", use.digest)),
    )


def _record(verdict: Verdict) -> Html:
    inputs = verdict.inputs
    rows = (
        ("Verdict", verdict_digest(verdict)),
        ("Standard", inputs.standard),
        ("Controls", inputs.controls),
        ("Context", inputs.context),
    )
    facts = (part for label, value in rows for part in (element("dt", label), element("dd", element("code", value))))
    lead = "Whoever has these four and the evidence computes this verdict again, byte for byte: "
    return _section(
        "record",
        "Record",
        None,
        element("p", lead, element("code", "standfast replay VERDICT.json"), class_="lead"),
        element("dl", *facts, class_="facts"),
    )


def _footer(verdict: Verdict) -> Html:
    words = f"Standfast {verdict.engine}, {verdict.schema}. {', '.join(WORDS[status] for status in READING_ORDER)}: "
    rule = "a gate opens only on pass, waived or warn."
    return element("footer", element("div", element("p", words + rule, class_="closing"), class_="page"))
