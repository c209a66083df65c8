"""The evidence store: content-addressed objects, and which statements are about which content.

::

    .standfast/
      objects/sha256/ab/cdef...          raw reports and statements, named by their digest
      subjects/<tree>/collected/<slot>   what a collector said about that content: a `Slot`, replaced as a whole
      subjects/<tree>/imported/<slot>    what an imported file said about it: a `Slot`
      runs/<collector>/<key>             what a tool left behind for one set of inputs
      lock                               held while a command collects or prunes
      ledger/<id>.db                     what was decided, and when; see `standfast.app.ledger`

Plain files and not a database: every one of them appears by an atomic rename, so there is nothing to repair after a
crash, two commands can write at once without waiting for each other, and the names can be rebuilt from the objects.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from standfast.app.storage.durable import own_folder, read_bounded, write_durably
from standfast.evidence.codec import statement_of, stored_form
from standfast.evidence.formats.sniff import MAX_REPORT_BYTES
from standfast.model import Digest, EvidenceError, Statement, sha256

FOLDER = ".standfast"
MAX_OBJECT_BYTES = MAX_REPORT_BYTES + 64 * 1024 * 1024
MAX_SLOT_BYTES = 10_000_000

NO_DIGEST = Digest("")
"""The digest of a statement that is yet to be stored."""

COLLECTED = "collected"
IMPORTED = "imported"

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_ABOUT = {
    "README": b"Evidence that Standfast collected or imported, and the ledger of what it decided. Do not commit it.\n",
    ".gitignore": b"*\n",
}


class Slot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one source says about one content: its statements, and the key they were made under."""

    source: str
    kinds: tuple[str, ...]
    statements: tuple[Digest, ...]
    key: str = ""


class Store:
    """The evidence store of one working copy. Every read proves the digest; every write is durable and atomic."""

    def __init__(self, root: Path) -> None:
        self.folder = own_folder(root / FOLDER)
        self._known: set[Path] = set()
        self._within()

    @property
    def lock(self) -> Path:
        """The file that commands lock while they collect or prune."""
        return self.folder / "lock"

    # Objects

    def put(self, data: bytes) -> Digest:
        """Store *data* and return its address.

        Raises:
            EvidenceError: It cannot be stored.
        """
        digest = sha256(data)
        path = self._object(digest, make=True)
        if _holds(path, digest):
            os.utime(path)  # young again, so that pruning in this moment leaves it
        else:
            write_durably(path, data)
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return the bytes that *digest* names.

        Raises:
            EvidenceError: They are not there, or not what they were.
        """
        path = self._object(digest)
        try:
            data = read_bounded(path, MAX_OBJECT_BYTES)
        except FileNotFoundError as error:
            raise EvidenceError(
                "object-missing", f"{digest:.19} is not in the store", hint="collect or import the evidence again"
            ) from error
        if sha256(data) != digest:
            raise EvidenceError(
                "object-corrupt",
                f"the stored bytes of {digest:.19} are not what they were",
                hint="`standfast evidence verify` lists all such; collect or import the evidence again",
            )
        return data

    def statement(self, digest: Digest) -> Statement:
        """Return the statement that *digest* names.

        Raises:
            EvidenceError: It is not there, not what it was, or not a statement.
        """
        return statement_of(self.get(digest), digest)

    def backed(self, digest: Digest) -> Statement:
        """Return the statement that *digest* names; the raw bytes that it was read from are there.

        Raises:
            EvidenceError: It, or what it was read from, is not there; or see `statement`.
        """
        statement = self.statement(digest)
        lost = [raw.name for raw in statement.raw if not self._object(raw.digest).is_file()]
        if lost:
            raise EvidenceError(
                "raw-missing",
                f"what the statement {digest:.19} was read from is not in the store: {', '.join(lost)}",
                hint="collect or import the evidence again",
            )
        return statement

    def keep(self, draft: Statement) -> Statement:
        """Store the statement *draft* and return it with the digest that it is stored under.

        Raises:
            EvidenceError: It cannot be stored.
        """
        return msgspec.structs.replace(draft, digest=self.put(stored_form(draft)))

    def objects(self) -> Iterator[tuple[Digest, Path]]:
        """Yield the address and the file of every object."""
        for file in sorted(self._within("objects", "sha256").glob("??/*")):
            digest = f"sha256:{file.parent.name}{file.name}"
            if _DIGEST.match(digest):
                yield Digest(digest), file

    # Slots: which statements are about which content

    def fill(self, tree: str, origin: str, slot: Slot) -> None:
        """Let *slot* be what its source says about the content *tree*, in place of what it said before.

        Raises:
            EvidenceError: It cannot be stored.
        """
        path = self._within("subjects", named(tree), origin) / f"{named(slot.source)}.json"
        write_durably(path, msgspec.json.encode(slot))

    def empty(self, tree: str, origin: str, source: str) -> None:
        """Forget what *source* said about the content *tree*."""
        path = self.folder / "subjects" / named(tree) / origin / f"{named(source)}.json"
        path.unlink(missing_ok=True)

    def slot(self, tree: str, origin: str, source: str) -> Slot | None:
        """Return what *source* said about the content *tree*, or None where that is not known."""
        path = self.folder / "subjects" / named(tree) / origin / f"{named(source)}.json"
        return _read_slot(path)

    def slots(self, tree: str, origin: str) -> Iterator[Slot]:
        """Yield what every source of that *origin* said about the content *tree*, by name.

        Raises:
            EvidenceError: A slot cannot be read.
        """
        for path in sorted((self.folder / "subjects" / named(tree) / origin).glob("*.json")):
            slot = _read_slot(path)
            if slot is None:
                raise EvidenceError(
                    "slot-malformed", f"{path} cannot be read", hint="remove it and collect or import again"
                )
            yield slot

    def trees(self) -> tuple[str, ...]:
        """Return the names of all contents that some evidence is about."""
        return tuple(sorted(entry.name for entry in self._within("subjects").iterdir() if entry.is_dir()))

    # Runs: what a tool left behind, by the key of its inputs

    def remember(self, collector: str, key: str, record: bytes) -> None:
        """Keep *record* as what *collector* left behind for *key*.

        Raises:
            EvidenceError: It cannot be stored.
        """
        write_durably(self._within("runs", named(collector)) / f"{named(key)}.json", record)

    def recall(self, collector: str, key: str) -> bytes | None:
        """Return what *collector* left behind for *key*, or None."""
        path = self.folder / "runs" / named(collector) / f"{named(key)}.json"
        try:
            return read_bounded(path, MAX_SLOT_BYTES)
        except (FileNotFoundError, EvidenceError):
            return None

    def runs(self, collector: str = "*") -> Iterator[Path]:
        """Yield the files that `remember` wrote, the newest first."""
        pattern = "*" if collector == "*" else named(collector)
        files = (self.folder / "runs").glob(f"{pattern}/*.json")
        yield from sorted(files, key=lambda file: file.lstat().st_mtime, reverse=True)

    def _object(self, digest: Digest, *, make: bool = False) -> Path:
        if not _DIGEST.match(digest):
            raise EvidenceError("digest-malformed", f"{digest!r} is not a sha256 digest")
        shard, rest = digest[7:9], digest[9:]
        folder = self.folder / "objects" / "sha256" / shard
        return (self._within("objects", "sha256", shard) if make else folder) / rest

    def _within(self, *names: str) -> Path:
        """Return a folder of the store, made where it is missing; a link anywhere on the way is refused."""
        folder = self.folder
        if folder not in self._known:
            for name, text in _ABOUT.items():
                if not (folder / name).exists():
                    write_durably(folder / name, text)
            self._known.add(folder)
        for name in names:
            folder /= name
            if folder not in self._known:
                self._known.add(own_folder(folder))
        return folder


def named(text: str) -> str:
    """Return *text* as a file name: short, without separators, and different for different texts."""
    plain = _NAME.sub("-", text).strip(".-") or "x"
    return plain if plain == text and len(plain) <= 120 else f"{plain[:80]}-{sha256(text.encode())[7:19]}"


def _holds(path: Path, digest: Digest) -> bool:
    try:
        return sha256(read_bounded(path, MAX_OBJECT_BYTES)) == digest
    except (FileNotFoundError, EvidenceError):
        return False


def _read_slot(path: Path) -> Slot | None:
    try:
        return msgspec.json.decode(read_bounded(path, MAX_SLOT_BYTES), type=Slot)
    except (FileNotFoundError, EvidenceError, msgspec.DecodeError, UnicodeDecodeError):
        return None
