"""Statements about people, places and operation do not grow old with the code."""

from importlib.resources import files
from pathlib import Path

import pytest
from fake_tools import repository

from standfast.app.collecting.importing import import_reports
from standfast.app.modules.evidence_modules import kind_types
from standfast.app.repository.subject import working_subject
from standfast.app.storage.store import Store

STANDING = {
    *("access_reviews", "key_management", "log_retention", "production_changes", "reconciliations"),
    *("storage_encryption", "tls_scan", "vex"),
    *("attestations", "deployments", "environments", "ledger_records", "monitoring_status", "restore_drill"),
}


def sample(kind: str, name: str, folder: Path) -> Path:
    """Return a copy of a sample, which was made long ago."""
    path = folder / name
    path.write_bytes(files(f"standfast.evidence.{kind}").joinpath("samples", name).read_bytes())
    return path


def test_kinds_that_stand_are_few_and_named() -> None:
    """Whatever is about the content must be made from it; only these kinds are about something else."""
    assert {kind for kind, schema in kind_types().items() if schema.STANDING} == STANDING


@pytest.mark.parametrize(
    ("kind", "name", "problems"),
    [
        ("vex", "openvex-0.0.1.json", 0),
        ("access_reviews", "access-reviews.json", 0),
        ("infrastructure", "kube-linter.json", 1),
    ],
)
def test_old_statement_is_taken_and_an_old_report_is_not(tmp_path: Path, kind: str, name: str, problems: int) -> None:
    """A VEX document may be older than the newest file; a scan of files may not."""
    root = repository(tmp_path / "project")

    (imported,) = import_reports((sample(kind, name, tmp_path),), working_subject(root), Store(root))

    assert [len(statement.problems) for statement in imported.statements] == [problems]
