"""How a collector asks for a scan of our own."""

import json
import sys
from collections.abc import Iterable

from standfast.evidence.contract import Plan, Project


def scan_plan(module: str, paths: Iterable[str], project: Project, **more: object) -> Plan:
    """Return the plan that runs ``standfast.evidence.<module>`` over *paths*; *more* is handed over on stdin too.

    Our own interpreter runs it; files that it is too old to parse are given to the project's.
    """
    chosen = tuple(sorted(paths))
    asked = {"paths": chosen, "python": project.python, **more}
    return Plan(
        argv=(sys.executable, "-m", f"standfast.evidence.{module}"),
        stdin=json.dumps(asked).encode(),
        inputs=chosen,
        expected=len(chosen),
    )
