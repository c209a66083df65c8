"""Undecided results by what would decide them."""

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from standfast.model import ControlResult
from standfast.report.parts.text import plural

LATER = "(comes with a later version)"
"""How a command that this version does not have is marked in the text of a control."""

_PRODUCE = "produce the evidence: "
_NO_EVIDENCE = "no evidence of kind "
_PROFILE = re.compile(r"the profile does not say whether `(\w+)` is true")


_UNSAID = "the profile does not say"


class Way(IntEnum):
    """How a result can be decided, in the order of reading.

    Where a later version has the command, an import may serve until then (BY_IMPORT), or nothing does (LATER).
    """

    NOW = 0
    BY_IMPORT = 1
    LATER = 2


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
    if met and _PROFILE.match(met[0]):
        return (_UNSAID,)
    if met or not command:
        return met or result.reasons
    return (LATER,) if command.endswith(LATER) else (command,)


def _step(key: tuple[str, ...], results: tuple[ControlResult, ...]) -> Step:
    if key == (LATER,):
        later = sorted({_command(result).removesuffix(LATER).strip() for result in results})
        return Step(Way.LATER, f"what a later version brings: {', '.join(later)}", results)
    if key == (_UNSAID,):
        flags = sorted({flag for result in results for flag in _PROFILE.findall(" ".join(result.reasons))})
        return Step(Way.NOW, f"write into [profile] of standfast.toml whether there is {', '.join(flags)}", results)
    text = _obstacles(key, results)
    commands = {_command(result) for result in results} - {"", *key}
    if len(commands) == 1:
        text += f"; get it with {commands.pop()}"
    return Step(Way.BY_IMPORT if LATER in text else Way.NOW, text, results)


def _obstacles(key: tuple[str, ...], results: tuple[ControlResult, ...]) -> str:
    """Return what stands in the way: a doubt of the control alone, else what the first two tools said.

    A tool is named where only it said so; further reasons are counted.
    """
    said: dict[str, set[str]] = {}
    for reason in (reason for result in results for reason in result.reasons):
        said.setdefault(_plain(reason), set()).add(reason)
    full = [next(iter(found)) if len(found := said.get(text, {text})) == 1 else text for text in key]
    shown = full[:1] if full[:1] == list(key[:1]) else full[:2]
    more = f" (and {plural(len(key) - len(shown), 'more reason')})" if len(key) > len(shown) else ""
    return "; ".join(shown) + more


def _command(result: ControlResult) -> str:
    made = (change.removeprefix(_PRODUCE) for change in result.smallest_change if change.startswith(_PRODUCE))
    return next(made, "")


def _plain(reason: str) -> str:
    """Return *reason* without the name of the tool that gave it, so that equal reasons of two tools are one."""
    tool, mark, rest = reason.partition(": ")
    return rest if mark and tool and " " not in tool else reason
