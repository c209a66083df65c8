"""What the greeter says."""

from greeter import greet


def test_greets_by_name() -> None:
    """A greeting names the person."""
    assert greet("Ana") == "Hello, Ana!"
