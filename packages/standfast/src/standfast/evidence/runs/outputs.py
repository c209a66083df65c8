"""The report that a run left on its standard output."""

from standfast.evidence.contract import Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.model import EvidenceError


def printed_report(run: ToolRun, tool: Tool) -> bytes:
    """Return what *run* printed.

    Raises:
        EvidenceError: The run was cut short, ended with a status that *tool* does not use, or printed nothing.
    """
    settled(run, tool)
    if run.stdout.strip():
        return run.stdout
    said = run.stderr.decode("utf-8", "replace").strip().splitlines()
    why = f": {said[-1].strip()[:300]}" if said else ""
    raise EvidenceError("tool-failed", f"{tool.name} ended with exit status {run.exit_status} and no report{why}")
