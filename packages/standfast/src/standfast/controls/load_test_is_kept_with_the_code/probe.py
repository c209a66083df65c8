"""Decide whether the repository holds a load test."""

from collections.abc import Iterator

from standfast.evidence.repository.schema import Repository
from standfast.model import Finding


def probe(repository: Repository) -> Iterator[Finding]:
    """Yield what was looked for where there is none.

    Args:
        repository: Facts about the repository.

    Clause:
        deployment_gates.actions.2
    """
    if not repository.load_tests:
        looked = "locustfile.py, *.jmx, *.k6.js, *Simulation.scala, artillery.yml, or a program below load/, k6/, perf/"
        yield Finding(f"the repository holds none of {looked}", rule="no-load-test")
