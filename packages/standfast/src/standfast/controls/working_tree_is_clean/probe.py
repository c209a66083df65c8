"""Decide whether the subject is exactly a commit."""

from collections.abc import Iterator

from standfast.model import Doubt, Finding, Subject


def probe(subject: Subject) -> Iterator[Finding | Doubt]:
    """Yield a finding where the working copy differs from its commit, a doubt where there is no commit.

    Args:
        subject: What is decided.

    Clause:
        deployment_process.quality_verification.pre_deployment
    """
    if subject.commit is None:
        yield Doubt("the project is not under version control, so nobody can say what changed")
    elif subject.dirty:
        yield Finding(f"the working copy differs from commit {subject.commit:.12}", rule="dirty-tree")
