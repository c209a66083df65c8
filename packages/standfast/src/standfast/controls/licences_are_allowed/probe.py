"""Decide whether the policy allows the licence of every package."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.licences.expression import ExpressionError, allowed
from standfast.evidence.licences.schema import Licences
from standfast.model import Finding

PERMISSIVE = (
    *("0BSD", "AFL-2.1", "Apache-2.0", "Artistic-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0"),
    *("CC-BY-3.0", "CC-BY-4.0", "CC0-1.0", "CNRI-Python", "HPND", "ISC", "MIT", "MIT-0", "MIT-CMU", "NCSA", "OFL-1.1"),
    *("PSF-2.0", "PostgreSQL", "Python-2.0", "Unicode-3.0", "Unicode-DFS-2016", "Unlicense", "UPL-1.0", "WTFPL"),
    *("X11", "ZPL-2.1", "Zlib", "ZLIB", "curl", "EPL-2.0", "MPL-2.0", "LGPL-2.1-only", "LGPL-2.1-or-later"),
    *("LGPL-3.0-only", "LGPL-3.0-or-later", "LGPL-2.0-or-later"),
)
"""Licences that allow use in a closed product: permissive ones, and those whose reach ends at the package itself."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The policy: allowed SPDX ids or exact texts, and packages (URL without version) that need no licence."""

    allowed: tuple[str, ...] = PERMISSIVE
    excepted_packages: tuple[str, ...] = ()


def probe(licences: Licences, params: Params) -> Iterator[Finding]:
    """Yield each package whose licence is missing, not understood, or not allowed.

    Args:
        licences: The licence of each package.
        params: The policy.

    Clause:
        deployment_gates.requirements.1
    """
    permitted = frozenset(params.allowed)
    for one in licences.entries:
        if one.package.partition("@")[0] in params.excepted_packages or one.licence in permitted:
            continue
        reason = _refused(one.licence, permitted)
        if reason:
            yield Finding(f"{one.package}: {reason}", rule=one.package.partition("@")[0])


def _refused(licence: str, permitted: frozenset[str]) -> str:
    if not licence:
        return "no licence is given"
    try:
        return "" if allowed(licence, permitted.__contains__) else f"{licence} is not allowed"
    except ExpressionError as error:
        return f"{licence!r} is not a licence expression: {error}"
