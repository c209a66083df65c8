"""The page of a session in a real browser: it loads nothing, fits narrow screens, can be read aloud and printed."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from headless_chromium import CONTRAST, Browser, page
from little_sessions import Office


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give a browser that shows a session in which something was refused and something is missing."""
    folder: Path = tmp_path_factory.mktemp("session")
    office = Office(folder)
    office.session("open", "Pay by card, " + "w" * 90)
    office.session("advance", "development")
    office.session("decide", "requirements", "Customers pay by card\n\nsee https://example.org/" + "long" * 40)
    office.bea()
    office.run("approve", "product")
    path = folder / "session.html"
    path.write_text(office.session("show", "--format", "html").out, encoding="utf-8")
    with page(path) as browser:
        yield browser


def test_page_loads_nothing_but_itself(shown: Browser) -> None:
    """One request, for the file, and nothing on the console."""
    requests = [event["request"]["url"] for event in shown.happened("Network.requestWillBeSent")]

    assert [url.startswith("file://") for url in requests] == [True]
    assert shown.happened("Log.entryAdded") == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_sticks_out_sideways(shown: Browser, width: int) -> None:
    """Long words and addresses break instead of asking for sideways scrolling."""
    shown.look(width=width)

    assert shown.ask("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_has_enough_contrast(shown: Browser, dark: bool) -> None:
    """Every text stands out from its ground at least 4.5 to 1, in both colour schemes."""
    shown.look(width=1280, dark=dark)

    assert shown.ask(CONTRAST) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_screen_reader_finds_landmarks_headings_and_the_list_of_events(shown: Browser, width: int) -> None:
    """The accessibility tree has the landmarks, ordered headings, and each event as an item of a list."""
    shown.look(width=width)
    nodes = [node for node in shown.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    roles = [node["role"]["value"] for node in nodes]
    levels = [
        entry["value"]["value"]
        for node in nodes
        if node["role"]["value"] == "heading"
        for entry in node["properties"]
        if entry["name"] == "level"
    ]

    assert {"banner", "navigation", "main", "contentinfo"} <= set(roles)
    assert all(after - before <= 1 for before, after in pairwise([0, *levels]))
    assert roles.count("listitem") == shown.ask("document.querySelectorAll('li').length")
    assert shown.ask("document.querySelectorAll('ol > li').length") == 4


def test_page_is_printed(shown: Browser) -> None:
    """Printing gives a document."""
    assert shown.pdf().startswith(b"%PDF-")
