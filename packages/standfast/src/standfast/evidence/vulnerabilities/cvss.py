"""The base score of a CVSS 3 vector.

The formula is that of the CVSS v3.1 specification, section 7.1; a 3.0 vector differs only in rounding.
"""

import math

from standfast.evidence.wording.severity import severity_scored
from standfast.model import Severity

_WEIGHTS: dict[str, dict[str, float]] = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}


def severity_of_vector(vector: str) -> Severity:
    """Return the severity that a CVSS 3 *vector* amounts to; any other text is ``unknown``."""
    score = base_score(vector)
    return Severity.UNKNOWN if score is None else severity_scored(score)


def base_score(vector: str) -> float | None:
    """Return the base score (0 to 10) of a CVSS 3 *vector*; None where it is not a complete one."""
    version, _, rest = vector.strip().partition("/")
    if version not in ("CVSS:3.0", "CVSS:3.1"):
        return None
    metrics = dict(part.partition(":")[::2] for part in rest.split("/"))
    try:
        weight = {name: table[metrics[name]] for name, table in _WEIGHTS.items()}
        scope = metrics["S"]
        privileges = _PRIVILEGES[scope][metrics["PR"]]
    except KeyError:
        return None
    return _score(weight, privileges, changed=scope == "C")


def _score(weight: dict[str, float], privileges: float, *, changed: bool) -> float:
    # (1) what is lost, (2) how easily, (3) both, rounded up to one decimal
    lost = 1 - (1 - weight["C"]) * (1 - weight["I"]) * (1 - weight["A"])
    impact = 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 if changed else 6.42 * lost
    ease = 8.22 * weight["AV"] * weight["AC"] * privileges * weight["UI"]
    if impact <= 0:
        return 0.0
    return _rounded_up(min((1.08 if changed else 1.0) * (impact + ease), 10))


def _rounded_up(score: float) -> float:
    scaled = round(score * 100_000)
    return scaled / 100_000 if scaled % 10_000 == 0 else (math.floor(scaled / 10_000) + 1) / 10
