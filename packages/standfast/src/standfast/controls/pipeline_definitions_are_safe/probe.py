"""Decide whether the pipeline definitions can be abused."""

from collections.abc import Iterator

from standfast.evidence.pipeline_findings.schema import PipelineFindings
from standfast.evidence.repository.schema import Repository
from standfast.model import Doubt, Finding, Severity

SEVERE = (Severity.CRITICAL, Severity.HIGH, Severity.UNKNOWN)
"""A finding that the scanner does not rate counts as severe until it is triaged."""

WORKFLOWS = (".github/workflows/", ".gitlab-ci.yml", ".circleci/", "azure-pipelines", "bitbucket-pipelines")


def probe(repository: Repository, reports: tuple[PipelineFindings, ...] | None) -> Iterator[Finding | Doubt]:
    """Yield each severe finding; where there are pipeline definitions and no report on them, a doubt.

    Args:
        repository: Which pipeline definitions there are.
        reports: What every scanner of such definitions found.

    Clause:
        deployment_process.quality_verification.pre_deployment
    """
    defined = [path for path in repository.pipelines if any(mark in path for mark in WORKFLOWS)]
    if defined and not reports:
        yield Doubt(f"{len(defined)} pipeline definitions were not looked at ({defined[0]})")
    for report in reports or ():
        yield from report.unsuppressed(*SEVERE)
