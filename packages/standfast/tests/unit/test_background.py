"""A process that a test starts does not outlive it, so that one failure stays one."""

import gc
import signal
import sys

import pytest
from background import background, wait_for

SLEEPING = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


def test_process_is_reaped_where_the_test_fails() -> None:
    """After a failure the process is dead, its pipes are closed, and nothing is left to warn of."""
    with pytest.raises(AssertionError, match="as planned"), background(SLEEPING) as process:
        raise AssertionError("as planned")

    assert process.returncode == -signal.SIGKILL
    assert process.stdout is not None
    assert process.stdout.closed
    del process
    gc.collect()


def test_process_hears_a_signal_that_its_parent_ignores() -> None:
    """Where whoever runs the tests ignores Ctrl-C, the process hears it all the same."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with background(SLEEPING) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.send_signal(signal.SIGINT)
            wait_for(lambda: process.poll() is not None)
        kept = signal.getsignal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)

    assert process.returncode not in (0, -signal.SIGKILL)
    assert kept is signal.SIG_IGN
