"""Tell whether a load test watched its instances; pure."""

from collections.abc import Iterator

from standfast.evidence.load_test.schema import LoadTest
from standfast.model import Doubt


def unwatched(load: LoadTest) -> Iterator[Doubt]:
    """Yield that no instance was watched, or each one that was never sampled."""
    if not load.instances:
        yield Doubt("the load test did not watch what the instances use")
    for instance in load.instances:
        if not instance.samples:
            yield Doubt(f"{instance.instance} was not sampled")
