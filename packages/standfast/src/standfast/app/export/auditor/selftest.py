"""selftest: harm a copy, and see that it is noticed."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from itertools import chain

from standfast.app.export.auditor.chains import Scope
from standfast.app.export.auditor.files import Altered, Files
from standfast.app.export.auditor.findings import (
    INCOMPLETE,
    MAX_ABOUT,
    MAX_NOTE,
    UNCHECKED,
    VIOLATION,
    Findings,
    RefusedError,
)
from standfast.app.export.auditor.forger import Forger, Harm, bundled
from standfast.app.export.auditor.harms import OBJECT_HARM, STAMP_HARM, WAIVER_HARM, content_harms
from standfast.app.export.auditor.notes import Checkpoint, Key, Policy, parse_note
from standfast.app.export.auditor.tree import numbered
from standfast.app.export.auditor.verification import Own, Verification


def harms(files: Files, forger: Forger, checkpoint: Checkpoint, scope: Scope, signers: Sequence[Key]) -> Iterator[Harm]:
    """Yield ways to harm the bundle; the changes are made from its newest file of entries and an approval in it."""
    last = (scope.end - 1) // 256
    entries = forger.entries(last)
    path, index = numbered("entries", last, len(entries)), last * 256 + len(entries) - 1
    whole = bundled(entries)
    yield Harm(
        "one byte of an entry is flipped", {path: whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]}, {"entry-changed"}
    )
    yield Harm("an entry is dropped", {path: bundled(entries[:-1])}, {"entries-differ"})
    note = files.read("checkpoint", MAX_NOTE) or b""
    text, signatures = parse_note(note)
    forged = [(name, key, sig[:-1] + bytes([sig[-1] ^ 1])) for name, key, sig in signatures]
    lines = "".join(f"\u2014 {name} {b64encode(key + sig).decode()}\n" for name, key, sig in forged)
    yield Harm("a signature is forged", {"checkpoint": f"{text}\n{lines}".encode()}, {"signature-forged"})
    yield Harm("somebody else's key signs", {"checkpoint": forger.signed(checkpoint)}, {"signature-missing"})
    known = next(
        (key for key in signers if (key.name, key.id) in {(name, one) for name, one, _ in signatures}), forger.stolen
    )
    yield Harm(
        "a key is slipped in",
        {**forger.handover(known, note), "checkpoint": forger.signed(checkpoint)},
        {"key-not-introduced", "signature-missing"},
    )
    approvals = (
        one for one in forger.backwards(scope) if b'"kind":"approval.given"' in one[1] and b'"id":"p-' in one[1]
    )
    approval = next(approvals, None)
    if approval is not None:
        at, entry = approval
        swapped = re.sub(rb'"id":"p-[0-9a-z]{4}', b'"id":"p-evil', entry, count=1)
        changes, remade = forger.replaced(at, swapped)
        yield Harm("an approval is swapped, all hashes rebuilt", changes, {"root-differs"})
        changes["checkpoint"] = forger.signed(remade)
        yield Harm("an approval is swapped and signed with the stolen key", changes, {"forked"}, note)
    if index:
        dated = re.sub(rb'"at":"\d{4}', b'"at":"1999', entries[-1], count=1)
        changes, remade = forger.replaced(index, dated)
        changes["checkpoint"] = forger.signed(remade)
        yield Harm("an entry is dated back, signed with the stolen key", changes, {"time-went-back"})
        changes, earlier = forger.cut(index)
        changes["checkpoint"] = forger.signed(earlier)
        about = json.loads(files.read("bundle.json", MAX_ABOUT) or b"")
        changes["bundle.json"] = json.dumps(about | {"end": min(scope.end, earlier.size)}).encode()
        yield Harm("the ledger is rolled back, signed with the stolen key", changes, {"rolled-back"}, note)


def selftest(files: Files, policy: Policy, findings: Findings) -> Iterator[str]:
    """Yield one line for each harm; one that is not noticed is a violation, of this program."""
    sound = Verification(files, policy, findings)
    opened = sound.begin()
    if opened is None or findings.counts:
        findings.add(UNCHECKED, "selftest-impossible", "bundle", "it is not sound to begin with: verify it first")
        return
    trusted, scope, tree = opened
    before = Findings()
    Verification(files, policy, before).run()
    forger = Forger(files, tree, trusted.checkpoint)
    stolen = policy._replace(logs=(*policy.logs, forger.stolen), witnesses={}, groups={}, quorum=b"none")
    done: set[str] = set()
    signers = (*policy.logs, *(one.key for one in sound.keys))
    tried = harms(files, forger, trusted.checkpoint, scope, signers)
    for harm in chain(tried, content_harms(files, forger, scope)):
        found = Findings()
        used = stolen if "stolen key" in harm.title else policy
        try:
            Verification(Altered(files, harm.changes), used, found, Own(harm.since)).run()
        except RefusedError as error:
            found.add(UNCHECKED, "refused", "bundle", str(error))
        new = [one for one in found.listed if one not in before.listed]
        noticed = any(one.name in harm.named and one.code == harm.code for one in new)
        done.add(harm.title)
        names = ", ".join(sorted({one.name for one in new})) or "nothing"
        yield f"{'noticed ' if noticed else 'NOT NOTICED'}  {harm.title}: {names}"
        if not noticed:
            findings.add(VIOLATION, "harm-not-noticed", harm.title, f"expected {', '.join(harm.named)}")
    untried = [title for title in (STAMP_HARM, OBJECT_HARM, WAIVER_HARM) if title not in done]
    yield from (f"not tried  {title}: the bundle holds none" for title in untried)
    if len(done) + len(untried) < 12:
        text = f"{len(done)} of 12 harms: it holds no approval, or one entry only"
        findings.add(INCOMPLETE, "selftest-short", "bundle", text)
