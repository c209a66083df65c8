"""Every kind of attestation that a control asks for is in the how-to."""

import re
from pathlib import Path

from standfast.app.modules.discovery import bundled_controls

PAGE = (Path(__file__).parents[2] / "docs/how-to/record-an-attestation.md").read_text()


def test_kinds_that_controls_ask_for_are_documented() -> None:
    """A kind that a control names as its evidence, or in its remediation, has a row that names it."""
    asked = {
        kind
        for control in bundled_controls()
        for text in (control.spec.evidence_from, control.spec.remediation)
        for found in re.findall(r'kind = "(\w+)"|of kind `(\w+)`', text)
        for kind in found
        if kind
    }
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))

    assert len(asked) > 10
    assert [kind for kind in sorted(asked) if f"`{kind}`" not in rows] == []
