"""Decide whether the code has a last resort for errors that nobody expects."""

from collections.abc import Iterator

from standfast.evidence.service_code.health import health_of
from standfast.evidence.service_code.schema import ServiceCode
from standfast.evidence.service_setup.schema import ServiceSetup
from standfast.model import Doubt, Finding

LOOKED_FOR = "a handler of Exception or of status 500, or a middleware that catches every error"


def probe(setups: tuple[ServiceSetup, ...], code: tuple[ServiceCode, ...]) -> Iterator[Finding | Doubt]:
    """Yield what was looked for where there is no last resort.

    Args:
        setups: How the service is set up.
        code: Which frameworks it uses.

    Clause:
        error_handling_standards.response_format.structure
    """
    if any(setup.last_resorts for setup in setups):
        return
    read = {setup.scope for setup in setups}
    seen = health_of(tuple(body for body in code if body.scope in read), None)
    if not seen.frameworks:
        yield Doubt("the code imports no web framework that is known")
        return
    yield Finding(f"the code of {', '.join(seen.frameworks)} has neither {LOOKED_FOR}", seen.where, "no-last-resort")
