"""The tests of Bandit 1.9 and the weakness (CWE) that each looks for; its report does not list what was on."""

from collections.abc import Mapping
from typing import Any

from standfast.evidence.formats.sarif import Rule

# As Bandit says, but for B701: a template without escaping is a hole in the output (79), not in the programme (94).
CWES: dict[str, int] = {
    "B101": 703,
    "B102": 78,
    "B103": 732,
    "B104": 605,
    "B105": 259,
    "B106": 259,
    "B107": 259,
    "B108": 377,
    "B109": 200,
    "B110": 703,
    "B111": 732,
    "B112": 703,
    "B113": 400,
    "B201": 94,
    "B202": 22,
    "B301": 502,
    "B302": 502,
    "B303": 327,
    "B304": 327,
    "B305": 327,
    "B306": 377,
    "B307": 78,
    "B308": 79,
    "B310": 22,
    "B311": 330,
    "B312": 319,
    "B313": 20,
    "B314": 20,
    "B315": 20,
    "B316": 20,
    "B317": 20,
    "B318": 20,
    "B319": 20,
    "B321": 319,
    "B323": 295,
    "B324": 327,
    "B401": 319,
    "B402": 319,
    "B403": 502,
    "B404": 78,
    "B405": 20,
    "B406": 20,
    "B407": 20,
    "B408": 20,
    "B409": 20,
    "B411": 20,
    "B412": 284,
    "B413": 327,
    "B415": 319,
    "B501": 295,
    "B502": 327,
    "B503": 327,
    "B504": 327,
    "B505": 326,
    "B506": 20,
    "B507": 295,
    "B508": 319,
    "B509": 319,
    "B601": 78,
    "B602": 78,
    "B603": 78,
    "B604": 78,
    "B605": 78,
    "B606": 78,
    "B607": 78,
    "B608": 89,
    "B609": 155,
    "B610": 89,
    "B611": 89,
    "B612": 94,
    "B613": 838,
    "B614": 502,
    "B615": 494,
    "B701": 79,
    "B702": 80,
    "B703": 80,
    "B704": 79,
}


def active_rules(configured: Mapping[str, Any] | None) -> tuple[Rule, ...]:
    """Return the tests that are on with ``[tool.bandit]`` as *configured*."""
    chosen = _ids(configured, "tests") or CWES.keys()
    skipped = _ids(configured, "skips")
    return tuple(Rule(name, (cwe,)) for name, cwe in CWES.items() if name in chosen and name not in skipped)


def _ids(configured: Mapping[str, Any] | None, key: str) -> set[str]:
    given = (configured or {}).get(key, ())
    words = given.replace(",", " ").split() if isinstance(given, str) else given
    return {str(word) for word in words} if isinstance(words, list | tuple) else set()
