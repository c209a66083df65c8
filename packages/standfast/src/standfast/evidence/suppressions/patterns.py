"""How a comment silences a tool; each pattern is looked for at the start of a comment or after ``#`` or ``//``."""

import re
from typing import NamedTuple


class Pattern(NamedTuple):
    """One form: ``rules`` and ``reason`` are groups of the pattern, where the form has them."""

    tool: str
    pattern: re.Pattern[str]
    whole_file: bool = False


_CODES = r"[A-Z]+[0-9]+(?:[ \t]*[, ][ \t]*[A-Z]+[0-9]+)*"
_NAMES = r"[\w@/.:-]+(?:[ \t]*,[ \t]*[\w@/.:-]+)*"


def _form(tool: str, pattern: str, *, whole_file: bool = False, ignore_case: bool = False) -> Pattern:
    return Pattern(tool, re.compile(pattern, re.IGNORECASE if ignore_case else 0), whole_file)


HASH = (
    _form("ruff", rf"(?:ruff|flake8)[:=][ \t]*noqa(?:[: \t]+(?P<rules>{_CODES}))?", whole_file=True, ignore_case=True),
    _form("ruff", rf"noqa\b(?:[ \t]*:[ \t]*(?P<rules>{_CODES}))?", ignore_case=True),
    _form("bandit", r"nosec\b(?:[: \t]+(?P<rules>B[0-9]{3}(?:[ \t]*[, ][ \t]*B[0-9]{3})*))?"),
    _form("type-checker", r"type:[ \t]*ignore(?:\[(?P<rules>[\w, -]+)\])?"),
    _form("pyright", r"(?:based)?pyright:[ \t]*ignore(?:\[(?P<rules>[\w, -]+)\])?"),
    _form("pyright", r"(?:based)?pyright:[ \t]*(?P<rules>basic|report\w+[ \t]*=[ \t]*(?:false|none))", whole_file=True),
    _form("mypy", r"mypy:[ \t]*(?P<rules>ignore-errors|disable-error-code[^#]*)", whole_file=True),
    _form("type-checker", r"(?:ty|pyre-ignore|pyre-fixme|pyrefly|zuban):?[ \t]*(?:ignore)?(?:\[(?P<rules>[\w, -]+)\])"),
    _form("coverage", r"pragma:[ \t]*no[ \t]*(?:cover|branch)", ignore_case=True),
    _form("pylint", rf"pylint:[ \t]*(?:disable|disable-next)[ \t]*=[ \t]*(?P<rules>{_NAMES})"),
    _form("pylint", r"pylint:[ \t]*skip-file", whole_file=True),
    _form("semgrep", rf"nosemgrep(?:[: \t]+(?P<rules>{_NAMES}))?"),
    _form("formatter", r"(?:fmt|yapf|black):[ \t]*(?:off|skip|disable)"),
    _form("sonar", r"NOSONAR\b"),
)
SLASH = (
    _form("eslint", rf"eslint-disable(?:-next-line|-line)[ \t]*(?P<rules>{_NAMES})?"),
    _form("eslint", rf"eslint-disable\b[ \t]*(?P<rules>{_NAMES})?", whole_file=True),
    _form("ts", r"@ts-(?:ignore|expect-error)\b"),
    _form("ts", r"@ts-nocheck\b", whole_file=True),
    _form("biome", r"biome-ignore[ \t]+(?P<rules>[\w/]+)"),
    _form("coverage", r"(?:istanbul|c8|v8)[ \t]+ignore[ \t]+\w+"),
    _form("formatter", r"prettier-ignore\b"),
    _form("golangci-lint", rf"nolint\b(?::(?P<rules>{_NAMES}))?"),
    _form("gosec", r"#nosec\b(?:[: \t]+(?P<rules>G[0-9]{3}(?:[ \t]*[, ][ \t]*G[0-9]{3})*))?"),
    _form("semgrep", rf"nosemgrep(?:[: \t]+(?P<rules>{_NAMES}))?"),
    _form("sonar", r"NOSONAR\b"),
    _form("pmd", r"NOPMD\b"),
    _form("swiftlint", r"swiftlint:disable(?::\w+)?[ \t]+(?P<rules>\w+)"),
)
QUICK = re.compile(
    rb"(?:#|//|/\*)[^\n]*?(?:noqa|nosec|nosemgrep|type:[ \t]*ignore|pyright:|mypy:|pyre|pragma:|pylint:|fmt:|yapf:|"
    rb"black:|NOSONAR|NOPMD|eslint-disable|@ts-|biome-ignore|prettier-ignore|ignore\[|nolint|"
    rb"(?:istanbul|c8|v8)[ \t]+ignore|swiftlint:)",
    re.IGNORECASE,
)
"""A file in which this is not found holds no suppression."""
