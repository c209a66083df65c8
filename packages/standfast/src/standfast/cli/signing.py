"""The options of every command that a person has to sign, or may."""

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from standfast.app.sessions.signing import Means

_F = TypeVar("_F", bound=Callable[..., Any])
_file = click.Path(path_type=Path, exists=True, dir_okay=False)


def signing_options(*, required: bool = True) -> Callable[[_F], _F]:
    """Return what gives a command the options ``--key`` and ``--with``: how it is signed, as its argument ``means``.

    Where that is not *required*, ``means`` is None when none of them was given.
    """

    def decorate(function: _F) -> _F:
        @click.option("--key", type=_file, help="Your key: SSH (Ed25519), or Ed25519 in a PEM file.")
        @click.option(
            "--with",
            "device",
            type=click.Choice(["webauthn"]),
            help="Sign with your authenticator, on a page of this machine whose address is printed.",
        )
        @functools.wraps(function)
        def command(*args: Any, key: Path | None, device: str | None, **others: Any) -> Any:  # noqa: ANN401  # click's
            return function(*args, means=_means(key, device, required=required), **others)

        return command  # type: ignore[return-value]  # click calls it by the names of the options

    return decorate


def _means(key: Path | None, device: str | None, *, required: bool) -> "Means | None":
    given = [one for one in (key, device) if one is not None]
    if len(given) > 1:
        raise click.UsageError("--key and --with exclude each other")
    if not given and required:
        raise click.UsageError("say how you sign: --key or --with")
    if key is not None:
        from standfast.app.sessions.by_key import ByKey

        return ByKey(key)
    if device is None:
        return None
    from standfast.app.sessions.by_authenticator import ByAuthenticator

    return ByAuthenticator(page_told)


def page_told(address: str) -> None:
    """Say where the page is on which the authenticator is asked for, and open it where there is a browser."""
    from standfast.cli.saying import say

    say(f"touch your authenticator on this page, within three minutes: {address}", err=True)
    if sys.platform in ("darwin", "win32") or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        import webbrowser

        webbrowser.open(address)  # without a screen it would be a browser in this very terminal
