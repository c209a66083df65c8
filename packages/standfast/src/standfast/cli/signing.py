"""The option of every command that a person has to sign."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])


def key_option(function: _F) -> _F:
    """Return *function* with the option ``--key``, which has to be given."""
    return click.option(
        "--key",
        required=True,
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Your key: SSH (Ed25519), or Ed25519 in a PEM file; [approvals.keys] names its public half.",
    )(function)
