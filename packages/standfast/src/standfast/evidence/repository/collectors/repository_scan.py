"""Collect the facts about the repository."""

import sys

import msgspec

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.repository import layout
from standfast.evidence.repository.facts import confirm_scan, repository_facts
from standfast.evidence.repository.scan import Scan, ScanRequest
from standfast.evidence.runs.exits import settled
from standfast.evidence.wording.places import is_test
from standfast.model import EvidenceError

TOOL = Tool(name="standfast-repository", kinds=("repository",), exits={0: "the files were looked at"})


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that counts every tracked file and reads the telling ones."""
    paths = tuple(file.path for file in project.files)
    readme = layout.top_file(paths, "readme")
    told = {*project.paths(".md", ".markdown"), *layout.requirement_files(paths), *([readme] if readme else [])}
    told |= {path for path in paths if path.endswith("/conf.py")}
    told |= {path for path in paths if layout.is_manifest(path) and not is_test(path)}
    return Plan(
        argv=(sys.executable, "-m", "standfast.evidence.repository.scan"),
        stdin=msgspec.json.encode(ScanRequest(paths, tuple(sorted(told)))),
        timeout_s=120.0,
        memory_bytes=2_000_000_000,
        expected=len(paths),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the facts that the scan shows.

    Raises:
        EvidenceError: The scan was cut short, or is about other files.
    """
    settled(run, TOOL)
    try:
        scan = msgspec.json.decode(run.stdout, type=Scan)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise EvidenceError("scan-malformed", f"the scan left no list of files: {error}") from error
    confirm_scan(scan, tuple(file.path for file in project.files))
    return (Reading(body=repository_facts(scan), tool=TOOL.name, version=run.version),)
