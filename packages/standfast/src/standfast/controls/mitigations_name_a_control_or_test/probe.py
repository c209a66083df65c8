"""Decide whether each mitigation is held by a control or a test."""

import re
from collections.abc import Iterator

from standfast.evidence.documents.schema import Documents
from standfast.model import Doubt, Finding, Location

_MITIGATED = ("mitigated", "closed", "resolved", "done", "fixed")
# A test of any runner (path::name, a file of tests, Class#method, Class.testMethod), a control of a standard, a rule.
_HELD = re.compile(
    r"::|(?:^|/)(?:test_|tests?/)|_test\.|\.(?:test|spec)\.|#test|[a-z]+(?:-[a-z0-9]+){2,}\Z|"
    r"[A-Z]{2,}[A-Z0-9]*-\d+\Z|[A-Z]{1,5}\d{2,5}\Z|V\d+(?:\.\d+)+\Z|Tests?\.\w"
)


def probe(documents: Documents) -> Iterator[Finding | Doubt]:
    """Yield one finding per mitigated threat that names neither.

    Args:
        documents: The documents of the project.

    Clause:
        pre_implementation_gates.validation.3
    """
    if not documents.threat_count:
        yield Doubt("no threat model lists a threat")
    for model in documents.threat_models:
        for threat in model.threats:
            if threat.status.startswith(_MITIGATED) and not any(_HELD.search(one) for one in threat.references):
                said = f"the mitigation of {threat.id or threat.title} names no control and no test"
                yield Finding(said, Location(model.document.path, threat.line), rule="unheld-mitigation")
