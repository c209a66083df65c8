"""Differences that git prints hold names and lines that are not UTF-8."""

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from standfast.evidence.changed_lines.diff import parse_diff
from standfast.model import EvidenceError

DIFF = b"diff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n@@ -0,0 +1 @@\n+it('%s', x)\n"


@given(st.binary(max_size=12))
@example(b"test_\xdc.js")
def test_any_name_and_line_can_be_stored(name: bytes) -> None:
    """Whatever the bytes of a name or a line are, what is read of them can be written as JSON, or is refused."""
    try:
        files = parse_diff(DIFF % (name, name, name, name, name))
    except EvidenceError:
        return

    for file in files:
        assert msgspec.json.encode((file.path, file.added_tests, file.removed_tests))
