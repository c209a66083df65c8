"""Write the first ``standfast.toml``: what was found, what it means, and what only a person can say."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from standfast.app.repository.stack import Found, Stack

RUN = {"Python": "pytest", "JavaScript": "eslint"}
"""The languages whose tools Standfast runs, each with one of them."""


class _Flag(NamedTuple):
    """A profile flag: its value if it is known, and why."""

    name: str
    value: bool | None
    why: str


def first_settings(name: str, stack: Stack) -> str:
    """Return the commented text of the first settings of the project *name* that is made of *stack*.

    A flag that no file can settle stands as a comment that begins with ``# unsure:``; until a person writes it, every
    control that depends on it is unknown.
    """
    return "\n".join((*_head(name, stack), *_profile(stack), *_tail(stack), ""))


def _head(name: str, stack: Stack) -> Iterator[str]:
    yield "# What this project is. Standfast decides by this file which controls apply; an unknown key is an error."
    yield "# Every key is in docs/reference/settings.md of Standfast."
    for title, found in (("languages", stack.languages), ("packages come with", stack.managers)):
        if found:
            yield f"# {title}: {', '.join(f'{one.what} ({one.where})' for one in found)}"
    if not stack.languages:
        yield "# unsure: no manifest of a known language was found, so tools may have nothing to look at"
    for path in stack.unreadable:
        yield f"# unsure: {path} could not be read, so what it depends on is not counted here"
    nested = sorted({one.where for one in stack.languages if "/" in one.where})
    if nested:
        yield f"# unsure: {', '.join(nested)} may be a project of its own; then it wants its own standfast.toml"
    yield "[project]"
    yield f"name = {_quoted(name)}"
    if stack.web:
        yield f"service = {_quoted(name)}  # evidence about another service does not count"
    yield ""


def _profile(stack: Stack) -> Iterator[str]:
    yield "[profile]"
    for flag in _flags(stack):
        if flag.value is None:
            yield f"# unsure: {flag.name}: {flag.why}"
            yield f"# {flag.name} = true"
        else:
            yield f"{flag.name} = {str(flag.value).lower()}  # {flag.why}"
    if stack.critical:
        yield "# unsure: critical_paths: these names look as if money or access depended on them; keep what is true"
        yield f"# critical_paths = [{', '.join(_quoted(one.where) for one in stack.critical)}]"
    else:
        yield "# unsure: critical_paths: name the files that must be covered to 100 %"
        yield '# critical_paths = ["src/..."]'
    yield ""


def _flags(stack: Stack) -> Iterator[_Flag]:
    yield _service(stack)
    yield _library(stack)
    yield _seen("api", (*stack.descriptions, *stack.web), "no web framework and no API description")
    yield _seen("web_pages", stack.pages, "no templates, no front-end framework, no HTML in the code")
    yield _seen_or_asked("database", stack.databases, "no driver and no SQL was found; is there a database?")
    yield _seen_or_asked("external_services", stack.clients, "no client was found; does it call other services?")
    yield _seen("container", stack.images, "no Dockerfile")
    yield _seen("infrastructure", stack.infrastructure, "no infrastructure files")
    yield _seen_or_asked("authentication", stack.authentication, "no sign of it was found; does anybody sign in?")
    yield _asked("personal_data", stack.personal, "are names, addresses or the like stored or logged?")
    cards = (*stack.cards, *stack.payments)
    yield _asked("card_data", cards, "do card numbers reach this code, or only tokens of them?")
    yield _asked("financial_reporting", stack.books, "do numbers of this system enter the books of a company?")


def _seen_or_asked(name: str, found: tuple[Found, ...], question: str) -> _Flag:
    """Return a flag that signs can make true; without a sign only a person can say that it is false."""
    return _seen(name, found, "") if found else _Flag(name, None, question)


def _asked(name: str, found: tuple[Found, ...], question: str) -> _Flag:
    """Return a flag that only a person can settle, with the sign that may help."""
    sign = f" ({found[0].what} in {found[0].where})" if found else ""
    return _Flag(name, None, f"{question}{sign}")


def _seen(name: str, found: tuple[Found, ...], otherwise: str) -> _Flag:
    if found:
        return _Flag(name, True, f"{found[0].what} in {found[0].where}")
    return _Flag(name, False, otherwise)


def _service(stack: Stack) -> _Flag:
    if stack.web or stack.images or stack.packages:
        return _seen("service", (*stack.web, *stack.images), "no web framework and no image")
    return _Flag("service", None, "no web framework, no image and no package was found; does it run as a service?")


def _library(stack: Stack) -> _Flag:
    if not stack.packages and (stack.web or stack.images):
        return _Flag("library", False, "nothing that is published as a package")
    if not stack.packages:
        return _Flag("library", None, "nothing was found that is published as a package; do others import it?")
    if stack.web or stack.images:
        return _Flag("library", None, f"{stack.packages[0].where} describes a package; do others import it?")
    return _Flag("library", True, f"{stack.packages[0].where} describes a package and there is no service")


def _tail(stack: Stack) -> Iterator[str]:
    if stack.levels:
        yield "[profile.test_levels]"
        for level, folder in stack.levels.items():
            yield f"{level} = [{_quoted(f'{folder}*')}]"
    elif stack.tests:
        yield "# unsure: the tests stand in no folder named unit, integration or e2e; say where each level is"
        yield "# [profile.test_levels]"
        yield f"# unit = [{_quoted(stack.tests)}]"
    else:
        yield "# unsure: no test was found"
    yield ""
    yield "[standard]"
    yield 'use = "production"  # the standard that comes with Standfast; `standfast clauses` shows it'
    yield ""
    yield from _tools(stack)


def _tools(stack: Stack) -> Iterator[str]:
    others = ", ".join(one.what for one in stack.languages if one.what not in RUN)
    if others:
        yield f"# Standfast runs no tool of {others}; it imports the reports that such tools write."
        yield "# docs/how-to/import-by-stack.md of Standfast has the command for each."
    first = next((RUN[one.what] for one in stack.languages if one.what in RUN), "")
    if first or not others:
        yield "# What a tool may be told; each has these keys and its own:"
        yield f"# [collect.{first or 'pytest'}]"
        yield "# timeout_s = 900"
        yield '# pass_environment = ["DATABASE_URL"]'


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
