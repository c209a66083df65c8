"""The packages of an SPDX 2.x document, whatever form it is written in."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.licences.expression import as_expression
from standfast.evidence.licences.schema import Licences, Licensed
from standfast.evidence.sbom.schema import Component, Sbom
from standfast.evidence.wording.purl import package_of, parse_purl
from standfast.model import Evidence, Examination

VERSIONS = frozenset({"SPDX-2.2", "SPDX-2.3"})

_NOT_SAID = frozenset({"", "NOASSERTION", "NONE"})
_NOT_PACKAGES = frozenset({"FILE", "OPERATING-SYSTEM", "OPERATING_SYSTEM", "DEVICE"})


class SpdxPackage(msgspec.Struct, frozen=True, kw_only=True):
    """One package of the document."""

    id: str = ""
    name: str
    version: str = ""
    purl: str = ""
    concluded: str = ""
    declared: str = ""
    hashes: int = 0
    purpose: str = ""

    @property
    def licence(self) -> str:
        """What was concluded, else what was declared."""
        for text in (self.concluded, self.declared):
            if text not in _NOT_SAID:
                return as_expression(text)
        return ""

    def component(self) -> Component:
        """Return the component that it is."""
        return Component(self.name, self.version, self.purl, self.licence, self.hashes)


def readings_of(
    version: str, packages: tuple[SpdxPackage, ...], *, described: frozenset[str], related: frozenset[str]
) -> Iterator[Evidence]:
    """Yield the bill of materials and its licences.

    *described* are the ids of what the document is about, *related* every package id that its relationships name.
    """
    parts = tuple(one for one in packages if one.purpose not in _NOT_PACKAGES and one.id not in described)
    yield Sbom(
        examination=Examination("components", examined=len(parts)),
        disagreements=tuple(_disagreements(packages, related)),
        format="SPDX",
        spec_version=version.removeprefix("SPDX-"),
        components=tuple(one.component() for one in parts),
        roots=tuple(one.purl or one.name for one in packages if one.id in described),
    )
    entries = tuple(Licensed(_package(one), one.licence) for one in parts)
    yield Licences(examination=Examination("packages", examined=len(entries)), entries=entries)


def _package(one: SpdxPackage) -> str:
    return (parse_purl(one.purl) or package_of("generic", one.name, one.version)).purl


def _disagreements(packages: tuple[SpdxPackage, ...], related: frozenset[str]) -> Iterator[str]:
    ids = [one.id for one in packages if one.id]
    if len(set(ids)) < len(ids):
        yield f"{len(ids) - len(set(ids))} package ids are used more than once"
    lost = {one for one in related if one.startswith("SPDXRef-Package")} - set(ids)
    if lost:
        yield f"{len(lost)} relationships name packages that are not listed ({min(lost)})"
