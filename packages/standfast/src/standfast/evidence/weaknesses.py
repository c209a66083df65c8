"""What static analysis says about one class of weakness, named by its CWE numbers."""

from collections.abc import Iterator

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.model import Doubt, Finding, Severity

_LENIENT = (Severity.LOW, Severity.INFO)


def weaknesses(reports: tuple[CodeFindings, ...], *cwes: int, low_too: bool = False) -> Iterator[Finding | Doubt]:
    """Yield each open finding of a rule for one of *cwes* that is of medium severity, worse, or not rated.

    Most of what analysers call low is a reminder ("a process is started here"); where it is not, *low_too* counts it.
    A doubt says that no analyser had such a rule on: "no finding" by one that does not look shows nothing.
    """
    wanted = frozenset(cwes)
    passed_over = () if low_too else _LENIENT
    looked = False
    for report in reports:
        active = {rule.id for rule in report.rules or () if not wanted.isdisjoint(rule.cwes)}
        about = active | {rule.id for rule in report.seen if not wanted.isdisjoint(rule.cwes)}
        looked = looked or bool(active)
        for finding in report.items.listed:
            if finding.rule in about and not finding.suppressed and finding.severity not in passed_over:
                yield finding
        if report.items.unlisted:
            yield Doubt(f"{report.engine} counts {report.items.unlisted} findings that it does not list")
    if not looked:
        names = ", ".join(f"CWE-{cwe}" for cwe in cwes)
        yield Doubt(f"no analyser is known to have looked for {names}")
