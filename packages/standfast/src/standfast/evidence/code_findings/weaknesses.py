"""Classes of weaknesses, by the CWE numbers that analysers give their rules, and what reports say about one class."""

from collections.abc import Iterable, Iterator

import msgspec

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.evidence.sarif import Rule
from standfast.model import Doubt, Finding, Severity

_COUNTED = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.UNKNOWN)


class Weakness(msgspec.Struct, frozen=True):
    """A class of weaknesses: its name, its CWE numbers, and rules that belong to it whatever number they carry."""

    name: str
    cwes: frozenset[int]
    rules: frozenset[str] = frozenset()

    def has(self, rule: Rule) -> bool:
        """Return whether *rule* looks for this weakness."""
        return rule.id in self.rules or not self.cwes.isdisjoint(rule.cwes)


SQL_INJECTION = Weakness("SQL built from strings", frozenset({89, 564, 943}))
COMMAND_INJECTION = Weakness(
    "input that is executed, deserialised or used as a path",
    frozenset({22, 23, 35, 73, 77, 78, 88, 90, 91, 94, 95, 96, 98, 434, 502, 611, 643, 827, 918}),
)
OUTPUT_ENCODING = Weakness(
    "output that is not encoded", frozenset({79, 80, 83, 87, 116}), frozenset({"B701", "B702", "B703", "B704", "B308"})
)
WEAK_CRYPTOGRAPHY = Weakness(
    "weak cryptography", frozenset({261, 310, 326, 327, 328, 330, 331, 335, 338, 340, 347, 759, 760, 780, 916, 1240})
)
UNVERIFIED_PEER = Weakness("certificates that are not verified", frozenset({295, 296, 297, 298, 299, 322, 350, 599}))

_OWN_CLASS = OUTPUT_ENCODING.rules
"""Rules that belong to one class only, although their CWE number would put them in another."""


def found_in(weakness: Weakness, reports: Iterable[CodeFindings]) -> Iterator[Finding | Doubt]:
    """Yield each open finding of *weakness* of medium severity or worse; a doubt where nobody looked for it."""
    looked = False
    for report in reports:
        members = _members(weakness, report)
        looked = looked or bool(members)
        for item in report.items.listed:
            if not item.suppressed and item.rule in members and (item.severity or Severity.UNKNOWN) in _COUNTED:
                yield item
        if report.items.unlisted:
            yield Doubt(f"{report.engine} counts {report.items.unlisted} findings that it does not list")
    if not looked:
        yield Doubt(f"no analyser says that it looked for {weakness.name}")


def _members(weakness: Weakness, report: CodeFindings) -> frozenset[str]:
    rules = report.rules or ()
    return frozenset(
        rule.id for rule in rules if weakness.has(rule) and (rule.id in weakness.rules or rule.id not in _OWN_CLASS)
    )
