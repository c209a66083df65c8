"""The HTML page is self-contained, escaped, and the same words as the record."""

import re
from base64 import b64decode
from hashlib import sha256
from itertools import pairwise

import pytest
from page_outline import Outline
from verdict_samples import assemble, large, one_of, open_gates, realistic, result

from standfast.model import ControlResult, Finding, Location, Measurement, Notice, Op, Status, Unit, Verdict
from standfast.report import html, json

PAGE = html.render(realistic())
OUTLINE = Outline(PAGE)


@pytest.mark.parametrize("verdict", [realistic(), open_gates(), assemble([])], ids=["closed", "open", "empty"])
def test_elements_are_closed_in_order_and_ids_are_unique(verdict: Verdict) -> None:
    """The page is well formed, and every id occurs once."""
    outline = Outline(html.render(verdict))
    ids = [attributes["id"] for _, attributes in outline.elements if attributes.get("id")]

    assert outline.open == []
    assert len(ids) == len(set(ids))


def test_every_link_leads_to_a_place_on_the_page() -> None:
    """Links and shapes refer to ids of the page, and to nothing else."""
    ids = {attributes["id"] for _, attributes in OUTLINE.elements if attributes.get("id")}
    targets = [attributes["href"] for tag in ("a", "use") for attributes in OUTLINE.of(tag)]

    assert targets
    assert {target for target in targets if target is None or target[1:] not in ids or target[0] != "#"} == set()


def test_page_asks_for_nothing() -> None:
    """There is no script, image, frame, form or outside address, and no inline style."""
    tags = {tag for tag, _ in OUTLINE.elements}

    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "input", "base", "audio", "video"}
    assert not [attributes for _, attributes in OUTLINE.elements if "style" in attributes or "src" in attributes]
    assert not [name for _, attributes in OUTLINE.elements for name in attributes if name.startswith("on")]
    assert b"http://" not in PAGE
    assert b"https://" not in PAGE
    assert b"@import" not in PAGE
    assert b"url(" not in PAGE


def test_policy_allows_exactly_the_style_of_the_page() -> None:
    """The content security policy forbids everything but the one style, by its digest."""
    policy = next(meta["content"] for meta in OUTLINE.of("meta") if meta.get("http-equiv")) or ""
    style = PAGE.partition(b"<style>")[2].partition(b"</style>")[0]
    allowed = policy.partition("'sha256-")[2].partition("'")[0]

    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert b64decode(allowed) == sha256(style).digest()


def test_headings_never_skip_a_level() -> None:
    """One main heading; sections below it, controls below those."""
    levels = [int(tag[1]) for tag, _ in OUTLINE.elements if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_page_has_landmarks_captions_and_a_language() -> None:
    """Landmarks, a skip link, table captions, row and column headings and the language are there."""
    tags = [tag for tag, _ in OUTLINE.elements]

    assert OUTLINE.of("html") == [{"lang": "en"}]
    assert (tags.count("header"), tags.count("main")) == (1, 1)
    assert tags.count("footer") == tags.count("blockquote") + 1
    assert OUTLINE.of("a")[0] == {"href": "#gates", "class": "skip"}
    assert tags.count("table") == tags.count("caption") == 3
    assert {heading["scope"] for heading in OUTLINE.of("th")} == {"row", "col"}
    assert [nav["aria-label"] for nav in OUTLINE.of("nav")] == ["Controls by status"]


@pytest.mark.parametrize(
    "words",
    [
        "The change may not go to production.",
        "coverage.line_ratio is 87.14 %, must be at least 90 %",
        "“ At least 90 % of lines run under test. ”",
        "raise coverage.line_ratio from 87.14 % to at least 90 %",
        "W-2026-012 refused: was approved by an author of the change (ana@example.com)",
        "5 of 317 findings are shown. The JSON and SARIF reports list them all.",
        "vulnerabilities by pip-audit 2.9.0, 9 d old",
        "does not count: describes commit 77f0c1a2b3d4, not 3f2a9c1d5e6b",
        "4 controls, one way out",
        "standfast explain line-coverage-meets-limit",
        "1 control not met, without effect yet: commits-are-signed",
    ],
)
def test_page_says_what_the_record_says(words: str) -> None:
    """Reasons, limits, clauses, findings, waivers, evidence and remarks are on the page."""
    assert words.replace("“ ", "“").replace(" ”", "”") in OUTLINE.text


def test_page_names_the_record() -> None:
    """The digest of the JSON report is on the page."""
    assert f"sha256:{sha256(json.render(realistic())).hexdigest()}" in OUTLINE.text


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (open_gates(), "The change may go to production."),
        (realistic(), "The change may not go to production."),
        (one_of(Status.UNKNOWN), "It is not proven that the change may go to production."),
    ],
    ids=["open", "fail", "unknown"],
)
def test_headline_says_only_what_is_proven(verdict: Verdict, sentence: str) -> None:
    """The headline tells a proven no from a missing proof."""
    assert sentence in Outline(html.render(verdict)).text


def test_headline_of_selected_gates_does_not_speak_of_production() -> None:
    """A verdict over some gates only makes no claim about the whole change."""
    verdict = assemble([result("a", Status.PASS, ("code_quality",))], selection=("code_quality",))

    assert "may go to production" not in Outline(html.render(verdict)).text.replace("selected gates may", "")


def test_findings_are_capped_and_the_count_is_exact() -> None:
    """Of 5,000 findings of a control fifty are shown, six without unfolding."""
    page = html.render(large(25_000)).decode()

    assert page.count("50 of 5,000 findings are shown.") == 5
    assert page.count("44 more findings") == 5
    assert page.count("assigned to but never used") == 250
    assert len(page) < 500_000


def test_words_of_a_tool_stay_words() -> None:
    """Markup in names, paths, messages and notices is shown, never interpreted."""
    text = "\"><script>alert('x')</script><img src=x onerror=y>&amp;`<b>`\x1b\u202e"
    item = result(
        text,
        Status.FAIL,
        ("code_quality",),
        title=text,
        findings=(Finding(text, Location(text), text), Finding(text)),
        remediation=text,
        mappings={text: (text,)},
    )
    outline = Outline(html.render(assemble([item], notices=(Notice(text, text, text),))))

    assert outline.open == []
    assert not {"script", "img", "b"} & {tag for tag, _ in outline.elements}
    assert "<script>alert('x')</script>" in outline.text
    assert "\x1b" not in outline.text
    assert "\u202e" not in outline.text


def test_finding_is_told_once() -> None:
    """A measurement that does not hold, or a finding with its place, stands once in its article."""
    page = html.render(assemble(_failing_once())).decode()

    assert "<code>docstrings.ratio</code>" not in page
    assert page.count("the module has no docstring") == 1
    assert "resolve 1 finding" not in page


def _failing_once() -> list[ControlResult]:
    measured = Measurement("docstrings.ratio", 0.9, Op.GE, 0.95, Unit.RATIO)
    return [
        result(
            "measured",
            Status.FAIL,
            ("documentation",),
            measurements=(measured,),
            findings=(
                Finding(str(measured), rule="docstrings.ratio"),
                Finding("the module has no docstring", Location("a.py", 1), "undocumented"),
            ),
            smallest_change=("raise docstrings.ratio from 90 % to at least 95 %", "resolve 1 finding"),
        )
    ]
