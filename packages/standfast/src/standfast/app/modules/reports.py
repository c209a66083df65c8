"""Find the report formats: every module of `standfast.report` that has `FORMAT`."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.resources import files

import msgspec

from standfast.model import UsageError, Verdict


class ReportFormat(msgspec.Struct, frozen=True):
    """One format: its name, the suffix of its files, and what renders it."""

    name: str
    suffix: str
    render: Callable[[Verdict], bytes]


@cache
def module_names() -> tuple[str, ...]:
    """Return the names of the modules that may hold a format."""
    entries = (entry.name for entry in files("standfast.report").iterdir())
    return tuple(sorted(name.removesuffix(".py") for name in entries if name.endswith(".py") and name[0] != "_"))


def formats() -> tuple[ReportFormat, ...]:
    """Return every format, by name."""
    found = (_format_in(name) for name in module_names())
    return tuple(sorted((report for report in found if report is not None), key=lambda report: report.name))


def format_named(name: str) -> ReportFormat:
    """Return the format of that name.

    Raises:
        UsageError: There is none.
    """
    module = name.replace("-", "_")
    report = _format_in(module) if module in module_names() else None
    if report is None:
        known = ", ".join(known.name for known in formats())
        raise UsageError("report-format", f"{name!r} is no report format", hint=f"the formats are {known}")
    return report


def format_for(path: str) -> ReportFormat:
    """Return the format whose suffix *path* ends in, the longest one where several do.

    Raises:
        UsageError: None does, or two formats share it.
    """
    matching = [report for report in formats() if path.endswith(report.suffix)]
    longest = max((len(report.suffix) for report in matching), default=0)
    chosen = [report for report in matching if len(report.suffix) == longest]
    if len(chosen) == 1:
        return chosen[0]
    plain = next((report for report in chosen if path.endswith(f"{report.name}{report.suffix}")), None)
    if plain is None and any(report.name == "json" for report in chosen):
        plain = format_named("json")
    if plain is None:
        raise UsageError(
            "report-format",
            f"the name of {path} does not say which report it is to be",
            hint=f"write --output FORMAT={path}; the formats are {', '.join(known.name for known in formats())}",
        )
    return plain


def _format_in(module: str) -> ReportFormat | None:
    found = import_module(f"standfast.report.{module}")
    name = getattr(found, "FORMAT", None)
    return ReportFormat(name, found.SUFFIX, found.render) if isinstance(name, str) else None
