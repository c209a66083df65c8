"""Decide whether a changed setting asks less of its tool."""

import re
from collections.abc import Callable, Iterator, Mapping

from standfast.evidence.tool_configuration.flatten import Flat, entries, flag, flattened, number
from standfast.evidence.type_findings.checkers import BASEDPYRIGHT, PYRIGHT
from standfast.evidence.type_findings.mypy_strictness import configuration_of, relaxations
from standfast.evidence.type_findings.pyright_strictness import pyright_relaxations

Compare = Callable[[str, object, object], Iterator[str]]


def weakenings(path: str, before: bytes, after: bytes) -> tuple[str, ...]:
    """Return, in sentences, each way in which *after* asks less than *before* of the tools that *path* configures."""
    old, new = flattened(path, before), flattened(path, after)
    return (*_by_table(old, new), *_by_strictness({path: before}, {path: after}))


def _by_table(old: Flat, new: Flat) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        for pattern, compare in _TABLE:
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
        (r"standfast\.profile\.\w+", _must_stay_on),
    )
)
