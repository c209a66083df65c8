"""No bytes make an importer or a scanner of security reports raise anything but our own error."""

import contextlib
from importlib.resources import files

from damage import damaged, read_harmlessly
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.app.modules.evidence_modules import importers
from standfast.evidence.card_data.collectors import data_scan
from standfast.evidence.card_data.literals import card_numbers_in
from standfast.evidence.card_data.scan import scan_text
from standfast.evidence.contract import Plan, Project, ToolRun
from standfast.evidence.infrastructure.collectors import checkov, hadolint
from standfast.evidence.licences.expression import ExpressionError, allowed, joined
from standfast.evidence.locked_packages.inventory import inventory_of
from standfast.evidence.personal_data.record import read_record
from standfast.evidence.pipeline_findings.collectors import zizmor
from standfast.evidence.runs.texts import TextFile
from standfast.evidence.sbom.collectors import cyclonedx_py, npm_sbom
from standfast.evidence.secrets.collectors import detect_secrets
from standfast.evidence.vulnerabilities.collectors import npm_audit, pip_audit
from standfast.evidence.vulnerabilities.cvss import base_score
from standfast.evidence.vulnerabilities.entry import Vulnerability, merged
from standfast.evidence.wording.purl import Package, package_of, parse_purl
from standfast.model import EvidenceError, Profile, Severity, Subject, canonical_json

KINDS = (
    *("vulnerabilities", "vex", "sbom", "licences", "secrets", "infrastructure", "pipeline_findings", "live_probe"),
    *("key_management", "storage_encryption", "access_reviews", "log_retention", "reconciliations"),
    *("production_changes", "audit_trail", "tls_scan", "dast"),
)
MODULES = [found.module for found in importers() if found.kind in KINDS]
SAMPLES = [
    entry.read_bytes() for kind in KINDS for entry in files(f"standfast.evidence.{kind}").joinpath("samples").iterdir()
]
PROJECT = Project(
    root="/p",
    files=(),
    profile=Profile(),
    subject=Subject(repository="pay", tree="t"),
    python=None,
    tools={},
    settings={},
    scratch="/scratch",
)
SOURCES = ("a.py", "a.sql", "a.java", "a.kt", "a.ts", "a.prisma", "a.go", "a.proto", "a.txt")
LOCKS = (
    *("requirements.txt", "uv.lock", "poetry.lock", "pylock.toml", "Pipfile.lock", "package-lock.json", "yarn.lock"),
    *("pnpm-lock.yaml", "Cargo.lock", "go.sum", "gradle.lockfile", "packages.lock.json", "composer.lock"),
    *("Gemfile.lock", "pyproject.toml", "package.json"),
)


def is_harmless(data: bytes) -> None:
    """Read *data* with every importer; whatever comes back can be stored, whatever is raised is ours."""
    for module in MODULES:
        read_harmlessly(module, data)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_random_bytes_are_refused(data: bytes) -> None:
    """Random bytes are refused with our own error, or read as nothing."""
    is_harmless(data)


@given(damaged(SAMPLES))
@settings(max_examples=300, deadline=None)
def test_damaged_samples_are_refused_or_read(data: bytes) -> None:
    """A damaged report is refused with our own error, or read into something that can be stored and read again."""
    is_harmless(data)


@given(damaged(SAMPLES) | st.binary(max_size=200), st.sampled_from((0, 1, 2, 14)))
@settings(max_examples=200, deadline=None)
def test_whatever_a_tool_prints_is_read_or_refused(stdout: bytes, status: int) -> None:
    """A collector reads what its tool left, or refuses it with our own error."""
    for module in (pip_audit, npm_audit, cyclonedx_py, npm_sbom, detect_secrets, hadolint, checkov, zizmor, data_scan):
        plan = Plan(argv=("tool", "environment"), stdin=b'{"paths":[]}', expected=1)
        run = ToolRun(plan=plan, version="", exit_status=status, stdout=stdout, stderr=b"", outputs={}, duration_s=1.0)
        with contextlib.suppress(EvidenceError):
            for reading in module.interpret(run, PROJECT):
                assert reading.body.KIND in module.TOOL.kinds
                assert canonical_json(reading.body)


@given(st.text(alphabet=st.sampled_from("0123456789 -=\n\"',.card/"), max_size=300) | st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_searched_for_card_numbers(text: str) -> None:
    """Whatever a file holds, the search ends, and names lines that exist and four digits only."""
    for found in card_numbers_in(text):
        assert 1 <= found.line <= text.count("\n") + 1
        assert len(found.last_four) == 4


@given(
    st.sampled_from(SOURCES), st.text(max_size=200) | st.text(alphabet="class (x): CREATE TABLE\n,=@1", max_size=200)
)
@settings(max_examples=200, deadline=None)
def test_any_source_can_be_scanned(path: str, text: str) -> None:
    """A source that cannot be parsed is an error of the scan, not of Standfast."""
    scanned = scan_text(path, text)

    assert all(field.path == path for field in scanned.fields)


@given(st.sampled_from(LOCKS), st.text(max_size=300) | st.text(alphabet='{}[]":=,\n package12.', max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_lock_file_can_be_read(path: str, text: str) -> None:
    """A file that is not what its name says is an error of the examination."""
    body = inventory_of((TextFile(path, text=text),))

    assert body.examination.errors in (0, 1)
    assert canonical_json(body)


@given(st.binary(max_size=300) | st.text(alphabet='[field]\n="name1 ', max_size=200).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_any_record_is_read_or_refused(data: bytes) -> None:
    """A record of processing that is none is refused with our own error."""
    with contextlib.suppress(EvidenceError):
        assert read_record("record-of-processing.toml", data).path == "record-of-processing.toml"


@given(st.text(alphabet="()MITANDORWITH -.", max_size=60) | st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_licence_text_is_decided_or_refused(text: str) -> None:
    """A text is allowed, not allowed, or no expression; and what nothing permits is never allowed."""
    try:
        assert allowed(text, lambda _name: False) is False
    except ExpressionError:
        assert isinstance(joined((text, text)), str)


@given(st.text(max_size=60))
def test_score_of_a_vector_is_within_its_scale(text: str) -> None:
    """A CVSS score is between 0 and 10, or there is none."""
    score = base_score(text)

    assert score is None or 0 <= score <= 10


PACKAGES = st.builds(
    package_of,
    st.sampled_from(("PyPI", "npm", "deb", "Maven")),
    st.text("abAB-_.:/@1", min_size=1, max_size=8),
    st.text("0123456789.+~", max_size=6),
)


@given(PACKAGES)
def test_a_package_url_names_the_package_it_was_made_from(package: Package) -> None:
    """Writing and reading a package URL loses nothing that tells packages apart."""
    again = parse_purl(package.purl)

    assert again is None or again.purl == package.purl


ENTRIES = st.lists(
    st.builds(
        Vulnerability,
        id=st.sampled_from(("CVE-1", "CVE-2", "GHSA-1", "GHSA-2", "PYSEC-1")),
        package=st.sampled_from((Package("pypi", "a", "1"), Package("pypi", "b", "1"))),
        severity=st.sampled_from(list(Severity)),
        aliases=st.lists(st.sampled_from(("CVE-1", "CVE-2", "GHSA-1")), max_size=2).map(tuple),
    ),
    max_size=8,
)


@given(ENTRIES, st.randoms(use_true_random=False))
def test_two_scanners_agree_whatever_id_each_uses(entries: list[Vulnerability], random: object) -> None:
    """Joining reports by alias does not depend on their order, and joining again changes nothing."""
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # the strategy's type is object-like

    found = merged(entries)

    assert [(one.id, one.aliases, one.severity) for one in found] == [
        (one.id, one.aliases, one.severity) for one in merged(shuffled)
    ]
    assert merged(found) == found
    ids = [(one.package, name) for one in found for name in one.ids]
    assert len(ids) == len(set(ids))
