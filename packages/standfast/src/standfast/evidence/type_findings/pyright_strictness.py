"""How a project's pyright configuration differs from the strict mode."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from standfast.evidence.runs.tool_tables import table
from standfast.evidence.type_findings.checkers import BASEDPYRIGHT, PYRIGHT
from standfast.evidence.type_findings.schema import Relaxation

_STRICT_MODES = {PYRIGHT: ("strict",), BASEDPYRIGHT: ("strict", "recommended", "all")}
_DEFAULT_MODE = {PYRIGHT: "standard", BASEDPYRIGHT: "recommended"}
_LENIENT = (False, "none", "information", "warning")
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING = re.compile(r",(\s*[}\]])")


def pyright_relaxations(configuration: Mapping[str, bytes], checker: str) -> tuple[Relaxation, ...] | None:
    """Return each setting that is weaker than strict; None where the configuration cannot be read."""
    settings = _settings(configuration, checker)
    return None if settings is None else tuple(_weaker(settings, checker))


def _weaker(settings: Mapping[str, Any], checker: str) -> Iterator[Relaxation]:
    mode = settings.get("typeCheckingMode", _DEFAULT_MODE[checker])
    if mode not in _STRICT_MODES[checker]:
        yield Relaxation(f"typeCheckingMode = {mode}")
    for name in sorted(settings):
        if name.startswith("report") and settings[name] in _LENIENT:
            yield Relaxation(f"{name} = {str(settings[name]).lower()}")
    ignored = settings.get("ignore")
    for path in ignored if isinstance(ignored, list) else ():
        yield Relaxation("ignore", str(path))


def _settings(configuration: Mapping[str, bytes], checker: str) -> Mapping[str, Any] | None:
    # pyrightconfig.json is taken instead of pyproject.toml, not together with it.
    own = configuration.get("pyrightconfig.json")
    if own is None:
        return table(configuration, checker) or table(configuration, PYRIGHT) or {}
    text = _COMMENT.sub(lambda found: found[1] or "", own.decode("utf-8", "replace"))
    try:
        return msgspec.json.decode(_TRAILING.sub(r"\1", text).encode(), type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
