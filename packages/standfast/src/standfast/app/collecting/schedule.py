"""Run jobs in parallel: each after those it needs, the longest first."""

import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

import msgspec

Result = TypeVar("Result")


class Job(msgspec.Struct, frozen=True):
    """A job's needs by name, and how many seconds it took last time, or may take where it never ran."""

    after: tuple[str, ...] = ()
    seconds: float = 0.0


def cores() -> int:
    """Return how many processors this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def in_order(jobs: Mapping[str, Job]) -> tuple[str, ...]:
    """Return the names so that each comes after those it needs; needs that are no jobs are ignored.

    Raises:
        ValueError: Some jobs wait for each other; they are named.
    """
    done: list[str] = []
    left = dict(jobs)
    while left:
        ready = [name for name, job in left.items() if not any(need in left for need in job.after)]
        if not ready:
            raise ValueError(f"{', '.join(sorted(left))} wait for each other")
        done += sorted(ready, key=lambda name: left[name].seconds, reverse=True)
        for name in ready:
            del left[name]
    return tuple(done)


def run_all(
    jobs: Mapping[str, Job], work: Callable[[str], Result], *, workers: int, cancel: threading.Event
) -> dict[str, Result]:
    """Return what *work* gives for each job.

    When it raises, or when the person interrupts, *cancel* is set, every job that runs is waited for, and the first
    error is raised.
    """
    results: dict[str, Result] = {}
    waiting = list(in_order(jobs))
    running: dict[Future[Result], str] = {}
    with ThreadPoolExecutor(workers, thread_name_prefix="collect") as pool:
        try:
            while waiting or running:
                for name in [name for name in waiting if _may_start(jobs, name, results)][: workers - len(running)]:
                    waiting.remove(name)
                    running[pool.submit(work, name)] = name
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    results[running.pop(future)] = future.result()
        except BaseException:
            cancel.set()
            raise
    return results


def _may_start(jobs: Mapping[str, Job], name: str, results: Mapping[str, object]) -> bool:
    return all(need in results or need not in jobs for need in jobs[name].after)
