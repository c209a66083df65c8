"""What this machine keeps for the ledgers it writes, outside of every working copy.

::

    $XDG_DATA_HOME/standfast/ledgers/<id>/     by default ~/.local/share/standfast/ledgers/<id>/
      key          the signing key, mode 0600, unless it is in a device
      key-<id>     the one that it was handed over to
      anchor       the newest published checkpoint, unless it is kept on other media
      sealing-key, data-keys/   see `standfast.app.keeping.keyring`
      ledger.json  a `Known`
    $XDG_DATA_HOME/standfast/places/<digest>   the id of the ledger of the working copy at the path with that digest

The key is not in the working copy, because what is there is copied, archived and uploaded. The anchor is not there
either: who puts an old working copy back would put an old anchor back with it.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from standfast.app.storage.durable import own_folder, read_bounded, write_durably
from standfast.ledger.device import DeviceKey
from standfast.model import EvidenceError, LedgerError

_MOST = 100_000
_ID = re.compile(r"[0-9a-z]{4,64}\Z")


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What this machine knows of a ledger that it writes.

    ``required`` ledgers were set up by somebody; others the gate made for itself. ``witnesses`` are the verifier keys
    that somebody gave for the witnesses of this ledger: no other cosignature counts. ``devices`` says, by key id, where
    the keys are that are in no file. ``previous`` is the id of the ledger of the year before, which this one continues,
    and ``first`` that of the first one of them all; ``yearly`` says that another one follows when its year is over.
    ``authorities`` are the pinned certificates (PEM) of the time stamping authorities, by address: no other one counts.

    ``database`` says where the log is: in a file, or, with a ``schema``, in a database that several machines may share.
    What is kept beside the log is in ``folder``, which is that of the file where nothing else is said.
    """

    id: str
    origin: str
    root: str
    database: str
    anchor: str
    schema: str = ""
    folder: str = ""
    required: bool = False
    witnesses: tuple[str, ...] = ()
    devices: dict[str, DeviceKey] = {}
    previous: str = ""
    first: str = ""
    yearly: bool = False
    authorities: dict[str, str] = {}

    @property
    def lineage(self) -> str:
        """The id under which all of them keep what outlives a year: names, sentences, sealed content and its keys."""
        return self.first or self.id

    @property
    def beside(self) -> Path:
        """The folder of the files that this machine keeps beside the log."""
        return Path(self.folder) if self.folder else Path(self.database).parent

    @property
    def names(self) -> Path:
        """Where names and sentences are disclosed, of this ledger and of every one that it continues."""
        return self.beside / f"{self.lineage}.names"

    @property
    def sealed(self) -> Path:
        """Where sealed content is, of this ledger and of every one that it continues."""
        return self.beside / f"{self.lineage}.sealed"

    @property
    def mark(self) -> Path:
        """The file in the working copy by which it is found again where the working copy was moved to."""
        return self.file(".shared") if self.schema else Path(self.database)

    @property
    def is_gone(self) -> bool:
        """Whether the log is not where it was; of one on a server only the server can tell."""
        return not self.schema and not Path(self.database).is_file()

    @property
    def where(self) -> str:
        """Where the log is, as people read it."""
        return f"{self.database}, schema {self.schema}" if self.schema else self.database

    def moved(self, root: Path, mark: Path) -> "Known":
        """Return the same where the working copy is *root* by now, and *mark* in it."""
        if self.schema:
            return msgspec.structs.replace(self, root=str(root), folder=str(mark.parent))
        return msgspec.structs.replace(self, root=str(root), database=str(mark))

    def file(self, suffix: str) -> Path:
        """Return the file of this one ledger beside the log whose name ends with *suffix*."""
        return self.beside / f"{self.id}{suffix}"


class Home:
    """The folder of this user for all ledgers of this machine."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        base = Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
        self.folder = base / "standfast"

    def of(self, ledger: str) -> Path:
        """Return the folder of one ledger; it need not be there."""
        return self.folder / "ledgers" / ledger

    def make(self, ledger: str) -> Path:
        """Return the folder of one ledger, which is there and for its owner alone.

        Raises:
            LedgerError: It cannot be made.
        """
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            for folder in (self.folder, self.folder / "ledgers", self.folder / "places"):
                own_folder(folder)
            return own_folder(self.of(ledger))
        except (OSError, EvidenceError) as error:
            raise _unusable(self.folder, error) from error

    def keep(self, known: Known) -> None:
        """Make *known* durable, and let its working copy lead to it.

        Raises:
            LedgerError: It cannot be written.
        """
        try:
            if known.schema:
                write_durably(known.mark, f"{known.origin}\n".encode())
            write_durably(self.make(known.id) / "ledger.json", msgspec.json.encode(known))
            write_durably(self._place(Path(known.root)), known.id.encode())
        except EvidenceError as error:
            raise _unusable(self.folder, error) from error

    def known(self, ledger: str) -> Known | None:
        """Return what is known of the ledger with that id, or None where this machine does not write it.

        Raises:
            LedgerError: What is there cannot be read.
        """
        path = self.of(ledger) / "ledger.json"
        try:
            return msgspec.json.decode(read_bounded(path, _MOST), type=Known)
        except FileNotFoundError:
            return None
        except (EvidenceError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise LedgerError(
                "ledger-unknown", f"{path} cannot be read: {error}", hint="bring the file back from a copy"
            ) from error

    def at(self, root: Path) -> Known | None:
        """Return what is known of the ledger of the working copy *root*, or None where it has none.

        Raises:
            LedgerError: What is there cannot be read.
        """
        try:
            ledger = read_bounded(self._place(root), _MOST).decode("ascii", "replace")
        except FileNotFoundError:
            return None
        except EvidenceError as error:
            raise _unusable(self.folder, error) from error
        return self.known(ledger) if _ID.match(ledger) else None

    def _place(self, root: Path) -> Path:
        return self.folder / "places" / hashlib.sha256(os.fsencode(root)).hexdigest()


def _unusable(folder: Path, error: Exception) -> LedgerError:
    return LedgerError(
        "ledger-home-unusable",
        f"the keys of ledgers cannot be kept below {folder}: {error}",
        hint="fix the permissions, or name another folder by XDG_DATA_HOME",
    )
