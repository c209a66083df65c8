"""The summary of a GitHub workflow step: the comment's Markdown with more room."""

from standfast.model import Verdict
from standfast.report import markdown

FORMAT = "step-summary"
SUFFIX = ".summary.md"

SUMMARY_BYTES = 1_000_000
"""A step may write 1 MiB; GitHub drops the whole summary beyond that."""

LISTED = 50


def render(verdict: Verdict) -> bytes:
    """Return the summary, below 1 MiB whatever the verdict holds."""
    return markdown.within(verdict, limit=SUMMARY_BYTES, listed=LISTED)
