"""Whose the keys are: the auditor's own list of people, compared with what the entries say."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from standfast.app.export.auditor.events import DIGEST, Event
from standfast.app.export.auditor.findings import INCOMPLETE, MOST, VIOLATION, Findings, RefusedError
from standfast.app.export.auditor.notes import from_base64

MAX_PEOPLE = 1_000_000
_LINE_WORDS = {"ed25519": 2, "sigstore": 4, "webauthn": 6}


def people_in(data: bytes) -> dict[str, str]:
    """Return the name of each key in the auditor's list, by the digest of the key.

    A line is a name, without spaces, and a key as it is enrolled, or its digest. A name that begins with `p-` is the
    pseudonym by which the entries speak of that person.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").removeprefix("\ufeff").splitlines(), 1):
        name, _, key = line.strip().partition(" ")
        if not name or name.startswith("#"):
            continue
        digest = key_digest(key.split())
        if not digest:
            raise RefusedError(f"people, line {number}: {key[:60]!r} is no key, like `ssh-ed25519 ...`, and no digest")
        if found.setdefault(digest, name) != name:
            raise RefusedError(f"people, line {number}: that key is of {found[digest][:60]!r} already")
    return found


def key_digest(words: list[str]) -> str:
    """Return the digest by which entries name the key that *words* enrol; empty where they are none."""
    kind = words[0] if words else ""
    if DIGEST.match(kind):
        return kind
    if kind == "ssh-ed25519" and len(words) > 1:
        blob = from_base64(words[1])
        return f"sha256:{sha256(blob).hexdigest()}" if blob else ""
    count = _LINE_WORDS.get(kind, 0)
    return f"sha256:{sha256(' '.join(words[:count]).encode()).hexdigest()}" if 0 < count <= len(words) else ""


class People:
    """Compares the auditor's list with every entry that says whose a key is, by enrolling it or by a signature."""

    def __init__(self, listed: dict[str, str] | None) -> None:
        self._listed = listed
        self._said: dict[tuple[str, str], int] = {}
        self._kept: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Whether there is a list to compare with."""
        return self._listed is not None

    def take(self, event: Event) -> None:
        """Note what *event* says about a key or a person."""
        if event.kind == "identity.linked":
            self._kept[event.text("other")] = event.text("kept")
        elif event.kind == "key.enrolled":
            if event.text("holder"):
                self._note(event.text("key"), event.text("holder"), event)
        elif isinstance(signed := event.body.get("signed"), dict) and signed.get("key"):
            self._note(str(signed["key"]), event.text("approver") or event.actor, event)

    def _note(self, key: str, who: str, event: Event) -> None:
        if len(self._said) < MOST * MOST:
            self._said.setdefault((key, who), event.entry)

    def judge(self, findings: Findings) -> None:
        """Name every key that the entries give to somebody else than the list does, and every key that it lacks."""
        if self._listed is None:
            return
        people: dict[str, dict[str, int]] = {}
        for (key, who), entry in self._said.items():
            person, name = self._person(who), self._listed.get(key)
            if name is None:
                text = f"the key {key:.19} of {person} is not in your list"
                findings.add(INCOMPLETE, "key-not-listed", f"entry {entry}", text)
            elif name.startswith("p-") and self._person(name) != person:
                text = f"the key {key:.19} is of {name} in your list, and of {person} here"
                findings.add(VIOLATION, "person-differs", f"entry {entry}", text)
            else:
                people.setdefault(name, {}).setdefault(person, entry)
        _one_each(people.items(), "in your list is here {}", findings)
        names: dict[str, dict[str, int]] = {}
        for name, held in people.items():
            for person, entry in held.items():
                names.setdefault(person, {})[name] = entry
        _one_each(names.items(), "has keys here that are of {} in your list", findings)

    def _person(self, who: str) -> str:
        """Return the pseudonym that stands for *who*: two of one person were linked by an entry."""
        for _ in range(MOST):
            if who not in self._kept:
                break
            who = self._kept[who]
        return who


def _one_each(pairs: Iterable[tuple[str, dict[str, Any]]], words: str, findings: Findings) -> None:
    for one, others in pairs:
        if len(others) > 1:
            text = f"{one} {words.format(' and '.join(sorted(others)))}"
            findings.add(VIOLATION, "person-differs", f"entry {max(others.values())}", text)
