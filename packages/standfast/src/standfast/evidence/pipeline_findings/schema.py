"""Weak settings in pipeline definitions: unpinned actions, injected templates, broad permissions."""

from typing import ClassVar

from standfast.evidence.wording.severity import Graded


class PipelineFindings(Graded, frozen=True, kw_only=True):
    """What a scanner of pipeline definitions (zizmor, actionlint) found, one item per place."""

    KIND: ClassVar[str] = "pipeline_findings"
    TITLE: ClassVar[str] = "Pipeline definitions"
