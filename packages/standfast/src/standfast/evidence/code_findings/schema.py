"""Weaknesses that static analysis found in the project's own code."""

from typing import ClassVar

from standfast.evidence.formats.sarif import Rule
from standfast.evidence.wording.severity import Graded
from standfast.model import Unit


class CodeFindings(Graded, frozen=True, kw_only=True):
    """What one static analyser found, one item per place.

    ``rules`` are those that the analyser looked with; None where the report does not say: then it cannot prove that
    a certain weakness is absent. ``seen`` are rules that are known by their findings alone.
    """

    KIND: ClassVar[str] = "code_findings"
    TITLE: ClassVar[str] = "Weaknesses in the code"
    UNITS: ClassVar[dict[str, Unit]] = {**Graded.UNITS, "rule_count": Unit.COUNT}

    engine: str
    rules: tuple[Rule, ...] | None = None
    seen: tuple[Rule, ...] = ()

    @property
    def rule_count(self) -> int | None:
        """How many rules the analyser looked with; None where the report does not say."""
        return None if self.rules is None else len(self.rules)
