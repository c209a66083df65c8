"""GitHub workflow commands: annotations on the lines of the change.

GitHub shows ten annotations of a type for one step and drops the rest without a word; the tenth says what is dropped.
"""

from collections.abc import Iterator
from itertools import zip_longest

from standfast.model import ControlResult, Finding, Status, Verdict
from standfast.report.parts.order import closed_without_reason, ordered
from standfast.report.parts.reason import headline, more, total
from standfast.report.parts.text import clean, cut, plural

FORMAT = "github"
SUFFIX = ".github.txt"

SHOWN_PER_TYPE = 10
MESSAGE = 500

_COMMANDS = {
    "error": (Status.FAIL, Status.ERROR, Status.UNKNOWN),
    "warning": (Status.WARN,),
    "notice": (Status.WAIVED,),
}


def render(verdict: Verdict) -> bytes:
    """Return one command per line; there is an error exactly where the verdict does not open."""
    rows = [row for command in _COMMANDS for row in _of_type(verdict, command)]
    return "".join(f"{row}\n" for row in rows).encode()


def _of_type(verdict: Verdict, command: str) -> Iterator[str]:
    results = [result for result in ordered(verdict.results) if result.status in _COMMANDS[command]]
    bare = closed_without_reason(verdict) if command == "error" else ()
    count = sum(_weight(result) for result in results) + len(bare)
    shown = SHOWN_PER_TYPE if count <= SHOWN_PER_TYPE else SHOWN_PER_TYPE - 1
    left = shown
    for gate, sentence in bare[:shown]:
        yield _command(command, {"title": f"gate {gate}"}, sentence)
        left -= 1
    for result, finding in _spread(results, left):
        yield _annotation(command, result, finding)
    if count > shown:
        text = f"{plural(count - shown, 'more ' + command)} not annotated: a step shows {SHOWN_PER_TYPE} of a type"
        yield _command(command, {"title": "standfast"}, f"{text}; the step summary and the report have all")


def _weight(result: ControlResult) -> int:
    return max(total(result), 1)


def _spread(results: list[ControlResult], limit: int) -> Iterator[tuple[ControlResult, Finding | None]]:
    """Yield the first finding of every control, then the second of each, and so on."""
    columns = [[(result, finding) for finding in result.findings[:limit] or (None,)] for result in results[:limit]]
    found = (pair for row in zip_longest(*columns) for pair in row if pair is not None)
    for _, pair in zip(range(limit), found, strict=False):
        yield pair


def _annotation(command: str, result: ControlResult, finding: Finding | None) -> str:
    properties = {}
    message = headline(result)
    if finding is not None:
        message = f"{finding.rule}: {finding.message}" if finding.rule else finding.message
        if finding.location is not None:
            properties["file"] = finding.location.path
            if finding.location.line > 0:
                properties["line"] = str(finding.location.line)
            if finding.location.line > 0 and finding.location.column > 0:
                properties["col"] = str(finding.location.column)
    properties["title"] = f"{result.control} ({result.status})"
    return _command(command, properties, f"{cut(clean(message), MESSAGE)}\n{more(result)}")


def _command(command: str, properties: dict[str, str], message: str) -> str:
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {written}::{_data(message)}"


def _data(text: str) -> str:
    lines = "\n".join(clean(line) for line in text.split("\n"))
    return lines.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")
