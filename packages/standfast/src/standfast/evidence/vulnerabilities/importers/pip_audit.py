"""Read the JSON report of pip-audit.

It gives no severity: every vulnerability counts as critical until a statement or another scanner says otherwise.
A package that the service does not know is *skipped*, and pip-audit still exits with 0 and "no known
vulnerabilities found": skipped packages are counted as what they are.
"""

from collections.abc import Iterable, Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.vulnerabilities.entry import Vulnerability
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.wording.purl import Package, package_of
from standfast.model import Examination

FORMAT = Format(
    name="pip-audit",
    title="a pip-audit JSON report",
    produced_with={"Python": "pip-audit --format json --output pip-audit.json"},
)


class _Vuln(msgspec.Struct, frozen=True):
    id: str
    fix_versions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class _Dependency(msgspec.Struct, frozen=True):
    name: str
    version: str = ""
    vulns: tuple[_Vuln, ...] | None = None
    skip_reason: str = ""

    @property
    def examined(self) -> bool:
        """Whether the package was looked up."""
        return self.vulns is not None and not self.skip_reason

    @property
    def package(self) -> Package:
        """The package under the name that PyPI compares."""
        return package_of("pypi", self.name, self.version)


class _Report(msgspec.Struct, frozen=True):
    dependencies: tuple[_Dependency, ...]


def recognise(head: Head) -> bool:
    """Return whether this is pip-audit's JSON (an object since version 2.5, a bare list before)."""
    if head.shape == "array":
        return {"name", "version", "vulns"} <= head.keys
    return head.shape == "object" and {"dependencies", "fixes"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the vulnerabilities of the report; ids that are aliases of each other are one."""
    return read_all((data,))


def read_all(reports: Iterable[bytes]) -> Reading:
    """Return the vulnerabilities of several reports as of one; what more than one of them looked up counts once."""
    found = (one for data in reports for one in _dependencies(data))
    dependencies = tuple({(one.package, one.examined): one for one in found}.values())
    looked_up = [one for one in dependencies if one.examined]
    skipped = tuple(f"{one.name}: {one.skip_reason or 'no result'}" for one in dependencies if not one.examined)
    body = Vulnerabilities.reported(
        (entry for one in looked_up for entry in _entries(one)),
        examination=Examination("packages", examined=len(looked_up), skipped=len(skipped), notes=skipped[:3]),
        packages=tuple(one.package.purl for one in looked_up),
        skipped=skipped,
        live=True,
    )
    return Reading(body=body, tool="pip-audit")


def _dependencies(data: bytes) -> tuple[_Dependency, ...]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
        return decode_report(data, tuple[_Dependency, ...], FORMAT.title)
    return decode_report(data, _Report, FORMAT.title).dependencies


def _entries(dependency: _Dependency) -> Iterator[Vulnerability]:
    for vuln in dependency.vulns or ():
        yield Vulnerability(id=vuln.id, aliases=vuln.aliases, package=dependency.package, fixed_in=vuln.fix_versions)
