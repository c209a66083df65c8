"""Decide whether the evidence is tied to the commit that is decided."""

from collections.abc import Iterator

from standfast.model import Doubt, Finding, Statement, Subject


def probe(statements: tuple[Statement, ...], subject: Subject) -> Iterator[Finding | Doubt]:
    """Yield one finding per statement about another commit, and a doubt where the commit is not known.

    Args:
        statements: All evidence about the subject.
        subject: What is decided.

    Clause:
        session_integration.compliance_tracking.quality_evidence
    """
    if not statements:
        yield Doubt("there is no evidence")
    if subject.commit is None:
        yield Doubt("the project has no commit that evidence could be about")
        return
    for statement in statements:
        if statement.subject.commit != subject.commit:
            found = statement.subject.commit or "no commit"
            said = f"evidence from {statement.producer.tool} is about {found:.12}, not about {subject.commit:.12}"
            yield Finding(said, rule=f"other-commit.{statement.kind}")
