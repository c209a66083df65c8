"""In-toto test result: controls are tests. What is unknown or broken counts as failed."""

from standfast.model import Status, Verdict
from standfast.report.parts.intoto import DETAIL, detail, digest_set, statement
from standfast.report.parts.order import closed_without_reason, is_closing

FORMAT = "test-result"
SUFFIX = ".test-result.json"

PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"


def render(verdict: Verdict) -> bytes:
    """Return the unsigned statement; ``PASSED`` or ``WARNED`` only where every gate opens."""
    failed = [result.control for result in verdict.results if is_closing(result)]
    failed += [f"gate/{gate}" for gate, _ in closed_without_reason(verdict)]
    warned = [result.control for result in verdict.results if result.status in (Status.WARN, Status.WAIVED)]
    predicate = {
        "result": _result(verdict, warned),
        "configuration": [
            {
                "name": f"{verdict.standard} {verdict.standard_version}",
                "digest": digest_set(verdict.inputs.standard),
            },
            {"name": "controls", "digest": digest_set(verdict.inputs.controls)},
        ],
        "passedTests": [result.control for result in verdict.results if result.status is Status.PASS],
        "warnedTests": warned,
        "failedTests": failed,
        DETAIL: detail(verdict),
    }
    return statement(verdict, PREDICATE_TYPE, predicate)


def _result(verdict: Verdict, warned: list[str]) -> str:
    if not verdict.status.opens or verdict.exit_code:
        return "FAILED"
    return "WARNED" if warned else "PASSED"
