"""Jobs run after those they need, never more at once than allowed, and stop together."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.app.collecting.schedule import Job, cores, in_order, run_all


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Job]:
    """Jobs of which each needs some of those before it."""
    jobs: dict[str, Job] = {}
    for number in range(draw(st.integers(0, 8))):
        needs = draw(st.lists(st.sampled_from(sorted(jobs)), unique=True, max_size=3)) if jobs else []
        jobs[f"job{number}"] = Job(tuple(needs), draw(st.floats(0, 1000)))
    return jobs


@settings(deadline=None)
@given(graphs(), st.integers(1, 4))
def test_every_job_runs_once_and_after_its_needs(jobs: dict[str, Job], workers: int) -> None:
    """The results are complete, needs come first, and no more than the allowed number run at once."""
    ended: list[str] = []
    running, most = set(), []
    lock = threading.Lock()

    def work(name: str) -> str:
        with lock:
            running.add(name)
            most.append(len(running))
            assert set(jobs[name].after) <= set(ended)
        with lock:
            running.remove(name)
            ended.append(name)
        return name.upper()

    results = run_all(jobs, work, workers=workers, cancel=threading.Event())

    assert results == {name: name.upper() for name in jobs}
    assert sorted(ended) == sorted(jobs)
    assert max(most, default=0) <= workers


@given(graphs())
def test_order_puts_needs_first_and_the_longest_of_the_ready_first(jobs: dict[str, Job]) -> None:
    """The order respects every need; among jobs without needs the longest comes first."""
    order = in_order(jobs)

    assert sorted(order) == sorted(jobs)
    assert all(order.index(need) < order.index(name) for name, job in jobs.items() for need in job.after)
    free = [jobs[name].seconds for name in order if not jobs[name].after]
    assert free == sorted(free, reverse=True)


def test_jobs_that_wait_for_each_other_are_named() -> None:
    """A circle is an error, not a wait without end."""
    with pytest.raises(ValueError, match="a, b wait for each other"):
        in_order({"a": Job(("b",)), "b": Job(("a",)), "c": Job()})


def test_need_that_is_no_job_is_no_obstacle() -> None:
    """What was reused needs not run."""
    assert run_all({"a": Job(("reused",))}, str.upper, workers=1, cancel=threading.Event()) == {"a": "A"}


def test_error_in_one_job_cancels_the_others() -> None:
    """The first error is raised after everything that runs was told to stop."""
    cancel = threading.Event()

    def work(name: str) -> None:
        if name == "bad":
            raise OSError("disk")
        assert cancel.wait(20)

    with pytest.raises(OSError, match="disk"):
        run_all({"bad": Job(), "long": Job(seconds=9)}, work, workers=2, cancel=cancel)

    assert cancel.is_set()


def test_at_least_one_processor_is_used() -> None:
    """Whatever the system says, something runs."""
    assert cores() >= 1
