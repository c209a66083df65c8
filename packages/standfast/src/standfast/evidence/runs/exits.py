"""What a tool's exit status means: nothing, unless the tool is known to use it."""

from standfast.evidence.contract import Tool, ToolRun
from standfast.model import EvidenceError


def settled(run: ToolRun, tool: Tool) -> str:
    """Return what the exit status of *run* means for *tool*.

    Raises:
        EvidenceError: The run was cut short, or ended with a status that *tool* does not use.
    """
    if run.timed_out:
        raise EvidenceError(
            "tool-timeout",
            f"{tool.name} was ended after {run.plan.timeout_s:.0f} s",
            hint=f"raise `timeout_s` in [collect.{tool.name}]",
        )
    if run.truncated:
        raise EvidenceError("tool-output", f"{tool.name} printed more than is kept; its report is cut off")
    if run.exit_status not in tool.exits or run.exit_status is None:
        raise EvidenceError("tool-crash", f"{tool.name} ended with exit status {run.exit_status}{_said(run)}")
    return tool.exits[run.exit_status]


def _said(run: ToolRun) -> str:
    text = run.stderr.decode("utf-8", "replace").strip() or run.stdout[-2000:].decode("utf-8", "replace").strip()
    last = text.splitlines()[-1].strip() if text else ""
    return f": {last[:300]}" if last else ""
