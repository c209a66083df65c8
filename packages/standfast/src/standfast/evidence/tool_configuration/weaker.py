"""Decide whether a changed setting asks less of its tool."""

import re
from collections.abc import Callable, Iterator, Mapping

from standfast.evidence.tool_configuration.flatten import Flat, entries, flag, flattened, number
from standfast.evidence.type_findings.checkers import BASEDPYRIGHT, PYRIGHT
from standfast.evidence.type_findings.mypy_strictness import configuration_of, relaxations
from standfast.evidence.type_findings.pyright_strictness import pyright_relaxations
from standfast.model import WaiverPolicy

Compare = Callable[[str, object, object], Iterator[str]]


def weakenings(path: str, before: bytes, after: bytes) -> tuple[str, ...]:
    """Return, in sentences, each way in which *after* asks less than *before* of the tools that *path* configures."""
    old, new = flattened(path, before), flattened(path, after)
    # Who begins with Standfast has nothing that could be weakened yet.
    leave = _LEAVE if old else ()
    return (*_by_table(old, new, (*_TABLE, *leave)), *_by_strictness({path: before}, {path: after}))


def _by_table(old: Flat, new: Flat, table: tuple[tuple[re.Pattern[str], Compare], ...]) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        for pattern, compare in table:
            if pattern.fullmatch(name):
                yield from compare(name, old.get(name), new.get(name))
                break


def _by_strictness(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[str]:
    before, after = configuration_of(old), configuration_of(new)
    if before is not None:
        known = {str(one) for one in relaxations(before)}
        if after is None:
            yield "mypy: the configuration is gone"
        else:
            yield from (f"mypy: {one}" for one in relaxations(after) if str(one) not in known)
    if any(name in path for path in old for name in ("pyright", "pyproject")):
        for checker in (PYRIGHT, BASEDPYRIGHT):
            weak = {str(one) for one in pyright_relaxations(old, checker) or ()}
            yield from (f"{checker}: {one}" for one in pyright_relaxations(new, checker) or () if str(one) not in weak)


def _must_not_shrink(name: str, old: object, new: object) -> Iterator[str]:
    was, now = entries(old), entries(new)
    if old is None or "ALL" in now:
        return
    gone = sorted(entry for entry in was if not any(entry.startswith(kept) for kept in now))
    if gone:
        yield f"{name} no longer has {', '.join(gone)}"


def _must_not_grow(name: str, old: object, new: object) -> Iterator[str]:
    added = sorted(entries(new) - entries(old))
    if added:
        yield f"{name} now has {', '.join(added)}"


def _must_not_rise(name: str, old: object, new: object) -> Iterator[str]:
    was, now = number(old), number(new)
    if was is not None and (now is None or now > was):
        yield f"{name} was {was:g}, is {'not set' if now is None else f'{now:g}'}"


def _must_not_fall(name: str, old: object, new: object) -> Iterator[str]:
    was, now = number(old), number(new)
    if was is not None and (now is None or now < was):
        yield f"{name} was {was:g}, is {'not set' if now is None else f'{now:g}'}"


def _must_stay_on(name: str, old: object, new: object) -> Iterator[str]:
    if flag(old) is True and flag(new) is not True:
        yield f"{name} was on and is off"


def _must_stay_off(name: str, old: object, new: object) -> Iterator[str]:
    if flag(old) is not True and flag(new) is True:
        yield f"{name} was off and is on"


def _must_not_be_switched_off(name: str, old: object, new: object) -> Iterator[str]:
    if flag(old) is not False and flag(new) is False:
        yield f"{name} was on and is off"


def _must_not_change(name: str, old: object, new: object) -> Iterator[str]:
    if old != new:
        yield f"{name} was {_shown(old)}, is {_shown(new)}"


def _must_not_come_later(name: str, old: object, new: object) -> Iterator[str]:
    """Compare the last days of a loosening; a loosening that is gone, or ends sooner, asks more."""
    if new is not None and (old is None or str(new) > str(old)):
        yield f"{name} was {_shown(old)}, is {_shown(new)}"


def _no_new_loosening(name: str, old: object, new: object) -> Iterator[str]:
    """Compare overrides of limits: only one that loosens has an end."""
    known = old if isinstance(old, list) else []
    for entry in new if isinstance(new, list) else ():
        if isinstance(entry, dict) and "expires" in entry and entry not in known:
            yield f"{name} loosens {_shown(entry.get('fact'))} until {_shown(entry['expires'])}"


def _cap(name: str, old: object, new: object) -> Iterator[str]:
    usual = WaiverPolicy().cap_days
    was, now = (usual if value is None else number(value) for value in (old, new))
    if was is not None and (now is None or now > was):
        yield f"{name} was {was:g}, is {_shown(new)}"


def _shown(value: object) -> str:
    return "not set" if value is None else str(value)[:200]


def _must_stay(name: str, old: object, new: object) -> Iterator[str]:
    if old is not None and new is None:
        yield f"{name} is gone"


def _options(name: str, old: object, new: object) -> Iterator[str]:
    """Compare pytest's options: what leaves tests out must not come, what is strict must not go."""
    was, now = _words(old), _words(new)
    for word in sorted(now - was):
        if re.match(r"--(?:ignore|ignore-glob|deselect)\b|-k$|-m$|--no-cov\b", word):
            yield f"{name} now has {word}"
    for word in sorted(was - now):
        if re.match(r"--(?:strict|cov-fail-under|cov-branch|cov$|cov=|randomly)", word):
            yield f"{name} no longer has {word}"


def _words(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset(value.split())
    return entries(value)


_TABLE: tuple[tuple[re.Pattern[str], Compare], ...] = tuple(
    (re.compile(pattern), compare)
    for pattern, compare in (
        (r"ruff\.(?:lint\.)?(?:extend-)?select", _must_not_shrink),
        (r"ruff\.(?:lint\.)?(?:extend-)?ignore", _must_not_grow),
        (r"ruff\.(?:lint\.)?(?:extend-)?per-file-ignores\..+", _must_not_grow),
        (r"ruff\.(?:lint\.|format\.)?(?:extend-)?exclude", _must_not_grow),
        (r"ruff\.(?:lint\.)?(?:mccabe|pylint)\.max-.+", _must_not_rise),
        (r"ruff\.(?:lint\.)?flake8-tidy-imports\.banned-api\..+", _must_stay),
        (r"flake8\.(?:extend-)?select", _must_not_shrink),
        (r"flake8\.(?:extend-)?(?:ignore|exclude)|flake8\.per-file-ignores", _must_not_grow),
        (r"flake8\.max-.+", _must_not_rise),
        (r"mypy\.exclude", _must_not_grow),
        (r"mypy\.(?:files|packages|modules)", _must_not_shrink),
        (r"(?:based)?pyright\.(?:exclude|ignore)", _must_not_grow),
        (r"(?:based)?pyright\.(?:include|strict)", _must_not_shrink),
        (r"bandit\.(?:skips|exclude_dirs|exclude)", _must_not_grow),
        (r"bandit\.tests", _must_not_shrink),
        (r"coverage\.run\.omit|coverage\.report\.(?:omit|exclude_lines|exclude_also|partial_branches)", _must_not_grow),
        (r"coverage\.run\.(?:source|source_pkgs|include)", _must_not_shrink),
        (r"coverage\.report\.fail_under", _must_not_fall),
        (r"coverage\.run\.branch", _must_stay_on),
        (r"pytest(?:\.ini_options)?\.addopts", _options),
        (r"pytest(?:\.ini_options)?\.(?:xfail_strict|strict)", _must_stay_on),
        (r"pytest(?:\.ini_options)?\.testpaths", _must_not_shrink),
        (r"tsc\.compilerOptions\.(?:strict|strict\w+|noImplicit\w+|noUnchecked\w+|alwaysStrict)", _must_stay_on),
        (r"tsc\.compilerOptions\.(?:skipLibCheck|allowJs)", _must_stay_off),
        (r"tsc\.exclude", _must_not_grow),
        (r"interrogate\.fail-under", _must_not_fall),
        (r"interrogate\.(?:exclude|ignore-.+)", _must_not_grow),
        (r"standfast\.collect\.[^.]+\.exclude", _must_not_grow),
        (r"standfast\.collect\.[^.]+\.disable_plugins", _must_not_grow),
        (r"standfast\.collect\.mypy\.paths", _must_not_shrink),
        (r"standfast\.collect\.pytest\.args", _options),
        (r"standfast\.collect\.[^.]+\.enabled", _must_not_be_switched_off),
        (r"standfast\.profile\.\w+", _must_stay_on),
    )
)

# What the project's own settings give leave to.
_LEAVE: tuple[tuple[re.Pattern[str], Compare], ...] = tuple(
    (re.compile(pattern), compare)
    for pattern, compare in (
        (r"standfast\.project\.base", _must_not_change),
        (r"standfast\.standard\.(?:use|modules\..+)", _must_not_change),
        (r"standfast\.standard\.override", _no_new_loosening),
        (r"standfast\.controls\.[^.]+\.expires", _must_not_come_later),
        (r"standfast\.freeze", _must_not_shrink),
        (r"standfast\.waivers\.approvers\..+", _must_not_grow),
        (r"standfast\.waivers\.cap_days", _cap),
    )
)
