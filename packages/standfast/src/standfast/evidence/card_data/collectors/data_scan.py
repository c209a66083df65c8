"""Collect card data and personal data: one scan of all tracked files, run by Standfast's own interpreter."""

import sys

import msgspec

from standfast.evidence.card_data.evidence import card_data_of, examination_of
from standfast.evidence.card_data.scan import Request, Scan
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.personal_data.evidence import personal_data_of
from standfast.evidence.personal_data.record import is_record, read_record
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import inventory, is_product
from standfast.model import EvidenceError

TOOL = Tool(name="standfast-data", kinds=("card_data", "personal_data"), exits={0: "the files were looked at"})


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that looks at every tracked file."""
    paths = inventory(project, "")
    if not paths:
        return Inapplicable("no file is tracked")
    return Plan(
        argv=(sys.executable, "-m", "standfast.evidence.card_data.scan"),
        stdin=msgspec.json.encode(Request(paths)),
        inputs=paths,
        reads=tuple(path for path in paths if is_record(path)),
        timeout_s=300.0,
        memory_bytes=2_000_000_000,
        expected=len(paths),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the card data and the personal data.

    Raises:
        EvidenceError: The scan was cut short or is about other files, or a record of processing cannot be read.
    """
    settled(run, TOOL)
    scan = _scan(run)
    records = tuple(read_record(path, run.outputs.get(path, b"")) for path in run.plan.reads)
    stored = (field for file in scan.files if is_product(file.path) for field in file.fields if field.stored)
    expected = run.plan.expected
    bodies = (
        card_data_of(scan, expected=expected),
        personal_data_of(stored, records, examination_of(scan, expected=expected)),
    )
    return tuple(Reading(body=body, tool=TOOL.name, version=run.version) for body in bodies)


def _scan(run: ToolRun) -> Scan:
    try:
        scan = msgspec.json.decode(run.stdout, type=Scan)
        asked = msgspec.json.decode(run.plan.stdin, type=Request).paths
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise EvidenceError("scan-malformed", f"the scan left no list of files: {error}") from error
    if tuple(file.path for file in scan.files) != asked:
        raise EvidenceError("scan-incomplete", f"{len(scan.files)} files were read, {len(asked)} were asked for")
    return scan
