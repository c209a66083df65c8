"""Every command of Standfast that a text names exists, or is marked as coming with a later version."""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import click
import pytest

from standfast.app.modules.discovery import bundled_controls
from standfast.app.modules.evidence_modules import importers
from standfast.app.written.standards import project_standard
from standfast.cli.main import cli
from standfast.gates.bind import bind

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "packages/standfast/src/standfast"
LATER = "(comes with a later version)"
_WORD = r"[^\s`;&|<>()\"']+"
_COMMAND = re.compile(rf"(?<![\w./$-])standfast ({_WORD}(?: {_WORD})*)([`\"]?(?: \+ )? {re.escape(LATER)})?")
_QUOTED = re.compile(rf"`[^`\n]*`(?: {re.escape(LATER)})?")
_FENCED = re.compile(r"^```(console|yaml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PAGE = re.compile(r"docs/(?:how-to|reference|tutorials|explanation)/[\w./-]+\.md")


def pages() -> Iterator[Path]:
    """Yield every document of the repository."""
    yield from ROOT.glob("*.md")
    yield from (ROOT / "docs").rglob("*.md")


def texts_of_controls() -> Iterator[tuple[str, str]]:
    """Yield what each control says: its command as it stands, and what its sentences quote."""
    for path in sorted(SOURCE.glob("controls/*/control.toml")):
        table = tomllib.loads(path.read_text())
        yield path.parent.name, table.get("evidence_from", "")
        for key in ("title", "why", "remediation"):
            yield from ((path.parent.name, quote) for quote in _QUOTED.findall(table[key]))


def texts_of_reports() -> Iterator[tuple[str, str]]:
    """Yield the command that each importer gives for its report."""
    for found in importers():
        yield from ((found.module.FORMAT.name, line) for line in found.module.FORMAT.produced_with.values())


def texts_of_pages() -> Iterator[tuple[str, str]]:
    """Yield what each document quotes, and the commands of its blocks."""
    for path in pages():
        text = path.read_text()
        where = str(path.relative_to(ROOT))
        for language, body in _FENCED.findall(text):
            lines = body.splitlines()
            yield from ((where, line) for line in lines if language == "yaml" or line.startswith("$ "))
        yield from ((where, quote) for quote in _QUOTED.findall(_FENCED.sub("", text)) if "<!--" not in quote)


def texts_of_messages() -> Iterator[tuple[str, str]]:
    """Yield every quotation in a string of the program, and every string that is a command."""
    for path in sorted(SOURCE.rglob("*.py")):
        where = str(path.relative_to(SOURCE))
        for text in _strings(ast.parse(path.read_text())):
            yield from ((where, quote) for quote in _QUOTED.findall(text))
            if text.startswith("standfast ") and not text.startswith("standfast X"):
                yield where, text


def _strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
            yield "".join(parts)


@cache
def selectable() -> frozenset[str]:
    """Return every gate, phase and control."""
    standard = project_standard(ROOT, "production", now=datetime(2026, 3, 1, tzinfo=UTC))
    bound = bind(standard, bundled_controls())
    return frozenset({*bound.gates, *(control.id for control in bundled_controls())})


def fault(words: list[str]) -> str:
    """Return what is wrong with the command ``standfast`` *words*; empty where it exists with its options."""
    context = click.Context(cli, info_name="standfast")
    command: click.Command = cli
    called, arguments = "standfast", []
    for word in words:
        if word.startswith("-"):
            known = {option for param in command.get_params(context) for option in (*param.opts, *param.secondary_opts)}
            if word.partition("=")[0] not in known:
                return f"{called} has no option {word}"
        elif isinstance(command, click.Group):
            inner = command.get_command(context, word)
            if inner is None:
                return f"{called} has no command {word}"
            command, called = inner, word
        else:
            arguments.append(word)
    return _fault_of_names(arguments) if called in ("gate", "explain", "forecast") else ""


def _fault_of_names(arguments: list[str]) -> str:
    names = (word for word in arguments if re.fullmatch(r"[a-z]+([_-][a-z0-9]+)+", word))
    return ", ".join(f"{name} is no gate, phase or control" for name in names if name not in selectable())


def faults(texts: Iterator[tuple[str, str]]) -> list[str]:
    """Return each command that is named and does not exist, with where it is named."""
    found = []
    for where, text in texts:
        for words, later in _COMMAND.findall(text):
            wrong = fault([word.rstrip(".,:") for word in words.split(" ")])
            if bool(wrong) != bool(later):
                found.append(f"{where}: `standfast {words}`: {wrong or 'exists, and is marked as coming later'}")
    return found


@pytest.mark.parametrize(
    "texts",
    [texts_of_controls, texts_of_reports, texts_of_pages, texts_of_messages],
    ids=["controls", "reports", "pages", "messages"],
)
def test_commands_exist_or_come_later(texts: type) -> None:
    """A command that is quoted exists with its options, or is marked as coming with a later version; never both."""
    assert faults(texts()) == []


def test_missing_command_and_option_are_found() -> None:
    """A command, an option and a control that do not exist are told apart from those that do."""
    texts = ["standfast load run", "standfast gate --loud", "standfast explain no-such-control", "standfast doctor"]

    assert [fault(text.split()[1:]) for text in texts] == [
        "standfast has no command load",
        "gate has no option --loud",
        "no-such-control is no gate, phase or control",
        "",
    ]


def test_documents_that_texts_name_are_there() -> None:
    """A page of the documentation that a control, a message or another page names is in the repository."""
    sources = [*pages(), *SOURCE.rglob("*.py"), *SOURCE.glob("controls/*/control.toml")]
    named = {(page, str(path.relative_to(ROOT))) for path in sources for page in _PAGE.findall(path.read_text())}

    assert [pair for pair in sorted(named) if not (ROOT / pair[0]).is_file()] == []
