"""What static analysis says about one class of weakness, named by its CWE numbers."""

from collections.abc import Iterator

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.evidence.formats.sarif import Rule
from standfast.model import Doubt, Finding, Severity

_LENIENT = (Severity.LOW, Severity.INFO)


def weaknesses(reports: tuple[CodeFindings, ...], *cwes: int, low_too: bool = False) -> Iterator[Finding | Doubt]:
    """Yield each open finding of a rule for one of *cwes* that is of medium severity, worse, or not rated.

    Most of what analysers call low is a reminder ("a process is started here"); where it is not, *low_too* counts it.
    A doubt says that no analyser had such a rule on: "no finding" by one that does not look shows nothing.
    """
    passed_over = () if low_too else _LENIENT
    looked = False
    for report in reports:
        active = _rules_for(cwes, report.rules or ())
        about = active | _rules_for(cwes, report.seen)
        looked = looked or bool(active)
        yield from (one for one in _open(report) if one.rule in about and one.severity not in passed_over)
        if report.items.unlisted:
            yield Doubt(f"{report.engine} counts {report.items.unlisted} findings that it does not list")
    if not looked:
        names = ", ".join(f"CWE-{cwe}" for cwe in cwes)
        yield Doubt(f"no analyser is known to have looked for {names}")


def _rules_for(cwes: tuple[int, ...], rules: tuple[Rule, ...]) -> frozenset[str]:
    return frozenset(rule.id for rule in rules if not set(cwes).isdisjoint(rule.cwes))


def _open(report: CodeFindings) -> Iterator[Finding]:
    return (finding for finding in report.items.listed if not finding.suppressed)
