"""Collect the attestations in the project's folder ``attestations``."""

import re
import sys

import msgspec

from standfast.evidence.attestations.read import attestations_in
from standfast.evidence.attestations.scan import AttestationScan
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.repository.layout import own_paths
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.texts import Request
from standfast.model import EvidenceError

TOOL = Tool(name="standfast-attestations", kinds=("attestations",), exits={0: "the attestations were read"})

_PLACE = re.compile(r"(?:^|/)attestations/[^/]+\.(?:toml|ya?ml|md)\Z")
_NOT_ONE = re.compile(r"(?:^|/)(?:readme|index)\.md\Z", re.IGNORECASE)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that reads the attestations and digests their reports."""
    paths = tuple(
        sorted(
            path
            for path in own_paths(file.path for file in project.files)
            if _PLACE.search(path) and not _NOT_ONE.search(path)
        )
    )
    if not paths:
        return Inapplicable(
            "no file is in a folder `attestations`; docs/how-to/record-an-attestation.md of Standfast shows one"
        )
    return Plan(
        argv=(sys.executable, "-m", "standfast.evidence.attestations.scan"),
        stdin=msgspec.json.encode(Request(paths)),
        timeout_s=120.0,
        expected=len(paths),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the attestations.

    Raises:
        EvidenceError: The scan was cut short or left something else than it was asked for.
    """
    settled(run, TOOL)
    try:
        scan = msgspec.json.decode(run.stdout, type=AttestationScan)
        asked = msgspec.json.decode(run.plan.stdin, type=Request).paths
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise EvidenceError("scan-malformed", f"the scan left no list of attestations: {error}") from error
    if tuple(file.path for file in scan.files) != asked:
        raise EvidenceError("scan-incomplete", f"{len(scan.files)} of {len(asked)} attestations were read")
    return (Reading(body=attestations_in(scan.files, scan.reports), tool=TOOL.name, version=run.version),)
