"""Reports that are cut off, packed, hostile, huge or no files: each has an error of its own, and nothing is kept.

What is refused leaves the store as it was, costs bounded time and memory, and the gate stays undecided.
"""

import gzip
import io
import os
import resource
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from little_cases import Case, hold
from little_project import Project
from little_reports import LOOKED_AT, cobertura, coverage_py, junit, sarif, weakness

LINES = "line-coverage-meets-limit"
AGREES = "reports-agree-with-themselves"
TESTS = "every-test-passes"
GOOD = cobertura()
GO = "mode: set\npay/a.go:1.1,9.9 5 {}\npay/a.go:10.1,12.9 4 {}\n"
MEMORY = 1_500_000_000
"""A command that takes a report may use so many bytes of address space."""


def zipped(text: str) -> bytes:
    """Return *text* in a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("coverage.xml", text)
    return stream.getvalue()


def laughs() -> str:
    """Return XML whose entities grow to a gigabyte."""
    first = '<!ENTITY a0 "lol">'
    rest = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE testsuites [{first}{rest}]><testsuites><testsuite name="&a9;"/></testsuites>'


def entity(declaration: str) -> str:
    """Return JUnit XML with one declaration of an entity."""
    return f"<!DOCTYPE testsuites [{declaration}]><testsuites><testsuite/></testsuites>"


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "truncated XML": (GOOD[:150], "report-malformed-xml"),
    "truncated JSON": (sarif([weakness()])[:120], "report-unknown"),
    "empty": ("", "report-empty"),
    "blank": (" \n\t\n", "report-empty"),
    "a gzip bomb": (gzip.compress(b"0" * 50_000_000), "report-compressed"),
    "a zip archive": (zipped(GOOD), "report-compressed"),
    "Latin-1": (sarif(tool="caf\xe9").replace("\\u00e9", "\xe9").encode("latin-1"), "report-encoding"),
    "UTF-16": (GOOD.encode("utf-16"), "report-encoding"),
    "random bytes": (bytes(range(128, 256)) * 40, "report-encoding"),
    "an error page": ("<html><body>502 Bad Gateway</body></html>", "report-unknown"),
    "nested JSON": ('{"version": "2.1.0", "runs": ' + "[" * 200_000 + "]" * 200_000 + "}", "report-unknown"),
    "nested XML": (
        "<testsuites>" + "<testsuite>" * 100_000 + "</testsuite>" * 100_000 + "</testsuites>",
        "report-too-deep",
    ),
    "a billion laughs": (laughs(), "report-entity"),
    "an external entity": (entity('<!ENTITY x SYSTEM "file:///etc/passwd">'), "report-entity"),
    "a parameter entity": (entity('<!ENTITY % x SYSTEM "http://127.0.0.1:1/">%x;'), "report-entity"),
    "NaN in JSON": ('{"meta": {}, "files": {}, "totals": {"covered_lines": NaN}}', "report-unknown"),
    "Infinity in JSON": ('{"meta": {}, "files": {}, "totals": {"covered_lines": Infinity}}', "report-unknown"),
    "a number beyond all numbers": (
        coverage_py(lines=(9, 10), branches=(9, 10)).replace('"covered_lines": 9', '"covered_lines": 1e999'),
        "report-malformed",
    ),
    "a key twice": (sarif([weakness()])[:-3] + ', "results": []}]}', "report-repeated-key"),
    "an attribute twice": ('<testsuite tests="1" tests="2"/>', "report-malformed-xml"),
    "a negative count of hits": (GOOD.replace('hits="1"', 'hits="-1"', 1), "report-hits"),
    "words after the JSON": (sarif() + " done.", "report-unknown"),
    "two logs in one file": (sarif() + "\n" + sarif(), "report-unknown"),
    "half of a pair of surrogates": (sarif().replace("scan", "\\ud800"), "report-unknown"),
    "a null byte": (sarif() + "\0", "report-unknown"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_report_that_cannot_be_read_is_refused(content: str | bytes, code: str, little: Project) -> None:
    """The error names the file, says what was found and what to do; nothing is stored."""
    taken = little.take({"report": content})

    assert (taken.code, f"[{code}]" in taken.err) == (3, True), taken.err
    assert "reports/report" in taken.err
    assert len(taken.err) < 2_000
    assert "no evidence" in little.run("evidence", "list").err


def sparse(path: Path) -> None:
    """Make a file that says it holds 500 MB."""
    path.touch()
    os.truncate(path, 500_000_000)


def outside(path: Path) -> None:
    """Make a link to a good report outside of the repository."""
    target = path.parents[2] / "outside.xml"
    target.write_text(GOOD)
    path.symlink_to(target)


def through_a_folder(path: Path) -> None:
    """Make the folder of the report a link that leads out of the repository."""
    target = path.parents[2] / "elsewhere"
    target.mkdir()
    (target / path.name).write_text(GOOD)
    path.parent.rmdir()
    path.parent.symlink_to(target)


STRANGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda path: None, "report-missing"),
    "500 MB": (sparse, "report-too-large"),
    "a link outside": (outside, "report-link"),
    "a link in the middle": (through_a_folder, "report-link"),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), "report-link"),
    "a link to itself": (lambda path: path.symlink_to(path), "report-unreadable"),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "report-missing"),
    "a folder": (Path.mkdir, "report-folder"),
    "a pipe that nobody writes to": (os.mkfifo, "report-not-a-file"),
}


@pytest.mark.parametrize(("put", "code"), STRANGE.values(), ids=STRANGE)
def test_what_is_no_report_file_is_refused_at_once(put: Callable[[Path], object], code: str, little: Project) -> None:
    """A pipe is not waited for, a device not read, a link not followed out of the repository."""
    (little.folder / "reports").mkdir()
    put(little.folder / "reports" / "report.xml")

    taken = little.run("import", "reports/report.xml")

    assert (taken.code, f"[{code}]" in taken.err) == (3, True), taken.err
    assert little.judge(LINES).code == 3


def test_device_is_no_report(little: Project) -> None:
    """What is named outside of the repository may be meant, and still must be a file."""
    for device in ("/dev/zero", "/dev/null"):
        taken = little.run("import", device)

        assert (taken.code, "[report-not-a-file]" in taken.err) == (3, True), taken.err


def test_memory_is_bounded_by_the_size_of_the_report(little: Project) -> None:
    """A report of many small parts, a gigabyte of entities or of nesting is read or refused in little memory."""
    little.write({"reports/bomb.xml": laughs(), "reports/many.json": "[" + "{}," * 3_000_000 + "{}]"})
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, before[1]))
    try:
        taken = little.run("import", "reports/bomb.xml", "reports/many.json")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)

    assert (taken.code, "[reports-refused]" in taken.err) == (3, True), taken.err


NAMES = {"a link within": "latest.xml", "blanks": "all of it.xml", "a dash": "-x.xml", "a line break": "a\nb.xml"}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_report_may_have_any_name(name: str, little: Project) -> None:
    """A name is never an option or a second line, and a link to another report of the project is followed."""
    little.write({"reports/good.xml": GOOD})
    path = little.folder / "reports" / name
    path.symlink_to("good.xml") if name == "latest.xml" else path.write_text(GOOD)

    taken = little.run("import", "--", f"reports/{name}")

    assert (taken.code, len(taken.out.splitlines())) == (0, 2), taken
    assert little.judge(LINES).code == 0


def test_one_bad_report_stops_all(little: Project) -> None:
    """Of several reports all are taken or none, and every bad one is named."""
    taken = little.take({"good.xml": GOOD, "bad.xml": GOOD[:99], "worse.json": "{"})

    assert taken.code == 3
    assert ("reports/bad.xml" in taken.err, "reports/worse.json" in taken.err) == (True, True)
    assert little.judge(LINES).code == 3


SAYS_TOO_MUCH: Mapping[str, Case] = {
    "a ratio that the lines do not make": Case(
        reports={"a.xml": cobertura(covered=5, declared='line-rate="1.0"')},
        answers={LINES: "fail", AGREES: "fail"},
        said={LINES: "coverage.line_ratio is 50 %", AGREES: "declares a line ratio of 1.0000"},
    ),
    "totals that the lists do not make": Case(
        reports={
            "a.json": coverage_py(lines=(5, 10), branches=(5, 10)).replace('"covered_lines": 5', '"covered_lines": 10')
        },
        answers={LINES: "fail", AGREES: "fail"},
    ),
    "a ratio that is no number": Case(
        reports={"a.xml": cobertura(declared='line-rate="NaN"')},
        answers={LINES: "pass", AGREES: "fail"},
        said={AGREES: "a line ratio that is none"},
    ),
    "a negative total": Case(
        reports={
            "a.json": coverage_py(lines=(9, 10), branches=(9, 10)).replace('"covered_lines": 9', '"covered_lines": -9')
        },
        answers={LINES: "pass", AGREES: "fail"},
    ),
    "fewer failures than failed": Case(
        reports={"a.xml": junit('<testcase name="t"><failure message="x"/></testcase>', tests=1, failures=0)},
        answers={TESTS: "fail", AGREES: "fail"},
    ),
    "more tests than cases": Case(
        reports={"a.xml": junit(tests=500, failures=0)},
        answers={TESTS: "pass", AGREES: "fail"},
        said={AGREES: "declares tests=500, its cases make 1"},
    ),
    "a count of 400 digits": Case(
        reports={"a.xml": junit(tests="9" * 400)}, answers={AGREES: "fail"}, said={AGREES: "is no count"}
    ),
    "a negative count": Case(reports={"a.xml": junit(tests=1, failures=-5)}, answers={TESTS: "pass", AGREES: "fail"}),
    "one file fifty times": Case(
        reports={"a.sarif": sarif(artifacts=LOOKED_AT["artifacts"] * 50)},
        answers={"no-severe-weakness-is-open": "pass", "sources-of-evidence-agree": "pass"},
    ),
    "results that are kept elsewhere": Case(
        reports={"a.sarif": sarif(externalPropertyFileReferences={"results": [{"location": {"uri": "x"}}]})},
        answers={"no-severe-weakness-is-open": "unknown"},
        said={"no-severe-weakness-is-open": "in other files, which are not read"},
    ),
    "two reports of one tool that differ in which lines can run": Case(
        reports={"a.xml": GOOD, "b.xml": cobertura(covered=3, lines=9)},
        answers={LINES: "unknown", "sources-of-evidence-agree": "fail"},
        said={
            LINES: "they differ in which lines can run",
            "sources-of-evidence-agree": "cobertura and cobertura disagree",
        },
    ),
    "two reports of two tools that differ in which lines can run": Case(
        reports={"a.xml": GOOD, "b.json": coverage_py(lines=(9, 11), branches=(9, 9))},
        answers={LINES: "unknown", "sources-of-evidence-agree": "fail"},
    ),
    "two runs that fall short together as well": Case(
        reports={"a.xml": cobertura(covered=8), "b.json": coverage_py(lines=(3, 10), branches=(9, 9))},
        answers={LINES: "fail", "sources-of-evidence-agree": "pass"},
        said={LINES: "coverage.line_ratio is 80 %"},
    ),
    "two runs whose counts nobody can add": Case(
        reports={"a.out": GO.format(1, 0), "b.out": GO.format(0, 1)},
        answers={LINES: "unknown", "sources-of-evidence-agree": "fail"},
        said={LINES: "merge the reports with the tool that wrote them"},
    ),
}


@pytest.mark.parametrize("case", SAYS_TOO_MUCH.values(), ids=SAYS_TOO_MUCH)
def test_report_that_claims_more_than_its_items_is_belied(case: Case, little: Project) -> None:
    """Declared totals are counted again, the worse counts, and every contradiction is a finding of its own."""
    hold(case, little)
