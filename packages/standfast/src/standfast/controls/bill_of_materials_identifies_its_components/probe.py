"""Decide whether each component of the bill of materials can be looked up, and the bill is whole."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.sbom.schema import Sbom
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: shares of components, 0 to 1."""

    min_purl_ratio: float = 1.0
    min_version_ratio: float = 1.0


def probe(bill: Sbom, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the shares of identified components, what the bill says is missing, and where it contradicts itself.

    Args:
        bill: The bill of materials.
        params: Limits.

    Clause:
        deployment_gates.requirements.1
    """
    for words in bill.incomplete:
        yield Finding(f"the bill of materials calls itself {words}")
    for sentence in bill.disagreements:
        yield Finding(sentence)
    if bill.purl_ratio is None or bill.version_ratio is None:
        yield Finding("the bill of materials lists no component")
        return
    yield Measurement("sbom.purl_ratio", bill.purl_ratio, Op.GE, params.min_purl_ratio, Unit.RATIO)
    yield Measurement("sbom.version_ratio", bill.version_ratio, Op.GE, params.min_version_ratio, Unit.RATIO)
    nameless = [one for one in bill.components if not one.purl or not one.version]
    if bill.purl_ratio < params.min_purl_ratio or bill.version_ratio < params.min_version_ratio:
        for one in nameless[:1000]:
            yield Finding(f"{one.name} {one.version} has no {'version' if one.purl else 'package URL'}", rule=one.name)
