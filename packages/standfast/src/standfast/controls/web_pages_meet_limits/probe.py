"""Decide whether every page loads, reacts and stands still as the limits say."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from standfast.evidence.page_load.schema import PageLoad, PageRun, Throttling
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: times in ms and the shift score at p75; how many loads of a page are needed."""

    max_load_ms: float = 3000
    max_interactive_ms: float = 5000
    max_lcp_ms: float = 2500
    max_cls: float = 0.1
    min_runs: int = 5


def probe(pages: tuple[PageLoad, ...], params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the four figures of each page and form factor against their limits.

    Args:
        pages: All page loads of the subject, from one or many reports.
        params: The limits, from the standard.

    Clause:
        performance_requirements.response_times.web_pages
    """
    by_page: dict[tuple[str, str], list[PageRun]] = defaultdict(list)
    for report in pages:
        for run in report.runs:
            by_page[run.url, run.form_factor].append(run)
    for (url, form_factor), runs in sorted(by_page.items()):
        yield from _page(f"{url} ({form_factor or 'unknown form factor'})", runs, params)


def _page(where: str, runs: list[PageRun], params: Params) -> Iterator[Finding | Measurement | Doubt]:
    if len(runs) < params.min_runs:
        yield Doubt(f"{where} was loaded {len(runs)} times, at least {params.min_runs} are needed")
    modelled = any(run.throttling is Throttling.MODELLED for run in runs)
    for fact, values, bound, unit in (
        ("web.load", [run.load_ms for run in runs], params.max_load_ms, Unit.MS),
        ("web.interactive", [run.interactive_ms for run in runs], params.max_interactive_ms, Unit.MS),
        ("web.lcp", [run.lcp_ms for run in runs], params.max_lcp_ms, Unit.MS),
        ("web.cls", [run.cls for run in runs], params.max_cls, Unit.SCORE),
    ):
        known = sorted(value for value in values if value is not None)
        if len(known) < len(values):
            yield Doubt(f"{where} has no {fact} in {len(values) - len(known)} of {len(values)} loads")
        elif modelled and fact in ("web.lcp", "web.interactive"):
            yield Doubt(f"{fact} of {where} was modelled, not measured; use devtools or no throttling")
        else:
            yield from _figure(where, fact, known[(len(known) * 3 + 3) // 4 - 1], bound, unit)


def _figure(where: str, fact: str, value: float, bound: float, unit: Unit) -> Iterator[Finding | Measurement]:
    measured = Measurement(fact, value, Op.LT, bound, unit)
    yield measured
    if not measured.holds:
        yield Finding(f"{where} reaches {value:g} in {fact} at p75, limit {bound:g}", rule=fact)
