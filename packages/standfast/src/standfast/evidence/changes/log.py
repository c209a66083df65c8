"""Read what ``git log`` and ``git cat-file`` print for programs; pure.

The log is one record per commit, opened by a record separator; its fields are parted by unit separators, which git
does not let into a name or a message line by itself: a message that holds one is refused, never guessed at.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from standfast.evidence.changes.schema import ChangedFile, Changes, Commit, Trailer
from standfast.evidence.repository.layout import language_of
from standfast.evidence.wording.people import Person, person
from standfast.evidence.wording.places import is_test
from standfast.model import EvidenceError, Examination

RECORD, UNIT, GROUP = "\x1e", "\x1f", "\x1d"
_TRAILERS = f"%(trailers:only,unfold,separator={GROUP})"
FIELDS = ("%H", "%P", "%aN", "%aE", "%an", "%ae", "%aI", "%cN", "%cE", "%cI", _TRAILERS, "%s")
FORMAT = "--format=" + "%x1e" + "%x1f".join(FIELDS).replace(GROUP, "%x1d") + "%x1f"
MAX_COMMITS = 20_000

_PROSE = (".md", ".markdown", ".rst", ".adoc", ".txt")
_CO_AUTHOR = ("co-authored-by", "co-author", "co-developed-by")


def read_changes(log: bytes, raw: bytes | None, *, base: str, head: str, shallow: bool) -> Changes:
    """Return the change that *log* tells; *raw* is the same range in git's raw format, for the signatures.

    Raises:
        EvidenceError: The log is not in the expected form, or the two outputs are about different commits.
    """
    signatures = None if raw is None else signed_commits(raw)
    commits = tuple(_commits(log, signatures or frozenset()))
    notes = ["the history is cut off (shallow clone)"] if shallow else []
    if signatures is None:
        notes.append("git did not show the raw commits, so nothing is known about signatures")
    touched = tuple(dict.fromkeys(file.path for commit in commits for file in commit.files))
    return Changes(
        examination=Examination(unit="commits", examined=len(commits), errors=len(notes), notes=tuple(notes)),
        head=head,
        base=base,
        commits=commits,
        authors=tuple(dict.fromkeys(_authors(commits))),
        sources=tuple(path for path in touched if _kind(path) == "source"),
        tests=tuple(path for path in touched if _kind(path) == "test"),
        documents=tuple(path for path in touched if _kind(path) == "document"),
        others=tuple(path for path in touched if _kind(path) == "other"),
    )


def _commits(log: bytes, signed: frozenset[str]) -> Iterator[Commit]:
    try:
        text = log.decode("utf-8", "replace")
    except UnicodeDecodeError as error:  # pragma: no cover  # "replace" never raises
        raise EvidenceError("git-log", "the log is not text") from error
    records = text.split(RECORD)
    if records[0].strip("\0\n"):
        raise EvidenceError("git-log", f"the log begins with {records[0][:40]!r}, not with a commit")
    if len(records) - 1 > MAX_COMMITS:
        raise EvidenceError(
            "git-log-too-long",
            f"the change has {len(records) - 1:,} commits, at most {MAX_COMMITS:,} are read",
            hint="give a nearer base with --base",
        )
    for record in records[1:]:
        yield _commit(record, signed)


def _commit(record: str, signed: frozenset[str]) -> Commit:
    parts = record.split(UNIT)
    if len(parts) != len(FIELDS) + 1:
        raise EvidenceError("git-log", f"a commit has {len(parts) - 1} fields, expected {len(FIELDS)}")
    commit_id, parents, *names, authored, committer, committer_email, committed, trailers, subject, files = parts
    author, recorded = Person(name=names[0], email=names[1]), Person(name=names[2], email=names[3])
    return Commit(
        id=commit_id,
        author=author,
        recorded_as=None if recorded == author else recorded,
        committer=Person(name=committer, email=committer_email),
        authored_at=_moment(authored),
        committed_at=_moment(committed),
        subject=subject,
        parents=tuple(parents.split()),
        trailers=tuple(_trailers(trailers)),
        files=tuple(_files(files)),
        signed=commit_id in signed,
    )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise EvidenceError("git-log", f"{text!r} is not the time of a commit") from error


def _trailers(text: str) -> Iterator[Trailer]:
    for line in text.split(GROUP):
        key, colon, value = line.partition(":")
        if colon and value.strip():
            yield Trailer(key.strip().casefold(), value.strip())


def _files(text: str) -> Iterator[ChangedFile]:
    """Yield the files of ``--numstat -z``: ``added<TAB>deleted<TAB>path<NUL>``, ``-`` for binary files."""
    for entry in text.split("\0"):
        stripped = entry.lstrip("\n")
        if not stripped:
            continue
        parts = stripped.split("\t", 2)
        if len(parts) != 3:
            raise EvidenceError("git-log", f"{stripped[:60]!r} is not a changed file")
        yield ChangedFile(parts[2], _lines(parts[0]), _lines(parts[1]))


def _lines(text: str) -> int | None:
    if text == "-":
        return None
    if not text.isdecimal() or len(text) > 12:
        raise EvidenceError("git-log", f"{text[:20]!r} is not a number of lines")
    return int(text)


def signed_commits(raw: bytes) -> frozenset[str]:
    """Return the ids of the commits in git's raw format that carry a signature header."""
    found: set[str] = set()
    current = ""
    for line in raw.decode("utf-8", "replace").split("\n"):
        if line.startswith("commit "):
            current = line.split(" ")[1].strip("\0")
        elif line.startswith(("gpgsig ", "gpgsig-sha256 ")):
            found.add(current)
    return frozenset(found)


def _authors(commits: Iterable[Commit]) -> Iterator[Person]:
    """Yield all who wrote something, under every name: the change itself may hold the mailmap that renames them."""
    for commit in commits:
        yield commit.author
        if commit.recorded_as is not None:
            yield commit.recorded_as
        yield from (person(value) for value in commit.values(*_CO_AUTHOR))


def _kind(path: str) -> str:
    if language_of(path) is not None:
        return "test" if is_test(path) else "source"
    return "document" if path.casefold().endswith(_PROSE) else "other"
