"""Join what scanners found with what is said about it: which vulnerabilities stay open, and why."""

from collections.abc import Iterable, Iterator

import msgspec

from standfast.evidence.vex.schema import Vex, VexEntry, VexStatus, latest
from standfast.evidence.vulnerabilities.entry import Vulnerability, merged
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.model import Finding, Severity


class Triaged(msgspec.Struct, frozen=True):
    """A vulnerability that any scanner found, and the statement that counts for it, if there is one."""

    vulnerability: Vulnerability
    statement: VexEntry | None

    @property
    def severity(self) -> Severity:
        """The severity: what a scanner knows, else what the statement rates it."""
        known = self.vulnerability.severity
        rated = self.statement.severity if self.statement else None
        return rated if known is Severity.UNKNOWN and rated is not None else known

    @property
    def excused(self) -> bool:
        """Whether a justified statement says that it does not affect the product."""
        return self.statement is not None and not tuple(self.statement.flaws())

    @property
    def planned(self) -> bool:
        """Whether a statement says that it affects the product and what is done about it."""
        entry = self.statement
        return entry is not None and entry.status is VexStatus.AFFECTED and bool(entry.action and entry.author)

    def finding(self) -> Finding:
        """Return the finding, with why the statement about it, if any, does not excuse it."""
        flaws = tuple(self.statement.flaws()) if self.statement else ()
        ignored = self.vulnerability.suppressed
        if flaws:
            reason = f"a statement about it does not count: {'; '.join(flaws)}"
        else:
            reason = f"the scanner was told to ignore it, which is no statement: {ignored}" if ignored else ""
        found = self.vulnerability.finding(reason=reason)
        return msgspec.structs.replace(found, severity=self.severity, suppressed="")


def triaged(scans: Iterable[Vulnerabilities], documents: Iterable[Vex] | None) -> tuple[Triaged, ...]:
    """Return every vulnerability that any of *scans* found, also what a scanner was told to ignore.

    Those that share an id in one package are one, with the worst severity that any scanner knows.
    """
    statements = tuple(documents or ())
    entries = merged(entry for scan in scans for entry in scan.entries)
    return tuple(Triaged(entry, latest(statements, entry.ids, entry.package)) for entry in entries)


def open_at(
    scans: tuple[Vulnerabilities, ...], documents: tuple[Vex, ...] | None, *severities: Severity
) -> Iterator[Triaged]:
    """Yield what is open (not excused) at one of *severities*."""
    yield from (one for one in triaged(scans, documents) if one.severity in severities and not one.excused)


def uncounted(scans: Iterable[Vulnerabilities], *severities: Severity) -> Iterator[Finding]:
    """Yield a finding for each report that declares more of *severities* than it lists."""
    for scan in scans:
        for severity in severities:
            listed = sum(1 for one in scan.entries if one.severity is severity and not one.suppressed)
            declared = int(getattr(scan, str(severity)))
            if declared > listed:
                yield Finding(
                    f"a report declares {declared} {severity} and lists {listed}", rule="vulnerabilities.unlisted"
                )
