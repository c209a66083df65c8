"""Decide whether a vulnerability scan looked at the operating system packages of the container image."""

from collections.abc import Iterator

from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.model import Doubt, Finding, Measurement, Op, Unit

SYSTEM = ("pkg:deb/", "pkg:apk/", "pkg:rpm/")


def probe(scans: tuple[Vulnerabilities, ...]) -> Iterator[Finding | Measurement | Doubt]:
    """Yield how many packages of an operating system were looked up; a doubt where none were.

    Args:
        scans: Every vulnerability scan.

    Clause:
        deployment_gates.actions.1
    """
    found = {package for scan in scans for package in scan.packages if package.startswith(SYSTEM)}
    if not found:
        yield Doubt("no scan looked at the packages of an image")
        return
    yield Measurement("vulnerabilities.system_packages", len(found), Op.GE, 1, Unit.COUNT)
    unnamed = [package for package in sorted(found) if "@" not in package]
    for package in unnamed:
        yield Finding(f"{package} was looked up without its version", rule=package)
