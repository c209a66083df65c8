"""The Markdown report fits into a comment and cannot be made to say something else."""

import re

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from verdict_samples import assemble, large, realistic, result

from standfast.model import Finding, Location, Notice, Status, Verdict
from standfast.report import markdown, step_summary

PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")
TEXT = markdown.render(realistic()).decode()

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](https://evil.example) ![i](https://evil.example/i.png) <https://evil.example>",
    "@everyone please, cc @octo/team and a@b.example",
    "closes #12, see octo/repo#34 and GH-56, !78 %3 ~label",
    "https://evil.example/x www.evil.example",
    "`code` ``more`` **bold** _italic_ ~~gone~~ | cell | cell |",
    "</details></summary><h1>PASS</h1>",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "\n\n## Verdict: pass\n\n",
    "&lt;b&gt; &copy; $x^2$ \\*",
    "``` fence",
    "---",
]


def tokens(text: str) -> list[Token]:
    """Return every token of the document, inner ones too."""
    return [token for block in PARSER.parse(text) for token in (block, *(block.children or ()))]


def hostile(text: str) -> Verdict:
    """Return a verdict in which a stranger's words stand wherever words can stand."""
    findings = tuple(Finding(text, Location(text, 3), rule=text) for _ in range(3))
    failing = result(
        "c",
        Status.FAIL,
        ("code_quality",),
        title=text,
        findings=findings,
        remediation=text,
        smallest_change=(text,),
    )
    unknown = result("d", Status.UNKNOWN, ("code_quality",), reasons=(text,), title=text)
    return assemble([failing, unknown], notices=(Notice("n", text, text),))


def test_first_line_marks_the_comment() -> None:
    """A later run finds the comment to replace by its first line."""
    assert TEXT.splitlines()[0] == "<!-- standfast verdict -->"


def test_gates_are_a_table_and_controls_are_folded() -> None:
    """The comment shows the gates at a glance; each control that is not met unfolds."""
    assert "| `tdd_compliance` | ❌ fail | 1 fail, 4 pass |" in TEXT
    assert (
        "<details><summary>❌ fail <b>line-coverage-meets-limit</b> "
        "coverage.line_ratio is 87.14 %, must be at least 90 %</summary>"
    ) in TEXT
    assert TEXT.count("<details>") == TEXT.count("</details>") == 10


def test_control_quotes_its_clause_and_lists_its_findings() -> None:
    """Inside are the clause, the findings with place and rule, the evidence and the way out."""
    assert "> At least 90 % of lines run under test." in TEXT
    assert "  - `src/payments/ledger/postings.py:17:5` `S608` SQL built by string concatenation" in TEXT
    assert "  - and 312 more" in TEXT
    assert "**to green** raise coverage.line_ratio from 87.14 % to at least 90 %" in TEXT


def test_controls_undecided_for_one_reason_share_a_section() -> None:
    """Four controls without the same evidence are one section that names them."""
    assert "<b>4 controls</b> no evidence of kind load_test" in TEXT
    assert "  - `p95-under-limit` 95 of 100 requests are answered in under 200 ms" in TEXT


@pytest.mark.parametrize("findings", [0, 100, 25_000])
def test_comment_is_shorter_than_the_limit(findings: int) -> None:
    """A comment has less than 65,536 characters whatever there is to say."""
    assert len(markdown.render(large(findings)).decode()) < 65_536


def test_what_does_not_fit_is_counted() -> None:
    """Controls that find no room are counted, and the end of the comment is still there."""
    long = "x" * 5_000
    items = [
        result(f"control-{number:03}", Status.FAIL, ("code_quality",), findings=(Finding(long), Finding(long)))
        for number in range(200)
    ]
    text = markdown.render(assemble(items)).decode()
    shown = text.count("<details><summary>❌")

    assert 0 < shown < 200
    assert f"_{200 - shown} more controls did not fit here; the HTML report has all of them._" in text
    assert text.rstrip().endswith("</sub>")


@pytest.mark.parametrize("filler", ["m", "*", "@", "🎉"])
def test_hundreds_of_gates_and_notices_fit_too(filler: str) -> None:
    """Not only findings are bounded: many gates, notices and long names are as well."""
    gate = realistic().gates[0]
    verdict = realistic()
    many = type(verdict)(
        **{name: getattr(verdict, name) for name in verdict.__struct_fields__}
        | {
            "gates": tuple(
                type(gate)(gate=filler * 300 + str(number), text=filler * 999, status=Status.UNKNOWN, counts={})
                for number in range(500)
            ),
            "notices": tuple(Notice("n", filler * 5_000, filler * 5_000) for _ in range(500)),
        }
    )

    assert len(markdown.render(many).decode()) < 65_536


def test_step_summary_has_more_room() -> None:
    """The summary of a step lists fifty findings of a control and stays below a megabyte."""
    text = step_summary.render(large(25_000)).decode()

    assert text.count("`src/package_") == 250
    assert len(text.encode()) < 1_048_576


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_tool_stay_words(text: str) -> None:
    """No text of a tool becomes a link, an image, a heading, markup or HTML of its own."""
    found = tokens(markdown.render(hostile(text)).decode())
    html = "".join(token.content for token in found if token.type in ("html_block", "html_inline"))

    assert not {"link_open", "image", "s_open", "fence", "code_block", "hr"} & {token.type for token in found}
    assert [token.tag for token in found if token.type == "heading_open"] == ["h2"]
    assert html.count("<details>") == 3
    for tag in ("<script", "<img", "<h1", "<a"):
        assert tag not in html


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_tool_notify_nobody(text: str) -> None:
    """Outside code no mention, reference or address is left that a forge would act on."""
    found = tokens(markdown.render(hostile(text)).decode())
    shown = "\n".join(token.content for token in found if token.type in ("text", "html_block", "html_inline"))

    assert re.search(r"@\w|(?<!&)#\d|!\d|\bGH-\d|://|\bwww\.", shown) is None


def test_words_of_a_tool_can_still_be_read() -> None:
    """Escaping changes nothing of what is shown but invisible joiners."""
    for text in HOSTILE:
        found = tokens(markdown.render(hostile(text)).decode())
        shown = " ".join(token.content.replace("\u2060", "") for token in found if token.type in ("text", "inline"))

        assert text.split()[0].strip("\\`*_~#|&$<>-")[:6] in shown.replace("\\", "")
