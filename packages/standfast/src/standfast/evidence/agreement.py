"""When two reports of one kind contradict each other."""

from collections import Counter
from collections.abc import Iterator

from standfast.model import Evidence


def contradictions(ours: Evidence, theirs: Evidence) -> tuple[str, ...]:
    """Return each way in which two reports by the same tool cannot both be true.

    Reports by different tools (another ``scope``) rightly differ. Two by the same tool contradict each other where
    they list another number of findings for the same file, or none against some over equally many files.
    """
    if type(ours) is not type(theirs) or ours.scope != theirs.scope:
        return ()
    return tuple(_by_file(ours, theirs)) or tuple(_in_total(ours, theirs))


def _by_file(ours: Evidence, theirs: Evidence) -> Iterator[str]:
    left, right = _paths(ours), _paths(theirs)
    for path in sorted(left.keys() & right.keys()):
        if left[path] != right[path]:
            yield f"{path}: {left[path]} findings in one report of {ours.scope}, {right[path]} in another"


def _in_total(ours: Evidence, theirs: Evidence) -> Iterator[str]:
    examined = ours.examination.examined
    if examined is None or examined != theirs.examination.examined or ours.items.total == theirs.items.total:
        return
    yield (
        f"{ours.items.total} findings in {examined} {ours.examination.unit} in one report of {ours.scope}, "
        f"{theirs.items.total} in another"
    )


def _paths(evidence: Evidence) -> Counter[str]:
    return Counter(item.location.path for item in evidence.items.listed if item.location is not None)
