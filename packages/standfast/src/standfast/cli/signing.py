"""The options of every command that a person has to sign, or may."""

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from standfast.app.sessions.signing import Means

_F = TypeVar("_F", bound=Callable[..., Any])
_file = click.Path(path_type=Path, exists=True, dir_okay=False)


def signing_options(*, required: bool = True) -> Callable[[_F], _F]:
    """Return what gives a command its options for signing: how it is signed, as its argument ``means``.

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
        @click.option(
            "--to-sign",
            metavar="FILE",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Write the bytes that another program is to sign, and record nothing.",
        )
        @click.option("--signature", type=_file, help="The signature over these bytes: Ed25519, or a Sigstore bundle.")
        @click.option("--trusted-root", type=_file, help="By what a Sigstore bundle is verified, as it is enrolled.")
        @click.option("--signed", type=_file, help="The bytes themselves; `waive` asks for them with --signature.")
        @functools.wraps(function)
        def command(
            *args: object,
            key: Path | None,
            device: str | None,
            to_sign: Path | None,
            signature: Path | None,
            signed: Path | None,
            trusted_root: Path | None,
            **others: object,
        ) -> Any:  # noqa: ANN401  # what click hands over
            given = _Given(key, device, to_sign, signature, signed, trusted_root)
            return _until_written(lambda: function(*args, means=_means(given, required=required), **others))

        return command  # type: ignore[return-value]  # click calls it by the names of the options

    return decorate


class _Given(NamedTuple):
    """The options as they were given."""

    key: Path | None
    device: str | None
    to_sign: Path | None
    signature: Path | None
    signed: Path | None
    trusted_root: Path | None


def _means(given: _Given, *, required: bool) -> "Means | None":
    count = sum(one is not None for one in given[:4])
    if count > 1:
        raise click.UsageError("--key, --with, --to-sign and --signature exclude each other")
    if given.signature is None and (given.signed or given.trusted_root):
        raise click.UsageError("--signed and --trusted-root go with --signature")
    if not count and required:
        raise click.UsageError("say how you sign: --key, --with, --to-sign or --signature")
    if given.key is not None:
        from standfast.app.sessions.by_key import ByKey

        return ByKey(given.key)
    if given.device is not None:
        from standfast.app.sessions.by_authenticator import ByAuthenticator

        return ByAuthenticator(page_told)
    from standfast.app.sessions.detached import Detached, ToSign

    if given.to_sign is not None:
        return ToSign(given.to_sign)
    return None if given.signature is None else Detached(given.signature, given.signed, given.trusted_root)


def _until_written(run: Callable[[], Any]) -> Any:  # noqa: ANN401  # what the command returns
    """Return what *run* returns, or 0 where it wrote what is to be signed elsewhere, which is said."""
    from standfast.app.sessions.detached import BytesWrittenError
    from standfast.cli.saying import say

    try:
        return run()
    except BytesWrittenError as done:
        say(done.message)
        say(f"hint: {done.hint}", err=True)
        return 0


def page_told(address: str) -> None:
    """Say where the page is on which the authenticator is asked for, and open it where there is a browser."""
    from standfast.cli.saying import say

    say(f"touch your authenticator on this page, within three minutes: {address}", err=True)
    if sys.platform in ("darwin", "win32") or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        import webbrowser

        webbrowser.open(address)  # without a screen it would be a browser in this very terminal
