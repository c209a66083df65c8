"""What static analysis says about one class of weakness, named by its CWE numbers."""

from collections.abc import Iterator

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.model import Doubt, Finding


def weaknesses(reports: tuple[CodeFindings, ...], *cwes: int) -> Iterator[Finding | Doubt]:
    """Yield each open finding of a rule for one of *cwes*; a doubt where no analyser had such a rule on.

    "No finding" by an analyser that does not look for a weakness shows nothing about it.
    """
    wanted = frozenset(cwes)
    looked = False
    for report in reports:
        about = {rule.id for rule in report.rules or () if not wanted.isdisjoint(rule.cwes)}
        looked = looked or bool(about)
        for finding in report.items.listed:
            if finding.rule in about and not finding.suppressed:
                yield finding
        if about and report.items.unlisted:
            yield Doubt(f"{report.engine} counts {report.items.unlisted} findings that it does not list")
    if not looked:
        names = ", ".join(f"CWE-{cwe}" for cwe in cwes)
        yield Doubt(f"no analyser is known to have looked for {names}")
