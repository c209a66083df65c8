"""The kit is importable by itself and says which version it is."""

from importlib.metadata import version

import standfast_kit


def test_version_is_that_of_the_distribution() -> None:
    """What the module says is what the installed distribution says."""
    assert standfast_kit.__version__ == version("standfast-kit")
