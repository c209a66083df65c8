"""Verify an audit bundle without Standfast, without a network, and without believing anything that is in it.

    python verify.py BUNDLE --policy auditor.policy [--since CHECKPOINT] [--from DATE --to DATE]
                            [--tsa CERTIFICATES.pem] [--people FILE]
    python verify.py population BUNDLE --policy auditor.policy --against deployments.csv
    python verify.py sample     BUNDLE --policy auditor.policy --n 45 --seed WORD [--population sha256:...]
    python verify.py show       BUNDLE --policy auditor.policy SESSION [--population sha256:...]
    python verify.py selftest   BUNDLE --policy auditor.policy

BUNDLE is a folder or a .tar file. The policy is your own copy: it holds the keys that you were given by another way.
Needed: Python 3.11 and the package `cryptography`. This one file is all there is to read; it imports nothing of ours.

Exit codes: 0 proven, 1 violation, 2 incomplete (each gap is named), 3 could not check. Never 0 on part of the work.

How it works: the policy names the key of the ledger, the key signs the checkpoint, the checkpoint holds the root of a
Merkle tree (RFC 6962, in the files of C2SP tlog-tiles), the tree holds the hash of every entry, and entries hold the
digests of the objects. Each step is computed again here. What a bundle says about itself is compared, never believed.
"""

import argparse
import gc
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from standfast.app.export.auditor.chains import Scope
from standfast.app.export.auditor.changes import COLUMNS
from standfast.app.export.auditor.deployments import KEYS, Compared, compared
from standfast.app.export.auditor.excerpts import Excerpt, bound_list, listed_rows
from standfast.app.export.auditor.files import Files, open_bundle
from standfast.app.export.auditor.findings import (
    INCOMPLETE,
    MAX_NOTE,
    MAX_POLICY,
    MOST,
    PROVEN,
    UNCHECKED,
    VIOLATION,
    Findings,
    RefusedError,
    shown,
)
from standfast.app.export.auditor.notes import (
    Policy,
    PolicyReader,
    Trusted,
)
from standfast.app.export.auditor.page import page
from standfast.app.export.auditor.people import MAX_PEOPLE, people_in
from standfast.app.export.auditor.samples import drawn
from standfast.app.export.auditor.selftest import selftest
from standfast.app.export.auditor.time_stamps import MAX_CERTIFICATES, certificates_in
from standfast.app.export.auditor.verification import Own, Verification

VERBS = ("verify", "population", "sample", "show", "selftest")


class Parser(argparse.ArgumentParser):
    """Reads the command line; where it is wrong, nothing was checked."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, with the exit code of what could not be checked."""
        self.print_usage(sys.stderr)
        self.exit(UNCHECKED, f"could not check: {message}\n")


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what is asked for; `verify` may be left out."""
    parser = Parser(prog="verify.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in VERBS:
        one = verbs.add_parser(verb)
        one.add_argument("bundle", type=Path)
        one.add_argument("--policy", type=Path, required=True, help="your own copy of the trust policy")
        if verb in ("verify", "population"):
            one.add_argument("--since", type=Path, help="a checkpoint that you kept")
            one.add_argument(
                "--people", type=Path, help="your own list of people and keys: a name and a key in each line"
            )
            one.add_argument("--tsa", type=Path, help="certificates (PEM) of time stamping authorities that you trust")
            one.add_argument("--from", dest="first", type=date.fromisoformat, help="the bundle must begin by then")
            one.add_argument("--to", dest="last", type=date.fromisoformat, help="the bundle must reach as far")
        if verb in ("sample", "show"):
            one.add_argument("--population", default="", help="the digest that the verification of the bundle said")
    verbs.choices["population"].add_argument("--against", type=Path, required=True, help="your own list (CSV)")
    verbs.choices["sample"].add_argument("--n", type=int, default=45, help="how many changes")
    verbs.choices["sample"].add_argument("--seed", required=True, help="a word of your choice")
    verbs.choices["show"].add_argument("session")
    words = [*arguments]
    if words and words[0] not in (*VERBS, "-h", "--help"):
        words.insert(0, "verify")
    return parser.parse_args(words)


def given(path: Path, most: int) -> bytes:
    """Return the bytes of a file that the auditor names."""
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > most:
        raise RefusedError(f"{path} has more than {most:,} bytes")
    return data


def say_scope(trusted: Trusted, scope: Scope) -> None:
    """Say first what is vouched for by whom, and what the bundle is about."""
    checkpoint = trusted.checkpoint
    if trusted.witnesses:
        print("witnessed by", ", ".join(f"{shown(name)} (at {at} s since 1970)" for name, at in trusted.witnesses))
    else:
        print("UNWITNESSED: nobody but the ledger itself vouches for this checkpoint")
    print(f"ledger {shown(checkpoint.origin)}: {checkpoint.size:,} entries, root {checkpoint.root.hex()}")
    about = (
        f"session {scope.session} only, in entries {scope.start:,} to {scope.end:,}" if scope.session else "all changes"
    )
    print(f"about {about}, from {scope.first} to {scope.last}")


def run(asked: argparse.Namespace, findings: Findings) -> None:
    """Do what is asked for."""
    policy = PolicyReader().read(given(asked.policy, MAX_POLICY))
    with open_bundle(asked.bundle) as files:
        if asked.verb == "selftest":
            for line in selftest(files, policy, findings):
                print(line)
        elif asked.verb in ("sample", "show"):
            excerpted(asked, files, policy, findings)
        else:
            whole(asked, files, policy, findings)


def excerpted(asked: argparse.Namespace, files: Files, policy: Policy, findings: Findings) -> None:
    """Prove single changes out of the bundle."""
    opened = Verification(files, policy, findings).begin()
    if opened is not None:
        say_scope(*opened[:2])
        bound_list(files, asked.population, findings)
        excerpt = Excerpt(files, opened[2], opened[1], findings)
        (sample if asked.verb == "sample" else show)(asked, files, excerpt, findings)


def own_things(asked: argparse.Namespace) -> Own:
    """Return what the auditor gave beside the policy."""
    since = given(asked.since, MAX_NOTE) if asked.since else None
    people = people_in(given(asked.people, MAX_PEOPLE)) if asked.people else None
    try:
        return Own(since, certificates_in(given(asked.tsa, MAX_CERTIFICATES)) if asked.tsa else (), people)
    except ValueError as error:
        raise RefusedError(f"{asked.tsa} holds no certificate in PEM: {error}") from error


def whole(asked: argparse.Namespace, files: Files, policy: Policy, findings: Findings) -> None:
    """Verify all of the bundle; for `population`, compare its deployments with the auditor's list."""
    logged: list[dict[str, Any]] = []

    def each(row: dict[str, Any]) -> None:
        logged.extend({key: one[key] for key in (*KEYS, "started_at")} for one in row["deployments"])

    verification = Verification(files, policy, findings, own_things(asked))
    result = verification.run(each if asked.verb == "population" else None)
    if result is None:
        return
    say_scope(result.trusted, result.scope)
    print(shown(verification.stamps.said()))
    for note in verification.notes:
        print(shown(note))
    print(f"population {result.population}; {result.objects:,} objects")
    for wanted, held, missing in (
        (asked.first, result.scope.first, asked.first and asked.first.isoformat() < result.scope.first),
        (asked.last, result.scope.last, asked.last and asked.last.isoformat() > result.scope.last),
    ):
        if missing:
            findings.add(INCOMPLETE, "period-short", "bundle.json", f"you asked for {wanted}, it is about {held}")
    if asked.verb == "population":
        if result.scope.session:
            findings.add(INCOMPLETE, "population-unproven", "bundle.json", "it is about one session only")
        say_compared(compared(asked.against, logged, result.scope), findings)


def say_compared(found: Compared, findings: Findings) -> None:
    """Say how two lists of deployments compare."""
    print(f"matched: {found.matched:,}; in your list, outside the period: {found.outside:,}")
    print(f"deployed but not logged: {found.unlogged:,}")
    print(f"logged but not deployed: {found.undeployed:,}")
    for text in found.not_logged:
        findings.add(VIOLATION, "deployed-not-logged", "deployment", text)
    for text in found.not_deployed:
        findings.add(INCOMPLETE, "logged-not-deployed", "deployment", text)


def sample(asked: argparse.Namespace, files: Files, excerpt: Excerpt, findings: Findings) -> None:
    """Draw a sample, and prove every entry of every change in it."""
    places: dict[str, str] = {}

    def rows() -> Iterator[tuple[str, str]]:
        flags, entries = COLUMNS.index("flags"), COLUMNS.index("entries")
        for cells in listed_rows(files):
            places[cells[0]] = cells[entries]
            yield cells[0], cells[flags]

    for stratum, name in drawn(rows(), asked.n, asked.seed):
        events = excerpt.events(name, places[name])
        print(f"{stratum:<24} {shown(name):<24} {len(events):>5} entries, {len(events) and events[0].at}")
    if len(places) < asked.n:
        print(f"the list has {len(places):,} changes, fewer than {asked.n:,}: all of them are drawn")


def show(asked: argparse.Namespace, files: Files, excerpt: Excerpt, findings: Findings) -> None:
    """Print the page of one change."""
    entries = next((cells[-1] for cells in listed_rows(files) if cells[0] == asked.session), None)
    if entries is None:
        raise RefusedError(f"the population of this bundle has no {asked.session[:80]!r}")
    for line in page(asked.session, excerpt.events(asked.session, entries), files, findings):
        print(line)


def main(arguments: Sequence[str]) -> int:
    """Verify, say what was found, and return the exit code."""
    findings = Findings()
    asked = parsed(arguments)
    gc.set_threshold(100_000, 50, 50)  # looking for cycles among millions of values that have none takes a tenth of it
    try:
        run(asked, findings)
    except RefusedError as error:
        findings.add(UNCHECKED, "refused", "what was given", str(error))
    except (OSError, MemoryError, RecursionError) as error:
        findings.add(UNCHECKED, "failed", "this program", f"{type(error).__name__}: {error}")
    for finding in findings.listed:
        print(finding)
    if sum(findings.counts.values()) > MOST:
        print(f"and {sum(findings.counts.values()) - MOST:,} more findings")
    code = findings.exit_code
    print({PROVEN: "proven", VIOLATION: "violation", INCOMPLETE: "incomplete", UNCHECKED: "could not check"}[code])
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
