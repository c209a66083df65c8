"""Read the JSON stream of govulncheck; it gives no severity, so what it finds counts as critical until triaged."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_stream
from standfast.evidence.vulnerabilities.entry import Vulnerability
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.wording.moments import moment
from standfast.evidence.wording.purl import package_of
from standfast.model import EvidenceError, Examination

FORMAT = Format(
    name="govulncheck",
    title="a govulncheck JSON report",
    produced_with={"Go": "govulncheck -format json ./... > govulncheck.json"},
)


class _Config(msgspec.Struct, frozen=True):
    scanner_version: str = ""
    db_last_modified: str = ""


class _Module(msgspec.Struct, frozen=True):
    path: str
    version: str = ""


class _Modules(msgspec.Struct, frozen=True):
    modules: tuple[_Module, ...] = ()


class _Advisory(msgspec.Struct, frozen=True):
    id: str
    aliases: tuple[str, ...] = ()
    summary: str = ""


class _Frame(msgspec.Struct, frozen=True):
    module: str = ""
    version: str = ""


class _Hit(msgspec.Struct, frozen=True):
    osv: str
    fixed_version: str = ""
    trace: tuple[_Frame, ...] = ()


class _Message(msgspec.Struct, frozen=True, rename={"modules": "SBOM"}):
    config: _Config | None = None
    modules: _Modules | None = None
    osv: _Advisory | None = None
    finding: _Hit | None = None


def recognise(head: Head) -> bool:
    """Return whether this is govulncheck's JSON."""
    return head.shape in ("text", "lines") and '"scanner_name"' in head.start and '"govulncheck"' in head.start


def read(data: bytes) -> Reading:
    """Return the findings of the stream, one for each advisory and module.

    Raises:
        EvidenceError: The stream is not govulncheck's, or is cut short.
    """
    messages = tuple(decode_stream(data, _Message, FORMAT.title))
    config = next((one.config for one in messages if one.config), None)
    if config is None:
        raise EvidenceError("report-malformed", "the govulncheck report has no configuration message")
    advisories = {one.osv.id: one.osv for one in messages if one.osv}
    modules = tuple(module for one in messages if one.modules for module in one.modules.modules)
    body = Vulnerabilities.reported(
        (_entry(one.finding, advisories) for one in messages if one.finding),
        examination=Examination(
            "packages",
            examined=len(modules) or None,
            notes=() if modules else ("it lists no modules; use govulncheck 1.1.4 or later",),
        ),
        packages=tuple(package_of("golang", one.path, one.version).purl for one in modules),
        database_at=moment(config.db_last_modified),
    )
    return Reading(body=body, tool="govulncheck", version=config.scanner_version)


def _entry(hit: _Hit, advisories: dict[str, _Advisory]) -> Vulnerability:
    advisory = advisories.get(hit.osv, _Advisory(hit.osv))
    frame = hit.trace[0] if hit.trace else _Frame()
    return Vulnerability(
        id=hit.osv,
        aliases=advisory.aliases,
        package=package_of("golang", frame.module or "unknown", frame.version),
        fixed_in=(hit.fixed_version,) if hit.fixed_version else (),
        title=advisory.summary,
    )
