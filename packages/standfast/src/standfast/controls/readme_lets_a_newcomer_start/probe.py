"""Decide whether the README says what is needed to start."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.repository.schema import Repository
from standfast.model import Finding, Location, Measurement, Op, Unit

_START = ("install", "set up", "setup", "start", "usage", "use", "run", "try", "quick", "example", "hello")
_TEST = ("test", "develop", "contribut", "build", "hack")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many words a README needs at least."""

    min_words: int = 50


def probe(repository: Repository, params: Params) -> Iterator[Finding | Measurement]:
    """Yield what the README at the top lacks.

    Args:
        repository: Facts about the repository.
        params: The limit.

    Clause:
        code_completion_gates.actions.4
    """
    readme = repository.readme
    if readme is None:
        yield Finding("there is no README at the top of the repository", rule="no-readme")
        return
    where = Location(readme.path)
    yield Measurement("repository.readme_words", readme.words, Op.GE, params.min_words, Unit.COUNT)
    if readme.filler:
        yield Finding("the README is a template that nobody filled in", where, rule="readme-filler")
    if not _has(repository, _START):
        yield Finding("no filled section of the README says how to start", where, rule="readme-section")
    if not _has(repository, _TEST) and not repository.contributing:
        yield Finding("neither the README nor a CONTRIBUTING file says how to test it", where, rule="readme-section")
    if not readme.code_blocks:
        yield Finding("the README shows no command", where, rule="readme-commands")


def _has(repository: Repository, words: tuple[str, ...]) -> bool:
    sections = repository.readme.sections if repository.readme else ()
    return any(word in section for section in sections for word in words)
