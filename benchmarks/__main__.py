"""Measure and print the table: ``python -m benchmarks [--runs N] [TASK]...``."""

import argparse
import os
import sys

from benchmarks import home
from benchmarks.table import lines
from benchmarks.tasks import TASKS, Bench


def main() -> None:
    """Measure the tasks that are named, all of them without a name."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure Standfast side by side with named peers.")
    parser.add_argument("tasks", nargs="*", choices=[*TASKS, []], metavar="TASK", help=", ".join(TASKS))
    parser.add_argument("--runs", type=int, default=5, help="turns that each side takes (default 5)")
    given = parser.parse_args()
    home.HOME.mkdir(parents=True, exist_ok=True)
    bench = Bench(ours=home.installed(), inputs=home.inputs(), runs=given.runs)
    rows = []
    for name in given.tasks or TASKS:
        print(f"measuring {name}", file=sys.stderr)
        rows += list(TASKS[name](bench))
    print(*lines(rows), sep="\n")
    load = os.getloadavg()[0]
    print(f"\n{len(os.sched_getaffinity(0))} processors, load {load:.1f}; each side warmed up once, then in turns.")


main()
