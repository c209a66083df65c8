"""Options that every judging command has, and the one way to run the pipeline from the command line."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from standfast.app.clock import now
from standfast.app.collecting.progress import progress_for
from standfast.app.pipeline import Report, Request, run
from standfast.app.repository.project import find_root
from standfast.model import UsageError

_F = TypeVar("_F", bound=Callable[..., Any])

_YEARS = range(1970, 3000)


class Moment(click.ParamType[datetime]):
    """A point in time: ISO 8601; without an offset it is UTC, without a time it is the start of the day.

    Years that no calculation with days may leave (`_YEARS`) are refused.
    """

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-03-01 or 2026-03-01T12:00:00Z", param, ctx)
        if found.year not in _YEARS:
            self.fail(f"{value!r} is not in the years {_YEARS.start} to {_YEARS.stop - 1}", param, ctx)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _standard(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    # a file is meant as the shell sees it; a name stays a name
    return str(Path(value).resolve()) if value is not None and Path(value).is_file() else value


_OPTIONS = (
    click.option(
        "--root",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="The project's folder; by default the nearest one upwards with standfast.toml.",
    ),
    click.option(
        "--standard", metavar="FILE|NAME", callback=_standard, help="Judge by another standard than the settings name."
    ),
    click.option("--at", type=Moment(), help="Decide as of this moment instead of now (UTC)."),
    click.option("--base", metavar="REV", help="Compare with the point where this work left REV."),
)


def judging_options(function: _F) -> _F:
    """Return *function* with the options root, standard, at and base."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def project_root(root: Path | None) -> Path:
    """Return the folder that is meant: the one that was named, or the nearest one upwards with settings."""
    return (root or find_root(Path.cwd())).resolve()


def run_pipeline(request: Request) -> Report:
    """Return what the pipeline decides for *request*, with progress on standard error.

    Raises:
        UsageError: The moment asked for lies in the future of a run that collects evidence.
    """
    moment = now()
    if request.collecting and request.at is not None and request.at > moment:
        raise UsageError(
            "at-future",
            f"{request.at:%Y-%m-%d %H:%M} lies in the future, and evidence is collected now",
            hint="add --no-collect, or use `standfast forecast`",
        )
    return run(request, clock=now, progress=progress_for())
