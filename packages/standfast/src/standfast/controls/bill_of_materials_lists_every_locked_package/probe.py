"""Decide whether the bill of materials holds what the lock files pin."""

from collections.abc import Iterator

from standfast.evidence.locked_packages.schema import LockedPackages
from standfast.evidence.sbom.schema import Sbom
from standfast.evidence.wording.purl import parse_purl
from standfast.model import Finding, Location


def probe(bills: tuple[Sbom, ...], locks: tuple[LockedPackages, ...]) -> Iterator[Finding]:
    """Yield each delivered package that no bill lists, with the version that one lists instead, if any.

    What is installed on some platforms only may be missing from the bill of another.

    Args:
        bills: Every bill of materials of the subject.
        locks: What the lock files pin.

    Clause:
        deployment_gates.actions.1
    """
    listed: dict[tuple[str, str], set[str]] = {}
    for bill in bills:
        for component in bill.components:
            package = parse_purl(component.purl)
            if package is not None:
                listed.setdefault(package.key, set()).add(package.version)
    places = {one.package: one.path for lock in locks for one in lock.packages if not one.dev and not one.conditional}
    for package, path in sorted(places.items()):
        versions = listed.get(package.key, set())
        if package.version in versions or (versions and not package.version):
            continue
        instead = f", which lists {', '.join(sorted(versions))}" if versions else ""
        yield Finding(
            f"{package.name} {package.version} is not in the bill of materials{instead}",
            Location(path),
            rule=package.purl,
        )
