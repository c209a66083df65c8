"""Compute a stored verdict again from its inputs."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from standfast import __version__
from standfast.app.keeping.bodies import bodies_of
from standfast.app.ledger.home import Home
from standfast.app.modules.discovery import all_controls
from standfast.app.repository.project import find_root
from standfast.app.storage.store import Store
from standfast.evidence.codec import statement_of
from standfast.gates.decide import Context, decide, prepare
from standfast.model import Digest, EvidenceError, UsageError, Verdict, canonical_json, sha256

MAX_DIFFERENCES = 20
_PROGRAM = ("$.engine:", "$.inputs.controls:")
"""Where a verdict says which program decided it."""


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the recomputed bytes are the same, where they differ, and what else is different.

    ``equal`` is true as well where nothing differs but which program decided it.
    """

    same: bool
    digest: Digest
    differences: tuple[str, ...]
    remarks: tuple[str, ...]
    equal: bool = True


def replay(data: bytes, root: Path | None) -> Replayed:
    """Return how the verdict in *data* compares with what its stored inputs give.

    Raises:
        UsageError: *data* is not a verdict.
        EvidenceError: An input is missing from the store, or is not what it was.
    """
    with _kept((root or find_root(Path.cwd())).resolve()) as get:
        return recomputed(data, get)


def recomputed(data: bytes, get: Callable[[Digest], bytes]) -> Replayed:
    """Return how the verdict in *data* compares with what its inputs give, of which *get* returns the bytes.

    Raises:
        UsageError: *data* is not a verdict.
        StandfastError: *get* raised it, or an input is of another form than this program reads.
    """
    try:
        verdict = msgspec.json.decode(data, type=Verdict)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise UsageError(
            "verdict-malformed",
            f"this is not a verdict: {error}",
            hint="give the file that `standfast gate --format json` wrote",
        ) from error
    context = _context(get, verdict)
    statements = tuple(statement_of(get(digest), digest) for digest in verdict.inputs.evidence)
    prepared = prepare(context, all_controls())
    again = canonical_json(decide(context, prepared, statements))
    remarks = tuple(_remarks(verdict, prepared.controls))
    if again == data.rstrip(b"\n"):
        return Replayed(same=True, digest=sha256(again), differences=(), remarks=remarks)
    differences = tuple(_differences(msgspec.json.decode(data), msgspec.json.decode(again), "$"))
    return Replayed(
        same=False,
        digest=sha256(again),
        differences=differences[:MAX_DIFFERENCES] or ("the values are equal but not the bytes: it was reformatted",),
        remarks=remarks,
        equal=all(one.startswith(_PROGRAM) for one in differences),
    )


@contextmanager
def _kept(root: Path) -> Iterator[Callable[[Digest], bytes]]:
    """Give what returns the bytes of an input: from the evidence store, else as the ledger sealed them."""
    store, known = Store(root), Home().at(root)
    with contextlib.ExitStack() as stack:
        bodies = known and stack.enter_context(contextlib.closing(bodies_of(known, Home())))

        def get(digest: Digest) -> bytes:
            try:
                return store.get(digest)
            except EvidenceError as error:
                found = bodies.get(digest) if bodies and error.code == "object-missing" else None
                if found is None:
                    raise
                return found

        yield get


def _context(get: Callable[[Digest], bytes], verdict: Verdict) -> Context:
    try:
        return msgspec.json.decode(get(verdict.inputs.context), type=Context)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EvidenceError("context-malformed", f"the stored context cannot be read: {error}") from error


def _remarks(verdict: Verdict, controls: Digest) -> Iterator[str]:
    if verdict.engine != __version__:
        yield f"engine: the verdict is of {verdict.engine}, this is {__version__}"
    if verdict.inputs.controls != controls:
        yield f"controls: the verdict is of {verdict.inputs.controls:.19}, these are {controls:.19}"


def _differences(was: object, now: object, path: str) -> Iterator[str]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in sorted({*was, *now}):
            yield from _differences(was.get(key), now.get(key), f"{path}.{key}")
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (left, right) in enumerate(zip(was, now, strict=True)):
            yield from _differences(left, right, f"{path}[{index}]")
    elif was != now:
        yield f"{path}: says {_short(was)}, the inputs give {_short(now)}"


def _short(value: Any) -> str:  # noqa: ANN401  # decoded JSON
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 80 else f"{text[:77]}..."
