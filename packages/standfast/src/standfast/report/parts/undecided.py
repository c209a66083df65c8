"""Undecided results by what would decide them."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from standfast.model import ControlResult
from standfast.report.parts.text import plural

LATER = "(comes with a later version)"
"""How a command that this version does not have is marked in the text of a control."""

_PRODUCE = "produce the evidence: "
_NO_EVIDENCE = "no evidence of kind "


class Way(IntEnum):
    """How a result can be decided, in the order of reading."""

    NOW = 0
    LATER = 1


class Step(NamedTuple):
    """What stands in the way of *results*, or the command that decides them."""

    way: Way
    text: str
    results: tuple[ControlResult, ...]


def steps(results: Iterable[ControlResult]) -> tuple[Step, ...]:
    """Return the steps that would decide *results*: those that decide most first, those of a later version last."""
    found: dict[tuple[str, ...], list[ControlResult]] = {}
    for result in results:
        found.setdefault(_key(result), []).append(result)
    made = (_step(key, tuple(waiting)) for key, waiting in found.items())
    return tuple(sorted(made, key=lambda step: (step.way, -len(step.results), step.results[0].control)))


def _key(result: ControlResult) -> tuple[str, ...]:
    """Return the obstacles that were met, else the command that produces what is missing; one key for all of LATER."""
    met = tuple(_plain(reason) for reason in result.reasons if not reason.startswith(_NO_EVIDENCE))
    command = _command(result)
    if met or not command:
        return met or result.reasons
    return (LATER,) if command.endswith(LATER) else (command,)


def _step(key: tuple[str, ...], results: tuple[ControlResult, ...]) -> Step:
    if key == (LATER,):
        later = sorted({_command(result).removesuffix(LATER).strip() for result in results})
        return Step(Way.LATER, f"what a later version brings: {', '.join(later)}", results)
    text = key[0] if key else ""
    if len(key) > 1:
        text += f" (and {plural(len(key) - 1, 'more reason')})"
    commands = {_command(result) for result in results} - {"", *key}
    if len(commands) == 1:
        text += f"; get it with {commands.pop()}"
    return Step(Way.NOW, text, results)


def _command(result: ControlResult) -> str:
    made = (change.removeprefix(_PRODUCE) for change in result.smallest_change if change.startswith(_PRODUCE))
    return next(made, "")


def _plain(reason: str) -> str:
    """Return *reason* without the name of the tool that gave it, so that equal reasons of two tools are one."""
    tool, mark, rest = reason.partition(": ")
    return rest if mark and tool and " " not in tool else reason
