"""Taking something out of a report never opens the security gate."""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from standfast.app.modules.control_cases import MOMENT, SUBJECT
from standfast.app.modules.discovery import bundled_controls
from standfast.evidence.contract import Reading, readings
from standfast.evidence.locked_packages.schema import LockedPackage, LockedPackages
from standfast.evidence.sbom.importers import cyclonedx
from standfast.evidence.vulnerabilities.importers import osv_scanner, pip_audit, trivy
from standfast.evidence.wording.purl import package_of
from standfast.gates.bind import BoundControl
from standfast.gates.judge import admit, judge
from standfast.model import (
    Clause,
    ClauseKind,
    Enforcement,
    Evidence,
    Examination,
    Outcome,
    Producer,
    Profile,
    Statement,
    canonical_json,
    sha256,
)

CONTROLS = [
    control
    for control in bundled_controls()
    if control.id
    in (
        "no-critical-vulnerabilities",
        "high-vulnerabilities-are-triaged",
        "vulnerability-scan-covers-every-locked-package",
        "bill-of-materials-lists-every-locked-package",
    )
]
Row = tuple[str, str, bool]
"""A package: name, version, whether it is vulnerable."""


def pip_audit_report(rows: Iterable[Row]) -> bytes:
    """Return pip-audit's report on *rows*."""
    listed = [
        {"name": name, "version": version, "vulns": [{"id": f"CVE-{name}"}] if bad else []}
        for name, version, bad in rows
    ]
    return json.dumps({"dependencies": listed, "fixes": []}).encode()


def osv_report(rows: Iterable[Row]) -> bytes:
    """Return OSV-Scanner's report on *rows*, with all packages."""
    packages = [
        {
            "package": {"name": name, "version": version, "ecosystem": "PyPI"},
            "vulnerabilities": [{"id": f"CVE-{name}", "database_specific": {"severity": "HIGH"}}] if bad else [],
        }
        for name, version, bad in rows
    ]
    return json.dumps(
        {"results": [{"source": {"path": "a"}, "packages": packages}], "experimental_config": {}}
    ).encode()


def trivy_report(rows: Iterable[Row]) -> bytes:
    """Return Trivy's report on *rows*."""
    chosen = list(rows)
    listed = [{"Name": name, "Identifier": {"PURL": f"pkg:pypi/{name}@{version}"}} for name, version, _ in chosen]
    found = [
        {
            "VulnerabilityID": f"CVE-{name}",
            "PkgIdentifier": {"PURL": f"pkg:pypi/{name}@{version}"},
            "Severity": "CRITICAL",
        }
        for name, version, bad in chosen
        if bad
    ]
    result = {"Target": "a", "Class": "lang-pkgs", "Type": "pip", "Packages": listed, "Vulnerabilities": found}
    return json.dumps({"SchemaVersion": 2, "ArtifactName": "a", "Results": [result]}).encode()


def bill(rows: Iterable[Row]) -> bytes:
    """Return a bill of materials of *rows*."""
    parts = [{"name": name, "version": version, "purl": f"pkg:pypi/{name}@{version}"} for name, version, _ in rows]
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": parts}).encode()


READERS: dict[str, tuple[Callable[[Iterable[Row]], bytes], Callable[[bytes], Reading | tuple[Reading, ...]]]] = {
    "pip-audit": (pip_audit_report, pip_audit.read),
    "osv-scanner": (osv_report, osv_scanner.read),
    "trivy": (trivy_report, trivy.read),
}


def opens(rows: list[Row], reported: list[Row], listed: list[Row], tool: str) -> bool:
    """Return whether every control passes when *rows* are locked, *reported* scanned and *listed* in the bill."""
    write, read = READERS[tool]
    locked = LockedPackages(
        examination=Examination("files", examined=1),
        packages=tuple(LockedPackage(package_of("pypi", name, version), "a.txt", True) for name, version, _ in rows),
    )
    bodies = [
        locked,
        *(reading.body for reading in readings(read(write(reported)))),
        *(reading.body for reading in readings(cyclonedx.read(bill(listed)))),
    ]
    admitted = admit(map(statement, bodies), subject=SUBJECT, profile=Profile(), now=MOMENT)
    return all(judge(bound(control), admitted).outcome is Outcome.PASS for control in CONTROLS)


def statement(body: Evidence) -> Statement:
    """Return a sound statement with that body."""
    return Statement(
        digest=sha256(canonical_json(body)),
        subject=SUBJECT,
        producer=Producer(tool="test"),
        produced_at=MOMENT - timedelta(hours=1),
        raw=(),
        body=body,
    )


def bound(control: object) -> BoundControl:
    """Return *control* with its default parameters."""
    assert hasattr(control, "params_type")
    return BoundControl(
        control=control,  # type: ignore[arg-type]  # found by discovery
        clauses=(Clause(id="c", kind=ClauseKind.GATE, text="c", line=1, source="c"),),
        gates=("c",),
        enforcement=Enforcement.BLOCK,
        params=control.params_type() if control.params_type else None,
    )


ROWS = st.lists(
    st.tuples(st.text("abc", min_size=1, max_size=3), st.sampled_from(("1", "2")), st.booleans()),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[0],
)


def test_there_are_four_controls_to_judge() -> None:
    """The properties below speak about controls that exist."""
    assert len(CONTROLS) == 4


@given(ROWS, st.sampled_from(sorted(READERS)))
@settings(max_examples=60, deadline=None)
def test_the_gate_opens_only_when_everything_is_examined_and_clean(rows: list[Row], tool: str) -> None:
    """A complete report and bill pass exactly when no package is vulnerable.

    OSV-Scanner's report of only vulnerable packages cannot be told from one without ``--all-packages``; it fails too.
    """
    assert opens(rows, rows, rows, tool) is not any(bad for _, _, bad in rows)


@given(ROWS, st.sampled_from(sorted(READERS)), st.data())
@settings(max_examples=150, deadline=None)
def test_removing_a_package_from_a_report_never_opens_the_gate(rows: list[Row], tool: str, data: st.DataObject) -> None:
    """Whatever is taken out of the scan or the bill, a gate that was closed stays closed."""
    scanned = [row for row in rows if data.draw(st.booleans())]
    listed = [row for row in rows if data.draw(st.booleans())]
    assume(len(scanned) < len(rows) or len(listed) < len(rows))

    assert not opens(rows, scanned, listed, tool)
