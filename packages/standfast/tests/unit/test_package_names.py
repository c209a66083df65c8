"""Package URLs, licence expressions and severities: one name for one thing, whoever reports it."""

import pytest

from standfast.evidence.licences.expression import ExpressionError, allowed, joined
from standfast.evidence.vulnerabilities.cvss import base_score, severity_of_vector
from standfast.evidence.wording.purl import package_of, parse_purl
from standfast.evidence.wording.severity import severity_named, severity_scored
from standfast.model import Severity

URLS = {
    "pkg:pypi/Typing_Extensions@4.12": "pkg:pypi/typing-extensions@4.12",
    "pkg:npm/%40angular/core@17.0.0?a=b#c": "pkg:npm/%40angular/core@17.0.0",
    "pkg:npm/@angular/core@17.0.0": "pkg:npm/%40angular/core@17.0.0",
    "pkg:maven/org.slf4j/slf4j-api@2.0.12?type=jar": "pkg:maven/org.slf4j/slf4j-api@2.0.12",
    "pkg:golang/golang.org/x/net@v0.5.0": "pkg:golang/golang.org/x/net@v0.5.0",
    "pkg:deb/debian/libssl3@3.0.11-1%2Bb1": "pkg:deb/debian/libssl3@3.0.11-1+b1",
}
EXPRESSIONS = {
    "MIT": True,
    "MIT OR GPL-3.0-only": True,
    "MIT AND GPL-3.0-only": False,
    "GPL-3.0-only": False,
    "(MIT OR GPL-3.0-only) AND Apache-2.0": True,
    "GPL-3.0-only OR (MIT AND LGPL-2.1-only)": False,
    "mit or gpl-3.0-only": False,
    "Apache-2.0 WITH LLVM-exception": True,
    "GPL-2.0-only WITH Classpath-exception-2.0": False,
}
NO_EXPRESSION = (
    "",
    "MIT OR",
    "(MIT",
    "MIT)",
    "BSD License",
    "AND",
    "MIT WITH",
    "x" * 3000,
    "(" * 100 + "MIT" + ")" * 100,
)
JOINED = {
    ("MIT", "MIT License"): "MIT",
    ("License :: OSI Approved :: MIT License",): "MIT",
    ("BSD-3-Clause", "License :: OSI Approved :: BSD License"): "BSD-3-Clause",
    ("MIT OR Apache-2.0", "ISC"): "(MIT OR Apache-2.0) AND ISC",
    ("", " "): "",
}
# From the examples of the CVSS v3.1 user guide's calculator.
VECTORS = {
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H": 9.8,
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H": 10.0,
    "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N": 6.1,
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:N": 8.6,
    "CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N": 2.5,
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N": 0.0,
    "CVSS:3.1/AV:N": None,
    "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N": None,
    "": None,
}


@pytest.mark.parametrize("text", URLS)
def test_package_url_is_read(text: str) -> None:
    """A package URL is read whatever way it is quoted, and written in one way."""
    package = parse_purl(text)

    assert package is not None
    assert package.purl == URLS[text]


@pytest.mark.parametrize("text", ["", "pypi/a@1", "pkg:pypi", "pkg:pypi/", "pkg:/a@1"])
def test_other_text_is_no_package_url(text: str) -> None:
    """What is no package URL names no package."""
    assert parse_purl(text) is None


@pytest.mark.parametrize("word", ["PyPI", "pip", "python", "python-pkg"])
def test_ecosystem_has_many_names(word: str) -> None:
    """Scanners call the same ecosystem by different words."""
    assert package_of(word, "Jinja2", "2.10").purl == "pkg:pypi/jinja2@2.10"


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression_is_decided(expression: str) -> None:
    """A choice is allowed by one side, a combination only by both."""
    assert allowed(expression, {"MIT", "Apache-2.0"}.__contains__) is EXPRESSIONS[expression]


@pytest.mark.parametrize("text", NO_EXPRESSION)
def test_what_is_no_expression_is_refused(text: str) -> None:
    """A text that is not understood is never allowed."""
    with pytest.raises(ExpressionError):
        allowed(text, lambda _name: True)


@pytest.mark.parametrize("texts", JOINED)
def test_several_licences_become_one_expression(texts: tuple[str, ...]) -> None:
    """A package that declares several licences is under all of them; the same one said twice is one."""
    assert joined(texts) == JOINED[texts]


@pytest.mark.parametrize("vector", VECTORS)
def test_score_of_a_vector(vector: str) -> None:
    """A CVSS 3 vector has the score that its specification gives it; any other has none."""
    assert base_score(vector) == VECTORS[vector]


def test_severity_that_nobody_knows_is_unknown() -> None:
    """A word or a vector that is not known never becomes a harmless severity."""
    assert {severity_named("fine"), severity_named(None), severity_of_vector("x")} == {Severity.UNKNOWN}
    assert severity_scored(11) is Severity.UNKNOWN
    assert [severity_scored(score) for score in (9.0, 8.9, 4.0, 0.1, 0)] == [
        Severity.CRITICAL,
        Severity.HIGH,
        Severity.MEDIUM,
        Severity.LOW,
        Severity.INFO,
    ]
