"""SLSA verification summary, as an in-toto statement.

The format knows PASSED and FAILED only: what is unknown is FAILED, and the extension field says that it is unknown.
"""

from standfast.model import Verdict
from standfast.report.parts.intoto import DETAIL, VERIFIER, detail, digest_set, statement
from standfast.report.parts.uri import relative

FORMAT = "vsa"
SUFFIX = ".vsa.json"

PREDICATE_TYPE = "https://slsa.dev/verification_summary/v1"


def render(verdict: Verdict) -> bytes:
    """Return the unsigned statement; ``PASSED`` only where every gate opens."""
    passed = verdict.status.opens and verdict.exit_code == 0
    predicate = {
        "verifier": {"id": VERIFIER, "version": {"standfast": verdict.engine}},
        "timeVerified": f"{verdict.decided_at:%Y-%m-%dT%H:%M:%SZ}",
        "resourceUri": _resource(verdict),
        "policy": {
            "uri": f"{VERIFIER}#standard/{verdict.standard}/{verdict.standard_version}",
            "digest": digest_set(verdict.inputs.standard),
        },
        "inputAttestations": [{"digest": digest_set(digest)} for digest in verdict.inputs.evidence],
        "verificationResult": "PASSED" if passed else "FAILED",
        # No SLSA track is verified here, and custom levels must not begin with SLSA_.
        "verifiedLevels": ["STANDFAST_GATES_OPEN" if passed else "FAILED"],
        "slsaVersion": "1.1",
        DETAIL: detail(verdict),
    }
    return statement(verdict, PREDICATE_TYPE, predicate)


def _resource(verdict: Verdict) -> str:
    repository = verdict.subject.repository
    host, _, path = repository.partition("/")
    environment = f"#{relative(verdict.subject.environment)}" if verdict.subject.environment else ""
    if "://" in repository:
        return repository.replace(" ", "%20") + environment
    if "." in host and path:
        return f"git+https://{relative(repository)}{environment}"
    return f"pkg:generic/{relative(repository)}{environment}"
