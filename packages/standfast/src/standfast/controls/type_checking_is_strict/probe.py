"""Decide whether types are checked strictly."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from standfast.evidence.type_findings.schema import TypeFindings
from standfast.model import Doubt, Finding


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Requirements: patterns of modules that may be checked less strictly."""

    lenient_modules: tuple[str, ...] = ("tests", "tests.*", "*.tests", "*.tests.*", "test_*", "conftest")


def probe(types: TypeFindings, params: Params) -> Iterator[Finding | Doubt]:
    """Yield each setting that is weaker than the checker's strict mode.

    Args:
        types: What one type checker found, and how strictly it looked.
        params: The requirements.

    Clause:
        code_completion_gates.requirements.2
    """
    if types.relaxed is None:
        yield Doubt(f"the report of {types.scope or 'the checker'} does not say how strictly it looked")
        return
    for one in types.relaxed:
        if not (one.modules and any(fnmatchcase(one.modules, pattern) for pattern in params.lenient_modules)):
            yield Finding(f"{types.scope or 'the checker'} is weaker than strict: {one}", rule="not-strict")
