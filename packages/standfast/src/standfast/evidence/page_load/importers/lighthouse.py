"""Read one Lighthouse report (versions 9 to 13); several reports of a page make up its measurements."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.page_load.schema import PageLoad, PageRun, Throttling
from standfast.evidence.wording.moments import moment
from standfast.model import Examination

FORMAT = Format(
    name="lighthouse",
    title="Lighthouse JSON",
    produced_with={
        "Web pages": "npx lighthouse URL --throttling-method=devtools --output=json --output-path=page-1.json"
    },
)

_THROTTLING = {"simulate": Throttling.MODELLED, "devtools": Throttling.APPLIED, "provided": Throttling.NONE}


class _Error(msgspec.Struct, frozen=True):
    code: str = ""
    message: str = ""


class _Observed(msgspec.Struct, rename="camel", frozen=True):
    observed_load: float | None = None


class _Details(msgspec.Struct, frozen=True):
    items: tuple[_Observed, ...] = ()


class _Audit(msgspec.Struct, rename="camel", frozen=True):
    numeric_value: float | None = None
    details: msgspec.Raw = msgspec.Raw(b"null")


class _Settings(msgspec.Struct, rename="camel", frozen=True):
    form_factor: str = ""
    throttling_method: str = ""


class _Report(msgspec.Struct, rename="camel"):
    lighthouse_version: str
    audits: dict[str, _Audit]
    config_settings: _Settings = _Settings()
    requested_url: str = ""
    final_displayed_url: str = ""
    final_url: str = ""
    fetch_time: str = ""
    runtime_error: _Error | None = None


def recognise(head: Head) -> bool:
    """Return whether the top object names a Lighthouse version."""
    return head.shape == "object" and {"lighthouseVersion", "audits"} <= head.keys


def read(data: bytes) -> Reading:
    """Return one load of one page; a value that is missing is not zero."""
    report = decode_report(data, _Report, "a Lighthouse report")
    run = _run(report)
    body = PageLoad(examination=Examination("page loads", 0 if run.problem else 1), runs=(run,))
    return Reading(
        body=body,
        tool="lighthouse",
        version=report.lighthouse_version,
        produced_at=moment(report.fetch_time),
        problems=(run.problem,) if run.problem else (),
    )


def _run(report: _Report) -> PageRun:
    final = report.final_displayed_url or report.final_url
    problem = ""
    if report.runtime_error is not None and report.runtime_error.code not in ("", "NO_ERROR"):
        problem = f"the page could not be measured: {report.runtime_error.code}: {report.runtime_error.message:.200}"
    elif final and report.requested_url and final.rstrip("/") != report.requested_url.rstrip("/"):
        problem = f"{report.requested_url} led to {final}, which is what was measured"
    return PageRun(
        url=report.requested_url or final,
        form_factor=report.config_settings.form_factor,
        throttling=_THROTTLING.get(report.config_settings.throttling_method, Throttling.MODELLED),
        load_ms=_observed_load(report.audits.get("metrics")),
        interactive_ms=_value(report, "interactive"),
        lcp_ms=_value(report, "largest-contentful-paint"),
        cls=_value(report, "cumulative-layout-shift"),
        problem=problem,
    )


def _value(report: _Report, audit: str) -> float | None:
    found = report.audits.get(audit)
    return found.numeric_value if found is not None else None


def _observed_load(metrics: _Audit | None) -> float | None:
    if metrics is None:
        return None
    try:
        details = msgspec.json.decode(metrics.details, type=_Details | None)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return details.items[0].observed_load if details is not None and details.items else None
