"""What Bandit says about a password is kept, and the password is not."""

import json

import pytest

from standfast.evidence.code_findings.importers.bandit import read


@pytest.mark.parametrize("test_id", ["B105", "B106", "B107"])
def test_password_does_not_reach_a_finding(test_id: str) -> None:
    """The message of a hard-coded password ends before the password."""
    result = {
        "filename": "app.py",
        "issue_text": "Possible hardcoded password: 'hunter2'",
        "issue_severity": "LOW",
        "test_id": test_id,
        "line_number": 3,
    }
    report = {"errors": [], "metrics": {"app.py": {}}, "results": [result], "generated_at": "2026-03-01T10:00:00Z"}

    (finding,) = read(json.dumps(report).encode()).body.items.listed

    assert finding.message == "Possible hardcoded password"
