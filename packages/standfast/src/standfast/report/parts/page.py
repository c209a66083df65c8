"""The frame of the HTML report: head, style, status marks, bars and gauges."""

import base64
import hashlib
import math
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from standfast.model import Measurement, Status, Unit
from standfast.report.parts.element import Html, element, joined
from standfast.report.parts.order import WORDS, tally

# Outline and inner mark of each status, in a square of 16: shapes differ, so that colour is never needed.
_MARKS = {
    Status.FAIL: ("M8 .5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z", "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"),
    Status.ERROR: ("M5 .5h6L15.5 5v6L11 15.5H5L.5 11V5z", "M8 3.8v5M8 10.7v1.6"),
    Status.UNKNOWN: (
        "M8 .5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z",
        "M5.9 6.1a2.1 2.1 0 1 1 3.2 1.9c-.7.4-1.1.8-1.1 1.5M8 11.2v1.3",
    ),
    Status.WARN: ("M8 1l7.5 13.5H.5z", "M8 6v4M8 11.3v1.5"),
    Status.WAIVED: ("M8 .5L15.5 8 8 15.5.5 8z", "M5.2 8h5.6"),
    Status.PASS: ("M8 .5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z", "M4.6 8.3l2.3 2.3 4.5-4.9"),
    Status.NOTAPPLICABLE: ("M8 .5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z", "M4.8 8h6.4"),
}

_GAP = 0.4
"""The gap between two parts of a bar, in hundredths of its width."""


@cache
def _style() -> str:
    return files("standfast.report").joinpath("templates", "report.css").read_text(encoding="utf-8")


def policy_of(script: str = "") -> str:
    """Return what a page may do: nothing but its own style, and its own *script* with its origin."""
    run = f"; script-src {_hash(script)}; connect-src 'self'" if script else ""
    return f"default-src 'none'; style-src {_hash(_style())}{run}; img-src data:; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def document(title: str, *body: Html, script: str = "") -> bytes:
    """Return the whole page, with its policy; *script* runs at its end."""
    style = _style()
    head = element(
        "head",
        element("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy_of(script)}">'),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        Html('<link rel="icon" href="data:,">'),
        element("title", title),
        element("style", Html(style)),
    )
    run = element("script", Html(script)) if script else None
    page = element("html", head, element("body", *body, run), lang="en")
    return f"<!doctype html>\n{page}\n".encode()


def symbols() -> Html:
    """Return the shapes that `mark` refers to."""
    shapes = (
        element(
            "symbol",
            element("path", d=outline, stroke="none"),
            element("path", d=inner, fill="none", stroke_width="1.75", stroke_linecap="round", stroke_linejoin="round"),
            id=f"mark-{status}",
            viewBox="0 0 16 16",
        )
        for status, (outline, inner) in _MARKS.items()
    )
    return element("svg", *shapes, class_="hidden", aria_hidden="true")


def mark(status: Status, word: str = "") -> Html:
    """Return the status as a shape with its word, or with *word* in its place."""
    icon = element("svg", element("use", href=f"#mark-{status}"), class_="icon", aria_hidden="true")
    return element("span", icon, word or WORDS[status], class_=f"status {status}")


def bar(found: dict[Status, int]) -> Html:
    """Return the shares of *found* as one bar, with the counts as its name."""
    whole = sum(found.values())
    parts, start = [], 0.0
    for status, count in found.items():
        share = 100 * count / whole
        parts.append(
            element(
                "rect", class_=status.value, x=f"{start:.2f}", y="0", width=f"{max(share - _GAP, _GAP):.2f}", height="1"
            )
        )
        start += share
    return element(
        "svg",
        *parts,
        class_="bar",
        viewBox="0 0 100 1",
        preserveAspectRatio="none",
        role="img",
        aria_label=tally(found),
    )


def gauge(measured: Measurement) -> Html:
    """Return the value as a length beside a mark at its bound; empty where it cannot be drawn."""
    top = _top(measured)
    if not top:
        return joined()
    value, bound = (100 * min(max(part / top, 0.0), 1.0) for part in (measured.value, measured.bound))
    return element(
        "svg",
        element("rect", class_="track", x="0", y="3", width="100", height="4"),
        element("rect", class_="value", x="0", y="3", width=f"{value:.2f}", height="4"),
        element("rect", class_="bound", x=f"{min(bound, 99):.2f}", y="0", width="1", height="10"),
        class_="gauge pass" if measured.holds else "gauge",
        viewBox="0 0 100 10",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def _top(measured: Measurement) -> float:
    """Return the value at the right end of a gauge, 0 where a length would mislead."""
    value, bound = measured.value, measured.bound
    if not (math.isfinite(value) and math.isfinite(bound)) or min(value, bound) < 0 or max(value, bound) == 0:
        return 0.0
    if measured.unit in (Unit.FLAG, Unit.VERSION):
        return 0.0
    whole = {Unit.RATIO: 1.0, Unit.PERCENT: 100.0}.get(measured.unit, 0.0)
    return whole if whole >= max(value, bound) else max(value, bound) * 1.2


def table(caption: str, columns: Iterable[str], rows: Iterable[Html], *, class_: str = "stack") -> Html:
    """Return a table of `row`s; its roles are written out because a narrow screen lays it out as blocks."""
    head = (element("th", column, scope="col", role="columnheader") for column in columns)
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *head, role="row"), role="rowgroup"),
        element("tbody", *rows, role="rowgroup"),
        class_=class_,
        role="table",
    )


def row(head: Html, *cells: str | None, id_: str | None = None) -> Html:
    """Return one row under its own heading."""
    found = (element("td", cell, role="cell") for cell in cells)
    return element("tr", element("th", head, scope="row", role="rowheader", id=id_), *found, role="row")
