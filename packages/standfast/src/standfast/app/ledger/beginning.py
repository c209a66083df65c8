"""Begin the ledger that somebody asks for, after the one that there may have been."""

from pathlib import Path

import msgspec

from standfast.app.ledger import shared
from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.opening import GoneError, Wanted, begin, create, find, last_words, open_ledger
from standfast.ledger.anchor import AnchorFile
from standfast.model import Digest, LedgerError, UsageError


def initialise(root: Path, home: Home, wanted: Wanted, *, after_loss: bool) -> tuple[Known, str]:
    """Return the new ledger of the working copy *root* and its verifier key; its first entry is written.

    A ledger that the gate began for itself becomes the one that is wanted, unless another origin or a server is asked
    for: then the new one names the last checkpoint of that one.

    Raises:
        UsageError: There is one already that somebody set up.
        LedgerError: The one before is gone (unless *after_loss*), or none can be made.
    """
    before, follows = None, None
    try:
        before = _there(root, home, looked_for=after_loss)
    except GoneError as error:
        if not after_loss:
            raise
        follows = last_words(error.known)
    if before is not None:
        if before.required:
            raise UsageError("ledger-exists", f"this working copy has the ledger {before.origin} already")
        if wanted.origin is None and wanted.server is None and wanted.device is not None:
            raise UsageError(
                "ledger-exists",
                f"the gate began {before.origin} here, with its key in a file",
                hint="`standfast ledger init`, then hand it over to the device: `standfast ledger rotate-key`",
            )
        if wanted.origin is None and wanted.server is None:
            return _adopted(before, home, wanted)
        follows = last_words(before)
    return _begun(create(root, root.name, home, wanted), home, follows)


def _there(root: Path, home: Home, *, looked_for: bool) -> Known | None:
    """Return the ledger of *root*; one on a server is only *looked_for* where its loss matters."""
    known = find(root, home)
    if known is None or not known.schema or not looked_for:
        return known
    try:
        shared.opened(known).close()
    except LedgerError as error:
        if error.code != "ledger-missing":
            raise
        raise GoneError(known) from error
    return known


def _begun(known: Known, home: Home, follows: Digest | None) -> tuple[Known, str]:
    with open_ledger(known, home) as ledger:
        if not ledger.store.head().size:
            begin(ledger, follows=follows)
        return known, ledger.store.identity.vkey


def _adopted(before: Known, home: Home, wanted: Wanted) -> tuple[Known, str]:
    """Require the ledger *before*, and move its anchor to where it is wanted."""
    known = msgspec.structs.replace(before, required=True)
    if wanted.anchor is not None:
        held = AnchorFile(Path(before.anchor))
        AnchorFile.create(wanted.anchor.absolute(), held.read()).close()
        held.close()
        known = msgspec.structs.replace(known, anchor=str(wanted.anchor.absolute()))
    home.keep(known)
    return _begun(known, home, None)
