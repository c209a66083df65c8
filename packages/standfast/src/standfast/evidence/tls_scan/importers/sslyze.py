"""Read the JSON of sslyze."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.tls_scan.schema import Endpoint, TlsScan
from standfast.evidence.wording.moments import moment

FORMAT = Format(
    name="sslyze",
    title="an sslyze JSON report",
    produced_with={"any": "sslyze --json_out sslyze.json HOST:443"},
)

_PROTOCOLS = {
    "SSLv2": "ssl_2_0_cipher_suites",
    "SSLv3": "ssl_3_0_cipher_suites",
    "TLSv1.0": "tls_1_0_cipher_suites",
    "TLSv1.1": "tls_1_1_cipher_suites",
    "TLSv1.2": "tls_1_2_cipher_suites",
    "TLSv1.3": "tls_1_3_cipher_suites",
}


class _Suites(msgspec.Struct, frozen=True):
    accepted_cipher_suites: tuple[msgspec.Raw, ...] = ()


class _Attempt(msgspec.Struct, frozen=True):
    status: str = ""
    result: _Suites | None = None


class _Certificate(msgspec.Struct, frozen=True):
    not_valid_after: str = ""


class _Validation(msgspec.Struct, frozen=True):
    was_validation_successful: bool = False


class _Deployment(msgspec.Struct, frozen=True):
    received_certificate_chain: tuple[_Certificate, ...] = ()
    path_validation_results: tuple[_Validation, ...] = ()


class _Deployments(msgspec.Struct, frozen=True):
    certificate_deployments: tuple[_Deployment, ...] = ()


class _CertificateAttempt(msgspec.Struct, frozen=True):
    result: _Deployments | None = None


class _Location(msgspec.Struct, frozen=True):
    hostname: str
    port: int


class _Server(msgspec.Struct, frozen=True):
    server_location: _Location
    connectivity_status: str = ""
    scan_result: dict[str, msgspec.Raw] | None = None


class _Report(msgspec.Struct, frozen=True):
    server_scan_results: tuple[_Server, ...]
    invalid_server_strings: tuple[msgspec.Raw, ...] = ()
    sslyze_version: str = ""
    date_scans_completed: str = ""


def recognise(head: Head) -> bool:
    """Return whether this is sslyze's JSON."""
    return head.shape == "object" and {"server_scan_results", "sslyze_version"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the endpoints of the report."""
    report = decode_report(data, _Report, FORMAT.title)
    body = TlsScan.of(
        (_endpoint(server) for server in report.server_scan_results), errors=len(report.invalid_server_strings)
    )
    return Reading(
        body=body,
        tool="sslyze",
        version=report.sslyze_version,
        produced_at=moment(f"{report.date_scans_completed}Z"),
    )


def _endpoint(server: _Server) -> Endpoint:
    results = server.scan_result or {}
    attempts = {
        name: decode_report(bytes(results[key]), _Attempt, FORMAT.title) if key in results else _Attempt()
        for name, key in _PROTOCOLS.items()
    }
    deployments = tuple(_deployments(results))
    return Endpoint(
        host=server.server_location.hostname,
        port=server.server_location.port,
        accepted=tuple(name for name, one in attempts.items() if one.result and one.result.accepted_cipher_suites),
        unknown=tuple(name for name, one in attempts.items() if one.result is None),
        expires_at=_expires_at(deployments),
        trusted=_trusted(deployments),
    )


def _expires_at(deployments: tuple[_Deployment, ...]) -> datetime | None:
    chains = [one.received_certificate_chain[0] for one in deployments if one.received_certificate_chain]
    moments = [moment(f"{chain.not_valid_after.removesuffix('Z')}Z") for chain in chains]
    return min((at for at in moments if at), default=None)


def _trusted(deployments: tuple[_Deployment, ...]) -> bool | None:
    """Return whether some store of roots trusts each certificate; None where no validation is told."""
    validations = [one.path_validation_results for one in deployments if one.path_validation_results]
    if not validations:
        return None
    return all(any(one.was_validation_successful for one in few) for few in validations)


def _deployments(results: dict[str, msgspec.Raw]) -> Iterator[_Deployment]:
    raw = results.get("certificate_info")
    if raw is not None:
        attempt = decode_report(bytes(raw), _CertificateAttempt, FORMAT.title)
        yield from attempt.result.certificate_deployments if attempt.result else ()
