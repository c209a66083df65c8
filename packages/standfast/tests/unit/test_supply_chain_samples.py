"""What the importers of supply chain and security reports make of the samples: expected counts as data."""

from importlib.resources import files
from typing import Any

import pytest

from standfast.app.modules.evidence_modules import importers
from standfast.evidence.contract import Reading, readings
from standfast.evidence.formats.sniff import look
from standfast.model import EvidenceError

KINDS = (
    *("vulnerabilities", "vex", "sbom", "licences", "secrets", "infrastructure", "pipeline_findings", "live_probe"),
    *("key_management", "storage_encryption", "access_reviews", "log_retention", "reconciliations"),
    *("production_changes", "audit_trail", "tls_scan", "dast"),
)

# kind/sample -> (importer, expected facts and parts of each reading)
EXPECTED: dict[str, tuple[str, list[dict[str, object]]]] = {
    "vulnerabilities/pip-audit.json": (
        "vulnerabilities.pip_audit",
        [{"open": 1, "unknown": 1, "fixable": 1, "examined": 3, "skipped": 1}],
    ),
    "vulnerabilities/pip-audit-clean.json": ("vulnerabilities.pip_audit", [{"open": 0, "examined": 2, "skipped": 0}]),
    "vulnerabilities/pip-audit-all-skipped.json": (
        "vulnerabilities.pip_audit",
        [{"open": 0, "examined": 0, "skipped": 2}],
    ),
    "vulnerabilities/pip-audit-list.json": ("vulnerabilities.pip_audit", [{"unknown": 1, "examined": 2}]),
    "vulnerabilities/osv-scanner.json": (
        "vulnerabilities.osv_scanner",
        [{"open": 1, "high": 1, "fixable": 1, "examined": 3}],
    ),
    "vulnerabilities/osv-scanner-vulnerable-only.json": (
        "vulnerabilities.osv_scanner",
        [{"open": 1, "critical": 1, "examined": None}],
    ),
    "vulnerabilities/osv-scanner-nothing.json": ("vulnerabilities.osv_scanner", [{"open": 0, "examined": None}]),
    "vulnerabilities/npm-audit-2.json": (
        "vulnerabilities.npm_audit",
        [{"open": 2, "critical": 1, "medium": 1, "examined": 352, "disagreements": 0}],
    ),
    "vulnerabilities/npm-audit-2-hides-one.json": (
        "vulnerabilities.npm_audit",
        [{"critical": 1, "examined": 41, "disagreements": 1}],
    ),
    "vulnerabilities/npm-audit-1.json": (
        "vulnerabilities.npm_audit",
        [{"open": 1, "high": 1, "examined": 351, "disagreements": 0}],
    ),
    "vulnerabilities/trivy.json": (
        "vulnerabilities.trivy",
        [
            {"kind": "vulnerabilities", "medium": 1, "high": 1, "unknown": 1, "suppressed": 1, "examined": 4},
            {"kind": "infrastructure", "high": 1, "passed": 21, "examined": 1},
        ],
    ),
    "vulnerabilities/trivy-no-results.json": ("vulnerabilities.trivy", [{"open": 0, "examined": None}]),
    "vulnerabilities/grype.json": (
        "vulnerabilities.grype",
        [{"high": 2, "low": 1, "suppressed": 0, "examined": None}],
    ),
    "vulnerabilities/grype-without-matches.json": ("vulnerabilities.grype", []),
    "vulnerabilities/cargo-audit.json": (
        "vulnerabilities.cargo_audit",
        [{"critical": 1, "low": 1, "examined": 88, "disagreements": 0}],
    ),
    "vulnerabilities/govulncheck.json": ("vulnerabilities.govulncheck", [{"open": 1, "unknown": 1, "examined": 3}]),
    "vulnerabilities/dependency-check.json": (
        "vulnerabilities.dependency_check",
        [{"critical": 2, "suppressed": 1, "examined": 2}],
    ),
    "infrastructure/tfsec.json": ("infrastructure.tfsec", [{"high": 1, "examined": None}]),
    "vulnerabilities/npm-audit-failed.json": ("vulnerabilities.npm_audit", []),
    "vex/openvex.json": ("vex.openvex", [{"not_affected": 1, "affected": 1, "undecided": 1, "examined": 3}]),
    "vex/openvex-0.0.1.json": ("vex.openvex", [{"not_affected": 1, "examined": 1}]),
    "sbom/cyclonedx-1.6.json": (
        "sbom.cyclonedx",
        [
            {
                "kind": "sbom",
                "total": 4,
                "purl_ratio": 0.5,
                "licence_ratio": 0.5,
                "hash_ratio": 0.25,
                "disagreements": 1,
            },
            {"kind": "licences", "packages": 4, "missing": 2},
        ],
    ),
    "sbom/cyclonedx-1.5-with-vulnerabilities.json": (
        "sbom.cyclonedx",
        [
            {"kind": "sbom", "total": 3, "purl_ratio": 1.0},
            {"kind": "licences", "missing": 3},
            {"kind": "vulnerabilities", "high": 1, "unknown": 1, "examined": 3},
            {"kind": "vex", "not_affected": 1},
        ],
    ),
    "sbom/cyclonedx-1.4-trivy-unscanned.json": (
        "sbom.cyclonedx",
        [{"kind": "sbom", "total": 1}, {"kind": "licences", "missing": 1}],
    ),
    "sbom/cyclonedx-1.7-vex-only.json": ("sbom.cyclonedx", [{"kind": "vex", "affected": 1}]),
    "sbom/cyclonedx-1.5.xml": (
        "sbom.cyclonedx_xml",
        [
            {"kind": "sbom", "total": 3, "purl_ratio": 2 / 3, "hash_ratio": 1 / 3, "licence_ratio": 1 / 3},
            {"kind": "licences", "missing": 2},
        ],
    ),
    "sbom/spdx-2.3.json": (
        "sbom.spdx_json",
        [{"kind": "sbom", "total": 2, "purl_ratio": 0.5, "disagreements": 1}, {"kind": "licences", "missing": 1}],
    ),
    "sbom/spdx-2.3.spdx": (
        "sbom.spdx_tag_value",
        [{"kind": "sbom", "total": 2, "purl_ratio": 0.5, "disagreements": 0}, {"kind": "licences", "missing": 1}],
    ),
    "licences/pip-licenses.json": ("licences.pip_licenses", [{"packages": 4, "missing": 1}]),
    "secrets/detect-secrets.json": (
        "secrets.detect_secrets",
        [{"open": 2, "critical": 1, "unknown": 1, "suppressed": 1, "live": 1, "examined": None}],
    ),
    "secrets/gitleaks.json": ("secrets.gitleaks", [{"open": 1, "unknown": 1, "history": True, "examined": None}]),
    "infrastructure/hadolint.json": (
        "infrastructure.hadolint",
        [{"open": 3, "high": 1, "medium": 1, "info": 1, "examined": None}],
    ),
    "infrastructure/checkov.json": (
        "infrastructure.checkov",
        [
            {"kind": "infrastructure", "open": 3, "low": 1, "unknown": 2, "suppressed": 1, "errors_in_examination": 1},
            {"kind": "pipeline_findings", "open": 1, "unknown": 1, "examined": 14},
        ],
    ),
    "infrastructure/checkov-saw-nothing.json": ("infrastructure.checkov", [{"open": 0, "examined": 0}]),
    "infrastructure/kube-linter.json": ("infrastructure.kube_linter", [{"open": 1, "unknown": 1, "examined": None}]),
    "pipeline_findings/zizmor.json": (
        "pipeline_findings.zizmor",
        [{"open": 2, "high": 2, "suppressed": 1, "examined": None}],
    ),
    "pipeline_findings/actionlint.json": ("pipeline_findings.actionlint", [{"open": 1, "unknown": 1}]),
    "key_management/key-management.json": (
        "key_management.native",
        [{"key_count": 2, "software_keys": 1, "exportable_keys": 1}],
    ),
    "storage_encryption/storage-encryption.json": (
        "storage_encryption.native",
        [{"store_count": 2, "at_rest_bits": 0}],
    ),
    "access_reviews/access-reviews.json": ("access_reviews.native", [{"review_count": 2, "undecided": 1}]),
    "log_retention/log-retention.json": (
        "log_retention.native",
        [{"stream_count": 2, "retained_days": 1095, "online_days": 90}],
    ),
    "reconciliations/reconciliations.json": ("reconciliations.native", [{"run_count": 2, "unexplained": 1}]),
    "production_changes/production-changes.json": (
        "production_changes.native",
        [{"change_count": 2, "emergencies": 1}],
    ),
    "audit_trail/audit-trail.json": (
        "audit_trail.native",
        [{"writes": 120, "writes_without_event": 1, "denials_without_event": 2, "tampering_detected": True}],
    ),
    "tls_scan/sslyze.json": (
        "tls_scan.sslyze",
        [{"endpoint_count": 2, "tls_version": 1.2, "examined": 1, "skipped": 1, "errors_in_examination": 1}],
    ),
    "tls_scan/testssl.json": ("tls_scan.testssl", [{"endpoint_count": 1, "tls_version": 1.3, "examined": 1}]),
    "tls_scan/sslscan.xml": ("tls_scan.sslscan", [{"endpoint_count": 1, "tls_version": 1.3, "skipped": 0}]),
    "dast/zap.json": ("dast.zap", [{"high": 2, "low": 1, "examined": 1, "reached": None}]),
    "dast/wapiti.json": (
        "dast.wapiti",
        [{"critical": 1, "low": 1, "examined": 14, "authenticated": False}],
    ),
    "dast/nuclei.jsonl": ("dast.nuclei", [{"medium": 1, "info": 1, "examined": None}]),
    "dast/dast.json": ("dast.native", [{"high": 1, "operations": 14, "reached": 8, "authenticated": False}]),
    "live_probe/live-probe.json": ("live_probe.native", [{"made": 2, "held": 1, "examined": 2}]),
}
REFUSED = {name for name, (_, expected) in EXPECTED.items() if not expected}
MODULES = {f"{found.kind}.{found.format}": found.module for found in importers()}


def sample(name: str) -> bytes:
    """Return the bytes of a sample."""
    kind, _, file = name.partition("/")
    return files(f"standfast.evidence.{kind}").joinpath("samples", file).read_bytes()


def said(reading: Reading) -> dict[str, Any]:
    """Return what a reading says, flat."""
    facts = {name.partition(".")[2]: fact.value for name, fact in reading.body.facts().items()}
    return {
        **facts,
        "kind": reading.body.KIND,
        "examined": reading.body.examination.examined,
        "skipped": reading.body.examination.skipped,
        "errors_in_examination": reading.body.examination.errors,
        "disagreements": len(reading.body.disagreements),
    }


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_sample_is_recognised_by_one_importer_only(name: str) -> None:
    """Each sample is recognised by the importer of its format and by no other, of whatever kind."""
    head = look(sample(name))

    assert [found for found, module in MODULES.items() if module.recognise(head)] == [EXPECTED[name][0]]


@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - REFUSED))
def test_sample_gives_the_expected_counts(name: str) -> None:
    """Each sample gives one reading for each kind of evidence it holds, with the counts it holds."""
    module, expected = EXPECTED[name]

    found = [said(reading) for reading in readings(MODULES[module].read(sample(name)))]

    assert [{key: one.get(key) for key in want} for one, want in zip(found, expected, strict=True)] == expected


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_report_of_a_failed_run_is_refused(name: str) -> None:
    """A report that only says that the tool failed, or has lost its findings, is no evidence."""
    with pytest.raises(EvidenceError):
        MODULES[EXPECTED[name][0]].read(sample(name))


@pytest.mark.parametrize("kind", KINDS)
def test_every_sample_is_expected(kind: str) -> None:
    """No sample lies about without an expectation."""
    present = {f"{kind}/{entry.name}" for entry in files(f"standfast.evidence.{kind}").joinpath("samples").iterdir()}

    assert present == {name for name in EXPECTED if name.startswith(f"{kind}/")}
