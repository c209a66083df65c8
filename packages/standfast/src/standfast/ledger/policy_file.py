"""Reads a policy from its file: one line for each log, witness and group, and one for the quorum.

The file is bytes to the end: names are compared as they are written, and every doubtful line is an error.
"""

import re
from collections.abc import Callable, Sequence, Set

from standfast.ledger.policy import NOBODY, Group, Log, Policy, Witness
from standfast.ledger.verifier import LOG_KINDS, WITNESS_KINDS, SignatureKind, Verifier
from standfast.model import LedgerError, Problem

MAX_POLICY_BYTES = 256 * 1024
MAX_LINES = 2_000

_FORBIDDEN = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_COUNT = re.compile(rb"[1-9][0-9]{0,4}")


def parse_policy(data: bytes) -> Policy:
    """Return the policy that *data* is the file of.

    Raises:
        LedgerError: Any line is not as it must be; all such lines are named.
    """
    reader = _Reader()
    for number, line in enumerate(_lines(data), 1):
        items = [item for item in re.split(rb"[ \t]+", line) if item]
        if items and not items[0].startswith(b"#"):
            reader.take(f"line {number}", items)
    return reader.policy()


def _lines(data: bytes) -> list[bytes]:
    control = _FORBIDDEN.search(data)
    if len(data) > MAX_POLICY_BYTES or data.count(b"\n") > MAX_LINES:
        raise _refused([Problem("the file", f"{len(data)} bytes", f"at most {MAX_POLICY_BYTES} in {MAX_LINES} lines")])
    if control:
        raise _refused([Problem(f"byte {control.start()}", repr(control.group()), "tabs, newlines and text only")])
    if not data.endswith(b"\n"):
        raise _refused([Problem("the last line", "no newline", "a newline; the file may be cut off")])
    return data.split(b"\n")[:-1]


def _refused(problems: Sequence[Problem]) -> LedgerError:
    return LedgerError(
        "ledger-policy-malformed",
        "the policy cannot be used",
        hint="a line is `log <vkey>`, `witness <name> <vkey>`, `group <name> any|all|<k> <name>...` or `quorum <name>`",
        problems=tuple(problems),
    )


class _LineError(Exception):
    """What is wrong with the line being read."""

    def __init__(self, *, found: str, expected: str) -> None:
        super().__init__(found)
        self.found = found
        self.expected = expected


class _Reader:
    """Collects what the lines define, and what is wrong with them."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorums: list[bytes] = []
        self.names = {NOBODY}
        self.members: set[bytes] = set()
        self.problems: list[Problem] = []
        self.readers: dict[bytes, Callable[[list[bytes]], None]] = {
            b"log": self._log,
            b"witness": self._witness,
            b"group": self._group,
            b"quorum": self._quorum,
        }

    def take(self, where: str, items: list[bytes]) -> None:
        """Read one line that is neither empty nor a comment."""
        try:
            read = self.readers.get(items[0])
            if read is None:
                raise _LineError(found=repr(items[0][:40]), expected="log, witness, group or quorum")
            read(items[1:])
        except _LineError as error:
            self.problems.append(Problem(where, error.found, error.expected))
        except LedgerError as error:
            self.problems.append(Problem(where, error.message, "a verifier key that can be used"))

    def policy(self) -> Policy:
        """Return what the lines define together.

        Raises:
            LedgerError: A line was wrong, or there is not exactly one quorum.
        """
        if len(self.quorums) != 1 and not self.problems:
            self.problems.append(Problem("the file", f"{len(self.quorums)} quorum lines", "exactly one"))
        if self.problems:
            raise _refused(self.problems)
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorums[0])

    def _log(self, items: list[bytes]) -> None:
        key, address = _key_and_address(items, LOG_KINDS)
        if any(log.verifier.public == key.public for log in self.logs):
            raise _LineError(found="a log whose public key is listed before", expected="each log once")
        self.logs.append(Log(key, address))

    def _witness(self, items: list[bytes]) -> None:
        if not items:
            raise _LineError(found="no name", expected="witness <name> <vkey> [<address>]")
        key, address = _key_and_address(items[1:], WITNESS_KINDS)
        if any(witness.verifier.public == key.public for witness in self.witnesses):
            raise _LineError(found="a witness whose public key is listed before", expected="each witness once")
        self._define(items[0])
        self.witnesses.append(Witness(items[0], key, address))

    def _group(self, items: list[bytes]) -> None:
        if len(items) < 3:
            raise _LineError(found=f"{len(items)} items", expected="group <name> any|all|<k> <name>...")
        name, needed, *members = items
        for member in members:
            if member == NOBODY or member not in self.names:
                raise _LineError(found=f"the member {member[:40]!r}", expected="a witness or group of a line before")
            if member in self.members:
                raise _LineError(
                    found=f"the member {member[:40]!r} for the second time", expected="each name in one group, once"
                )
            self.members.add(member)
        self._define(name)
        self.groups.append(Group(name, _needed(needed, len(members)), tuple(members)))

    def _quorum(self, items: list[bytes]) -> None:
        if len(items) != 1 or items[0] not in self.names:
            raise _LineError(
                found=f"quorum {b' '.join(items)[:60]!r}", expected="one witness or group of a line before, or none"
            )
        self.quorums.append(items[0])

    def _define(self, name: bytes) -> None:
        if name in self.names:
            raise _LineError(found=f"the name {name[:40]!r}, which has a meaning already", expected="a name of its own")
        self.names.add(name)


def _needed(word: bytes, count: int) -> int:
    needed = {b"any": 1, b"all": count}.get(word) or (int(word) if _COUNT.fullmatch(word) else 0)
    if not 1 <= needed <= count:
        raise _LineError(found=f"the threshold {word[:40]!r}", expected=f"any, all, or 1 to {count}")
    return needed


def _key_and_address(items: list[bytes], kinds: Set[SignatureKind]) -> tuple[Verifier, bytes]:
    if not 1 <= len(items) <= 2:
        raise _LineError(found=f"{len(items)} items after the name", expected="a verifier key and at most an address")
    try:
        key = Verifier.from_vkey(items[0].decode())
    except UnicodeDecodeError as error:
        raise _LineError(found="a verifier key that is not UTF-8", expected="UTF-8") from error
    if key.kind not in kinds:
        raise _LineError(
            found=f"a key of type {int(key.kind)}",
            expected=f"type {' or '.join(str(int(kind)) for kind in sorted(kinds))}",
        )
    return key, items[1] if len(items) == 2 else b""
