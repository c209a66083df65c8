"""The HTML report in a real browser: it loads nothing, can be reached by keyboard, read aloud, and printed."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from headless_chromium import CONTRAST, Browser, page
from verdict_samples import realistic

from standfast.report import html

FOCUSED = """
(() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  return [element.tagName, element.textContent.slice(0, 40), style.outlineStyle, parseFloat(style.outlineWidth)];
})()
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give a browser that shows the report on the sample verdict."""
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(html.render(realistic()))
    with page(path) as browser:
        yield browser


def press_tab(browser: Browser) -> tuple[str, str, str, float]:
    """Press the tabulator key and return what has the focus then, and its outline."""
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    tag, text, style, width = browser.ask(FOCUSED)
    return tag, text, style, width


def test_page_loads_nothing_but_itself_and_says_nothing_to_the_console(report: Browser) -> None:
    """One request, for the file; no error, no warning, no exception, no blocked resource."""
    requests = [event["request"]["url"] for event in report.happened("Network.requestWillBeSent")]

    assert [url for url in requests if not url.startswith("file://")] == []
    assert len(requests) == 1
    assert report.happened("Log.entryAdded") == []
    assert report.happened("Runtime.consoleAPICalled") == []
    assert report.happened("Runtime.exceptionThrown") == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_sticks_out_sideways(report: Browser, width: int) -> None:
    """From a narrow telephone to a wide screen no sideways scrolling is needed."""
    report.look(width=width)

    assert report.ask("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_has_enough_contrast(report: Browser, dark: bool) -> None:
    """Every text stands out from its ground at least 4.5 to 1, in both colour schemes, folded parts included."""
    report.look(width=1280, dark=dark)
    report.ask("document.querySelectorAll('details').forEach(part => part.open = true)")

    assert report.ask(CONTRAST) == []


def test_keyboard_reaches_skip_link_navigation_and_folded_parts(report: Browser) -> None:
    """The first stop is the skip link; each stop shows where it is; the navigation comes before the gates."""
    report.look(width=1280)
    report.ask("document.activeElement.blur(); window.getSelection().removeAllRanges(); scrollTo(0, 0)")
    count = report.ask("document.querySelectorAll('a, summary').length")
    stops = [press_tab(report) for _ in range(count)]

    assert stops[0][:2] == ("A", "Skip to the gates")
    assert {stop[0] for stop in stops} == {"A", "SUMMARY"}
    assert [stop for stop in stops if stop[2] == "none" or stop[3] < 2] == []
    assert stops[1][1].endswith("fail")


def test_enter_unfolds_a_part(report: Browser) -> None:
    """A folded part opens by keyboard."""
    report.ask("document.querySelectorAll('details').forEach(part => part.open = false)")
    report.ask("document.querySelector('summary').focus()")
    for kind in ("keyDown", "keyUp"):
        report.send("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r", windowsVirtualKeyCode=13)

    assert report.ask("document.querySelector('details').open") is True


@pytest.mark.parametrize("width", [390, 1280])
def test_screen_reader_finds_landmarks_headings_and_tables(report: Browser, width: int) -> None:
    """The accessibility tree has the landmarks, ordered headings, and tables with their cells at every width."""
    report.look(width=width)
    nodes = [node for node in report.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    roles = [node["role"]["value"] for node in nodes]
    levels = [
        entry["value"]["value"]
        for node in nodes
        if node["role"]["value"] == "heading"
        for entry in node["properties"]
        if entry["name"] == "level"
    ]
    rows = roles.count("row")

    assert {"banner", "navigation", "main", "contentinfo"} <= set(roles)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert roles.count("table") == 3
    assert rows == report.ask("document.querySelectorAll('tr').length")
    assert roles.count("rowheader") == rows - 3


def test_every_link_has_a_name_and_a_target(report: Browser) -> None:
    """A link says where it leads, and leads there."""
    broken = report.ask(
        "[...document.links].filter(link => !link.textContent.trim() || !document.getElementById(link.hash.slice(1)))"
        ".map(link => link.outerHTML)"
    )

    assert broken == []


def test_folded_parts_are_printed(report: Browser) -> None:
    """On paper the background of a control is there although it is folded on the screen."""
    report.look(width=1280, medium="print")
    report.ask("document.querySelectorAll('details').forEach(part => part.open = false)")

    height = report.ask("document.querySelector('article details .facts').getBoundingClientRect().height")

    assert height > 0


def test_page_prints_to_numbered_sheets(report: Browser) -> None:
    """Printing gives a document of several pages with the text on them."""
    pdf = report.pdf()

    assert pdf.startswith(b"%PDF-")
    assert 3 <= len(re.findall(rb"/Type /Page$", pdf, re.MULTILINE)) <= 20
