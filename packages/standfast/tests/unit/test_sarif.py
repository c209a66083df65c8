"""How SARIF is read: places, fingerprints, justifications, and what is refused."""

import json
from importlib.resources import files

import pytest

from standfast.evidence.code_findings.importers import sarif
from standfast.evidence.formats.sarif import UNJUSTIFIED
from standfast.model import EvidenceError, Location


def log(*results: object, **run: object) -> bytes:
    """Return a log with one run."""
    whole = {"tool": {"driver": {"name": "Scan"}}, "results": list(results), **run}
    return json.dumps({"version": "2.1.0", "runs": [whole]}).encode()


def at(location: object, **more: object) -> dict[str, object]:
    """Return a result at an artifact location."""
    place = {"physicalLocation": {"artifactLocation": location, "region": {"startLine": 3}}}
    return {"ruleId": "R", "message": {"text": "m"}, "locations": [place], **more}


PLACES = [
    ({"uri": "src/a.py"}, "src/a.py"),
    ({"uri": "./src/../src/a%20b.py"}, "src/a b.py"),
    ({"uri": "src\\win\\a.py"}, "src/win/a.py"),
    ({"uri": "file:///w/proj/src/a.py"}, "src/a.py"),
    ({"uri": "file:///elsewhere/a.py"}, "/elsewhere/a.py"),
    ({"uri": "file:///C:/x/a.py"}, "C:/x/a.py"),
    ({"uri": "a.py", "uriBaseId": "%SRCROOT%"}, "a.py"),
    ({"uri": "a.py", "uriBaseId": "SUB"}, "sub/a.py"),
    ({"uri": "a.py", "uriBaseId": "LOOP"}, "loop/" * 10 + "a.py"),
    ({"index": 0}, "indexed.py"),
    ({"index": 9}, None),
    ({}, None),
]


@pytest.mark.parametrize(("location", "path"), PLACES)
def test_location_becomes_a_relative_path(location: object, path: str | None) -> None:
    """Base ids, percent-encoding, file URIs and indexes end up as one path relative to the repository."""
    data = log(
        at(location),
        artifacts=[{"location": {"uri": "indexed.py"}}],
        originalUriBaseIds={
            "%SRCROOT%": {"uri": "file:///w/proj/"},
            "SUB": {"uri": "sub/", "uriBaseId": "%SRCROOT%"},
            "LOOP": {"uri": "loop/", "uriBaseId": "LOOP"},
        },
    )

    (finding,) = sarif.read(data)[0].body.items.listed

    assert finding.location == (Location(path, 3) if path else None)


def test_fingerprint_outlives_lines_added_above() -> None:
    """A result that moves to another line keeps its fingerprint."""
    one = at({"uri": "a.py"}, partialFingerprints={"primaryLocationLineHash": "x:1"})
    moved = json.loads(json.dumps(one).replace('"startLine": 3', '"startLine": 30'))

    prints = [sarif.read(log(each))[0].body.items.listed[0].fingerprint for each in (one, moved)]

    assert prints[0] == prints[1] != ""


def test_suppression_without_justification_is_still_marked() -> None:
    """An accepted suppression without a justification is told from one with, and from none."""
    result = at({"uri": "a.py"}, suppressions=[{"kind": "inSource", "justification": "  "}])

    (finding,) = sarif.read(log(result))[0].body.items.listed

    assert finding.suppressed == UNJUSTIFIED


def test_revision_and_end_of_the_run_are_kept() -> None:
    """The commit that the log names, and the moment the run ended, come with the reading."""
    data = files("standfast.evidence.code_findings").joinpath("samples", "graded.sarif").read_bytes()

    (reading,) = sarif.read(data)

    assert reading.revision == "2" * 40
    assert str(reading.produced_at) == "2026-01-10 09:00:00+00:00"


def test_message_of_the_rule_is_filled_in() -> None:
    """A message given by its id is the rule's text with the arguments in place."""
    rule = {"id": "R", "messageStrings": {"default": {"text": "'{0}' calls '{1}'"}}}
    result = at({"uri": "a.py"}, message={"id": "default", "arguments": ["f", "g"]}, ruleIndex=0)

    (finding,) = sarif.read(log(result, tool={"driver": {"name": "Scan", "rules": [rule]}}))[0].body.items.listed

    assert finding.message == "'f' calls 'g'"


SEVERITIES = [
    ({"level": "error"}, "high"),
    ({"level": "warning"}, "medium"),
    ({"level": "note"}, "low"),
    ({"level": "none"}, "info"),
    ({"level": "terrible"}, "unknown"),
    ({}, "medium"),
    ({"properties": {"security-severity": "9.0"}}, "critical"),
    ({"properties": {"security-severity": 8.9}}, "high"),
    ({"properties": {"security-severity": "eleven"}}, "unknown"),
    ({"properties": {"security-severity": "nan"}}, "unknown"),
]


@pytest.mark.parametrize(("part", "severity"), SEVERITIES)
def test_severity_comes_from_the_score_or_the_level(part: dict[str, object], severity: str) -> None:
    """A score outranks the level, the default level is warning, and a word nobody knows is unknown."""
    (finding,) = sarif.read(log(at({"uri": "a.py"}, **part)))[0].body.items.listed

    assert str(finding.severity) == severity


REFUSED = [
    (b'{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Scan"}}, "results": [', "sarif-malformed"),
    (b'{"version": "2.1.0", "runs": null}', "sarif-runs"),
    (b'{"version": "1.0.0", "runs": []}', "sarif-version"),
    (b'{"version": "2.1.0", "runs": [{"results": []}]}', "sarif-malformed"),
    (b'{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy"}}, "results": []}]}', "sarif-kind"),
]


@pytest.mark.parametrize(("data", "code"), REFUSED)
def test_what_cannot_be_taken_is_refused(data: bytes, code: str) -> None:
    """A truncated log, another version, a run without a tool and a log of dependencies are refused by name."""
    with pytest.raises(EvidenceError) as raised:
        sarif.read(data)

    assert raised.value.code == code
