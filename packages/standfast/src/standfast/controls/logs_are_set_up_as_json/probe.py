"""Decide whether the code sets up logs that are structured and correlated."""

from collections.abc import Iterator

from standfast.evidence.service_setup.schema import ServiceSetup
from standfast.model import Doubt, Finding


def probe(setups: tuple[ServiceSetup, ...]) -> Iterator[Finding | Doubt]:
    """Yield what of a structured log is missing.

    Args:
        setups: How the service is set up.

    Clause:
        error_handling_standards.response_format.logging
    """
    loggers = [sign for setup in setups for sign in setup.loggers]
    if not loggers:
        yield Doubt("the code imports no logging library that is known")
        return
    where = loggers[0].location
    if not any(setup.structured for setup in setups):
        yield Finding("nothing formats the lines of the log as JSON", where, rule="not-structured")
    if not any(setup.correlated for setup in setups):
        yield Finding("nothing carries the id of a request to the lines of the log", where, rule="not-correlated")
