"""Pages as a browser loads them."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Throttling(StrEnum):
    """How a slow network was made: really (``applied``), not at all (``none``), or by a formula (``modelled``)."""

    APPLIED = "applied"
    NONE = "none"
    MODELLED = "modelled"


class PageRun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One load of one page. A value that the browser did not give is None, never 0."""

    url: str
    form_factor: str
    throttling: Throttling
    load_ms: float | None = None
    interactive_ms: float | None = None
    lcp_ms: float | None = None
    cls: float | None = None
    problem: str = ""


class PageLoad(Evidence, frozen=True, kw_only=True):
    """Loads of pages, several of each."""

    KIND: ClassVar[str] = "page_load"
    TITLE: ClassVar[str] = "Loading of pages"
    UNITS: ClassVar[dict[str, Unit]] = {"run_count": Unit.COUNT, "page_count": Unit.COUNT}

    runs: tuple[PageRun, ...]

    @property
    def run_count(self) -> int:
        """How many loads there were."""
        return len(self.runs)

    @property
    def page_count(self) -> int:
        """How many pages were loaded, each form factor counted."""
        return len({(run.url, run.form_factor) for run in self.runs})

    def conflicts_with(self, _other: Evidence) -> tuple[str, ...]:
        """Return nothing: two loads of a page rightly differ."""
        return ()
