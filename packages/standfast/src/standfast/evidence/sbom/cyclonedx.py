"""The kinds of evidence that a CycloneDX document holds."""

from collections import Counter
from collections.abc import Iterator, Mapping

from standfast.evidence.licences.schema import Licences, Licensed
from standfast.evidence.sbom.cyclonedx_shape import Analysis, Bom, Known, Part
from standfast.evidence.sbom.schema import Component, Sbom
from standfast.evidence.vex.schema import Vex, VexEntry, VexStatus
from standfast.evidence.vulnerabilities.entry import Vulnerability, worst_known
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.wording.moments import moment
from standfast.evidence.wording.purl import Package, package_of, parse_purl
from standfast.evidence.wording.severity import severity_named, severity_scored
from standfast.model import Evidence, Examination, Severity

# Kinds of component that are no packages: they have no package URL and no version to look up.
_NOT_PACKAGES = frozenset({"file", "data", "operating-system", "cryptographic-asset", "device"})

# A document without any vulnerability counts as a scan only where a scanner wrote it. (Trivy writes an empty list
# into bills of materials that it made without looking anything up.)
_SCANNERS = frozenset({"grype"})

_STATES = {
    "not_affected": VexStatus.NOT_AFFECTED,
    "false_positive": VexStatus.NOT_AFFECTED,
    "resolved": VexStatus.FIXED,
    "resolved_with_pedigree": VexStatus.FIXED,
    "exploitable": VexStatus.AFFECTED,
    "in_triage": VexStatus.UNDER_INVESTIGATION,
}


def readings_of(bom: Bom) -> Iterator[Evidence]:
    """Yield the bill of materials, its licences, its vulnerabilities and its statements on them, as far as present."""
    parts = tuple(_flat(bom.components or ()))
    packages = tuple(part for part in parts if part.type not in _NOT_PACKAGES)
    known = bom.vulnerabilities or ()
    if bom.components is not None or bom.vulnerabilities is None:
        yield _sbom(bom, parts, packages)
        yield _licences(packages)
    if bom.components is not None and (known or bom.metadata.tool[0].lower() in _SCANNERS):
        yield _vulnerabilities(known, _by_ref(bom, parts), packages)
    if any(one.analysis for one in known):
        yield _vex(bom, known, _by_ref(bom, parts))


def _flat(parts: tuple[Part, ...]) -> Iterator[Part]:
    waiting = list(reversed(parts))
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(reversed(part.components))


def _sbom(bom: Bom, parts: tuple[Part, ...], packages: tuple[Part, ...]) -> Sbom:
    root = bom.metadata.component
    return Sbom(
        examination=Examination("components", examined=len(packages)),
        disagreements=tuple(_disagreements(bom, parts)),
        format="CycloneDX",
        spec_version=bom.specVersion,
        components=tuple(_component(part) for part in packages),
        roots=(root.purl or root.full_name,) if root else (),
        incomplete=tuple(one.aggregate for one in bom.compositions if one.aggregate.startswith("incomplete")),
    )


def _component(part: Part) -> Component:
    return Component(part.full_name, part.version, part.purl, part.licence, len(part.hashes), part.dev)


def _disagreements(bom: Bom, parts: tuple[Part, ...]) -> Iterator[str]:
    refs = Counter(part.ref for part in parts if part.ref)
    twice = [ref for ref, times in refs.items() if times > 1]
    if twice:
        yield f"{len(twice)} references name more than one component ({twice[0]})"
    root = bom.metadata.component
    named = refs.keys() | {root.ref if root else ""}
    wanted = {ref for one in bom.dependencies for ref in (one.ref, *one.depends_on)} - named
    if wanted:
        yield f"{len(wanted)} dependencies are not among the components ({min(wanted)})"


def _licences(packages: tuple[Part, ...]) -> Licences:
    entries = tuple(Licensed(part.package().purl, part.licence) for part in packages if not part.dev)
    return Licences(examination=Examination("packages", examined=len(entries)), entries=entries)


def _by_ref(bom: Bom, parts: tuple[Part, ...]) -> Mapping[str, Part]:
    root = bom.metadata.component
    return {part.ref: part for part in ((*parts, root) if root else parts) if part.ref}


def _affected(one: Known, by_ref: Mapping[str, Part]) -> Iterator[Package]:
    for affect in one.affects:
        ref = affect.ref.rpartition("#")[2] if affect.ref.startswith("urn:cdx:") else affect.ref
        part = by_ref.get(ref)
        package = part.package() if part else parse_purl(ref)
        if package is not None:
            yield package


def _ids(one: Known) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (one.id, *(same.id for same in one.references)) if name))


def _severity(one: Known) -> Severity:
    return worst_known(
        severity_named(rating.severity)
        if rating.severity not in ("", "unknown") or rating.score is None
        else severity_scored(rating.score)
        for rating in one.ratings
    )


def _vulnerabilities(
    known: tuple[Known, ...], by_ref: Mapping[str, Part], packages: tuple[Part, ...]
) -> Vulnerabilities:
    return Vulnerabilities.reported(
        (entry for one in known for entry in _entries(one, by_ref)),
        examination=Examination("packages", examined=len(packages)),
        packages=tuple(part.package().purl for part in packages),
    )


def _entries(one: Known, by_ref: Mapping[str, Part]) -> Iterator[Vulnerability]:
    ids = _ids(one) or ("unnamed",)
    for package in tuple(_affected(one, by_ref)) or (package_of("generic", "unnamed"),):
        yield Vulnerability(
            id=ids[0],
            aliases=ids[1:],
            package=package,
            severity=_severity(one),
            title=one.description[:120],
        )


def _vex(bom: Bom, known: tuple[Known, ...], by_ref: Mapping[str, Part]) -> Vex:
    entries = tuple(_statement(one, one.analysis, bom, by_ref) for one in known if one.analysis)
    return Vex(examination=Examination("statements", examined=len(entries)), entries=entries)


def _statement(one: Known, analysis: Analysis, bom: Bom, by_ref: Mapping[str, Part]) -> VexEntry:
    severity = _severity(one)
    return VexEntry(
        ids=_ids(one),
        products=tuple(package.purl for package in _affected(one, by_ref)),
        status=_STATES.get(analysis.state, VexStatus.UNDER_INVESTIGATION),
        justification=analysis.justification,
        action=one.recommendation or ", ".join(analysis.response),
        author=bom.metadata.author,
        stated_at=moment(analysis.last_updated or analysis.first_issued or bom.metadata.timestamp),
        severity=None if severity is Severity.UNKNOWN else severity,
    )
