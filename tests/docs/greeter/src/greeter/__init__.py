"""Says hello."""


def greet(name: str) -> str:
    """Return a greeting for *name*.

    Raises:
        ValueError: The name is empty.
    """
    if not name:
        raise ValueError("whom?")
    return f"Hello, {name}!"
