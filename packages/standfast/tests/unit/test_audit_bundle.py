"""What an auditor's bundle proves, and what it names where it does not."""

import json
import shutil
import tarfile
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import auditing as verify
import msgspec
import pytest
from audit_bundles import OBJECTS, YEAR, Audited, judged, moved, sessions, verified
from command_line import standfast
from ledger_story import (
    ANA,
    BEA,
    CAY,
    DAN,
    FIRST,
    Story,
    actor,
    approval,
    compensated,
    decided,
    deployment,
    emergency,
    observed,
    whole_story,
)

from standfast.app.export.audit import Asked
from standfast.app.storage.store import Store
from standfast.ledger.bodies import DutyRules, EvidenceRecorded, GateDecided, Phase, Result
from standfast.ledger.chain import Head
from standfast.ledger.checkpoint import parse_checkpoint
from standfast.ledger.events import encode, leaf_digest
from standfast.ledger.note import cosign, parse_note
from standfast.ledger.people import People
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.stores.contract import Cosignature
from standfast.ledger.verifier import SignatureKind
from standfast.model import LedgerError, Status, UsageError, canonical_json, sha256

WITNESS = InsecureMemorySigner("witness.example/one", b"w" * 32, SignatureKind.COSIGNATURE)


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """Return a ledger of 15 change sessions, 316 entries in all: more than one file of them."""
    return Audited(tmp_path_factory.mktemp("audited")).append(sessions(15))


@pytest.fixture(scope="module")
def bundle(audited: Audited) -> Path:
    """Return its bundle, which no test changes."""
    return audited.exported()


def copied(bundle: Path, folder: Path) -> Path:
    """Return a copy of *bundle* that a test may change."""
    return Path(shutil.copytree(bundle, folder / "copy"))


def resealed(bundle: Path) -> None:
    """Write SHA256SUMS anew, as anybody can."""
    files = sorted(path for path in bundle.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = (f"{sha256(path.read_bytes())[7:]}  {path.relative_to(bundle)}\n" for path in files)
    (bundle / "SHA256SUMS").write_text("".join(lines))


def test_sound_bundle_is_proven(audited: Audited, bundle: Path) -> None:
    """A bundle as it was written is proven by its own verifier, in a process that knows no module of ours."""
    ran = judged(bundle, "--policy", audited.policy)

    assert (ran.code, ran.out.splitlines()[-1]) == (0, "proven"), ran
    assert ran.out.startswith("UNWITNESSED")
    assert "316 entries" in ran.out


def test_archive_is_proven_as_well(audited: Audited) -> None:
    """A tar file holds the same as a folder, in a form that other programs read."""
    archive = audited.exported("bundle.tar")

    with tarfile.open(archive) as tar:
        names = tar.getnames()
    assert {"README.md", "verify.py", "checkpoint", "policy", "population.csv", "SHA256SUMS"} <= {*names}
    assert verified(archive, audited.policy).exit_code == verify.PROVEN


def test_bundle_of_one_session_is_proven_for_it(audited: Audited) -> None:
    """A bundle of one closed session holds the entries around it, and says that it is about no more."""
    one = audited.exported("one", Asked(first=YEAR.first, last=YEAR.last, session="S-14"))

    ran = judged(one, "--policy", audited.policy)
    assert (ran.code, "session S-14 only" in ran.out) == (0, True), ran
    assert [*(one / "tile/entries").rglob("*")] != []
    assert not (one / "tile/entries/000").exists()
    assert json.loads((one / "population.json").read_text())[0]["id"] == "S-14"


def test_population_tells_each_change_in_a_row(bundle: Path) -> None:
    """The list has a row for every session: who approved it, what was decided, and what was deployed."""
    rows = json.loads((bundle / "population.json").read_text())

    assert [row["id"] for row in rows] == [f"S-{number}" for number in range(1, 16)]
    assert [(one["role"], one["by"]) for one in rows[0]["approvals"]] == [("security", "p-beaa"), ("release", "p-caya")]
    assert [one["result"] for one in rows[0]["deployments"]] == ["completed"]
    assert (bundle / "population.csv").read_text().count("\n") == 16


def test_period_chooses_the_changes(audited: Audited) -> None:
    """The population of a period is what was open on one of its days."""
    asked = Asked(first=date(2026, 1, 8), last=date(2026, 1, 9))

    rows = json.loads((audited.exported("days", asked) / "population.json").read_text())

    assert [row["id"] for row in rows] == ["S-3", "S-4", "S-5"]
    assert verified(audited.folder / "days", audited.policy).exit_code == verify.PROVEN


def test_longer_period_than_that_of_the_bundle_is_incomplete(audited: Audited, bundle: Path) -> None:
    """An auditor who asks for more days than the bundle is about is told so."""
    ran = judged(bundle, "--policy", audited.policy, "--from", "2025-12-01", "--to", "2026-12-31")

    assert (ran.code, "period-short" in ran.out) == (2, True)


def test_witness_is_named_and_a_quorum_is_asked_for(tmp_path: Path) -> None:
    """Where the policy asks for a witness, the cosigned checkpoint is proven, and another is a violation."""
    audited = Audited(tmp_path).append(sessions(1))
    plain = audited.exported("plain")
    with audited.machine.opened(audited.known) as ledger:
        note = ledger.store.checkpoint()
        text = parse_note(note).text
        line = cosign(text, WITNESS, 1_790_000_000).line
        ledger.store.keep_cosignature(Cosignature(parse_checkpoint(text).size, WITNESS.name, line.encode()))
    strict = tmp_path / "strict.policy"
    log = audited.policy.read_text().splitlines()[0]
    strict.write_text(f"{log}\nwitness one {WITNESS.vkey}\nquorum one\n")
    cosigned = audited.exported("cosigned", Asked(first=YEAR.first, last=YEAR.last, policy=strict.read_bytes()))

    assert verified(plain, strict).names == {"quorum-unmet"}
    ran = judged(cosigned, "--policy", strict)
    assert (ran.code, ran.out.startswith("witnessed by witness.example/one")) == (0, True), ran
    assert "(unwitnessed)" in (plain / "README.md").read_text()
    assert "Witnessed by witness.example/one" in (cosigned / "README.md").read_text()
    with pytest.raises(LedgerError, match="cosigned by"):
        audited.exported("more", Asked(first=YEAR.first, last=YEAR.last, policy=strict.read_bytes()))


def test_key_that_the_auditor_did_not_pin_proves_nothing(bundle: Path, tmp_path: Path) -> None:
    """The key in the bundle does not count: a checkpoint that no pinned key signed is a violation."""
    other = InsecureMemorySigner("ledger.example/other", b"o" * 32)
    policy = tmp_path / "other.policy"
    policy.write_text(f"log {other.vkey}\nquorum none\n")

    assert verified(bundle, policy).names == {"signature-missing"}


def test_ledger_continues_the_checkpoint_that_was_kept(tmp_path: Path) -> None:
    """The checkpoint from last time is compared; one that the ledger does not continue is a violation."""
    audited = Audited(tmp_path).append(sessions(2))
    kept = audited.checkpoint
    newer = audited.append(sessions(14, first=3)).exported("newer")
    other = Audited(tmp_path / "other").append(sessions(3))

    assert verified(newer, audited.policy, kept).exit_code == verify.PROVEN
    assert verified(newer, audited.policy, other.checkpoint).names == {"signature-missing"}


def test_rolled_back_ledger_is_named(tmp_path: Path) -> None:
    """A ledger with fewer entries than the kept checkpoint counts was put back."""
    audited = Audited(tmp_path).append(sessions(1))
    older = audited.exported("older")
    newer = audited.append(()).checkpoint  # by now it holds that a bundle was handed out

    assert "rolled-back" in verified(older, audited.policy, newer).names


HARMED = {
    "tile/entries/000": "entry-changed",
    "tile/entries/001.p/60": "entry-changed",
    "tile/0/000": "tile-changed",
    "tile/0/001.p/60": "root-differs",
    "tile/1/000.p/1": "root-differs",
    "checkpoint": "signature-forged",
    "population.csv": "population-differs",
    "population.json": "population-differs",
}


@pytest.mark.parametrize(("name", "expected"), HARMED.items(), ids=HARMED)
def test_flipped_bit_is_named(audited: Audited, bundle: Path, tmp_path: Path, name: str, expected: str) -> None:
    """One other bit in any file that matters is a violation with a name, also where the sums were made anew."""
    copy = copied(bundle, tmp_path)
    data = bytearray((copy / name).read_bytes())
    at = len(data) // 2 + (0 if name != "checkpoint" else 40)
    data[at] = data[at] ^ 1 if name != "checkpoint" else b"AB"[data[at : at + 1] == b"A"]  # another letter of base64
    (copy / name).write_bytes(data)
    resealed(copy)

    findings = verified(copy, audited.policy)

    assert expected in findings.names
    assert findings.exit_code == verify.VIOLATION


@pytest.mark.parametrize("name", ["tile/entries/000", "tile/0/000", "population.csv", "SHA256SUMS"])
def test_missing_file_is_a_gap(audited: Audited, bundle: Path, tmp_path: Path, name: str) -> None:
    """What is not there is named, and is never proven."""
    copy = copied(bundle, tmp_path)
    (copy / name).unlink()

    assert verified(copy, audited.policy).exit_code in (verify.INCOMPLETE, verify.VIOLATION)


def test_changed_object_is_named(audited: Audited, bundle: Path, tmp_path: Path) -> None:
    """An object whose bytes are not those of its name is a violation; one that is not there is a gap."""
    copy = copied(bundle, tmp_path)
    objects = sorted((copy / "objects").rglob("*"))
    files = [path for path in objects if path.is_file()]
    files[0].write_bytes(b"something else")
    files[1].unlink()
    resealed(copy)

    findings = verified(copy, audited.policy)

    assert {"object-changed", "object-missing"} <= findings.names
    assert len(files) == len(OBJECTS)


def test_object_past_its_retention_may_be_gone(tmp_path: Path) -> None:
    """Evidence that no longer had to be kept is no gap."""
    audited = Audited(tmp_path)
    story = Story()
    gone = EvidenceRecorded(evidence="lint", statement=sha256(b"gone"), tool="ruff", tree="a" * 40, keep_until=story.at)
    story.tell(gone)
    story.close(Result.ABANDONED)

    bundle = audited.append(moved(story, "S-1", story.at - story.at)).exported()

    assert verified(bundle, audited.policy).exit_code == verify.PROVEN


def test_unlogged_deployment_is_the_finding_that_matters(audited: Audited, bundle: Path, tmp_path: Path) -> None:
    """A deployment in the auditor's list that no entry tells of is a violation, the other way round a gap."""
    artifact = sha256(b"image")[7:]
    rows = [*[f"d-1,{artifact},2026-01-06"] * 14, f"d-7,{artifact},2026-02-01", "d-8,x,2025-01-01"]
    listing = tmp_path / "deployments.csv"
    listing.write_text("\n".join(["deployment,artifact,at", *rows, ""]))

    ran = judged("population", bundle, "--policy", audited.policy, "--against", listing)

    assert ran.code == 1
    assert "matched: 14; in your list, outside the period: 1" in ran.out
    assert "deployed but not logged: 1" in ran.out
    assert "logged but not deployed: 1" in ran.out
    assert f"line 16: deployment d-7, artifact {artifact}" in ran.out


def test_lists_that_agree_are_proven(audited: Audited, bundle: Path, tmp_path: Path) -> None:
    """Where both lists hold the same deployments, all is proven."""
    listing = tmp_path / "deployments.csv"
    listing.write_text("commit,environment\n" + f"{FIRST},production\n" * 15)

    assert judged("population", bundle, "--policy", audited.policy, "--against", listing).code == 0


def population_of(audited: Audited, bundle: Path) -> str:
    """Return the digest of the population that a full verification says."""
    line = next(one for one in judged(bundle, "--policy", audited.policy).out.splitlines() if "population" in one)
    return line.split()[1].rstrip(";")


def test_sample_is_the_same_for_the_same_seed(audited: Audited, bundle: Path) -> None:
    """The auditor's seed decides the sample, and each change in it is proven."""
    words = ("sample", bundle, "--policy", audited.policy, "--n", "4", "--population", population_of(audited, bundle))

    first, again, other = (judged(*words, "--seed", seed) for seed in ("one", "one", "two"))

    assert (first.code, first.out) == (0, again.out)
    assert first.out.count("21 entries") == 4
    assert first.out != other.out


def test_sample_from_an_unproven_list_is_incomplete(audited: Audited, bundle: Path) -> None:
    """Without the digest that the full verification says, nobody knows whether the list is complete."""
    ran = judged("sample", bundle, "--policy", audited.policy, "--seed", "one")

    assert (ran.code, "population-unproven" in ran.out) == (2, True)


def test_conspicuous_changes_are_half_of_a_sample() -> None:
    """Half of the sample is drawn from what is conspicuous, however rare it is; every stratum has its turn."""
    rows = [(f"S-{number}", "waiver" if number % 50 == 0 else "") for number in range(1000)]
    rows += [("S-bad", "unapproved off_hours"), ("S-late", "off_hours")]

    sample = verify.drawn(rows, 20, "seed")

    assert [stratum for stratum, _ in sample].count("ordinary") == 10
    assert {("unapproved", "S-bad"), ("off_hours", "S-late")} <= {*sample}
    assert len({name for _, name in sample}) == 20


def test_small_population_is_drawn_as_a_whole() -> None:
    """A sample is never larger than the list, and leaves nothing out where it could hold all."""
    rows = [("S-1", ""), ("S-2", "waiver"), ("S-3", "open")]

    assert {name for _, name in verify.drawn(rows, 45, "seed")} == {"S-1", "S-2", "S-3"}


def test_page_of_a_change_has_every_step(audited: Audited, bundle: Path) -> None:
    """The page of a whole change goes from the requirement to the lesson; its only gap is that nobody signed."""
    ran = judged("show", bundle, "--policy", audited.policy, "S-3", "--population", population_of(audited, bundle))

    assert [line for line in ran.out.splitlines() if line.startswith("GAP")] == ["GAP  an approval is not signed"], ran
    assert "approval.given        p-beaa" in ran.out


def test_gaps_of_a_change_are_marked(tmp_path: Path) -> None:
    """What a change lacks is on its page, and makes the answer incomplete."""
    story = Story().until(Phase.DEVELOPMENT)
    story.tell(observed(ANA))
    story.close(Result.ABANDONED)
    audited = Audited(tmp_path).append(moved(story, "S-1", story.at - story.at))

    ran = judged("show", audited.exported(), "--policy", audited.policy, "S-1")

    assert ran.code == 2
    assert "GAP  nobody approved it" in ran.out
    assert "GAP  no lesson is recorded" in ran.out


def test_every_harm_is_noticed(audited: Audited, bundle: Path) -> None:
    """The self-test harms copies in ten ways, and each is noticed and named."""
    before = {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}

    ran = judged("selftest", bundle, "--policy", audited.policy)

    assert ran.code == 0, ran
    assert ran.out.count("noticed ") == 10
    assert "NOT NOTICED" not in ran.out
    assert {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()} == before


def test_self_test_says_which_harms_it_could_not_try(tmp_path: Path) -> None:
    """A ledger without an approval cannot show that a swapped one is noticed; that is said."""
    audited = Audited(tmp_path)

    ran = judged("selftest", audited.exported(), "--policy", audited.policy)

    assert (ran.code, "selftest-short" in ran.out) == (2, True), ran


def test_export_is_recorded_before_it_is_there(tmp_path: Path) -> None:
    """The ledger holds that a bundle was handed out, under the digest of its list of files."""
    audited = Audited(tmp_path).append(sessions(1))

    made = audited.export("bundle")

    with audited.machine.opened(audited.known) as ledger:
        (newest,) = ledger.store.entries(made.size, made.size + 1)
    assert b'"kind":"ledger.exported"' in newest.leaf
    assert made.manifest.encode() in newest.leaf
    assert made.manifest == sha256((tmp_path / "bundle/SHA256SUMS").read_bytes())


def test_existing_path_is_left_alone(audited: Audited, bundle: Path) -> None:
    """A bundle is never written over something, and a failed export leaves nothing behind."""
    with pytest.raises(UsageError, match="already"):
        audited.exported()
    with pytest.raises(UsageError, match="no session"):
        audited.exported("none", Asked(first=YEAR.first, last=YEAR.last, session="S-99"))

    assert not [path.name for path in audited.folder.iterdir() if path.name.startswith((".new", "none"))]


def test_command_writes_the_bundle(tmp_path: Path) -> None:
    """`standfast export audit` writes the bundle of the working copy and says what the auditor runs."""
    audited = Audited(tmp_path).append(sessions(1))

    ran = standfast(
        "export", "audit", "--from", "2026-01-01", "--to", "2026-12-31", "-o", str(tmp_path / "b.tar"),
        cwd=audited.machine.root, **audited.machine.environment,
    )  # fmt: skip

    assert ran.code == 0, ran
    assert "1 changes, 9 objects, all below 22 entries" in ran.out
    assert "unwitnessed" in ran.err
    assert verified(tmp_path / "b.tar", audited.policy).exit_code == verify.PROVEN


def told(events: Iterable[bytes], *, swapped: tuple[str, str] = ("", ""), without: str = "-") -> verify.Change:
    """Return the change that *events* tell of, without one kind of them, or with another actor of one kind."""
    change = verify.Change("S-1", "session")
    for index, data in enumerate(events):
        event = verify.event_of(index, data, b"")
        assert event is not None
        if event.kind != without:
            change.take(event._replace(actor=swapped[1]) if event.kind == swapped[0] else event)
    return change


def test_conspicuous_changes_are_flagged() -> None:
    """A change is conspicuous without approval, with one by its author, or with none but the deployer's."""
    leaves = whole_story().bytes

    assert "unapproved" in told(leaves, without="approval.given").flags
    assert "gate_not_open" in told(leaves, without="gate.decided").flags
    assert "approved_by_author" in told(leaves, swapped=("approval.given", ANA)).flags
    assert "deployer_approved_alone" in told(leaves, swapped=("approval.given", DAN)).flags
    assert told(leaves).flags == {"off_hours"}


@pytest.mark.parametrize(
    ("roles", "hours", "late"),
    [(("security", "release"), 1, False), (("security",), 1, True), (("security", "release"), 30, True), ((), 1, True)],
    ids=["in time", "one role of two", "too late", "never"],
)
def test_emergencies_are_flagged(roles: tuple[str, ...], hours: float, late: bool) -> None:  # a case
    """An emergency is conspicuous, the more so where an approval in one of its roles came late or never."""
    story = Story().until(Phase.DEVELOPMENT)
    story.tell(observed(ANA))
    story.tell(emergency(DAN, story.at), DAN)
    for role, who in zip(roles, (BEA, CAY), strict=False):
        story.tell(approval(role, deployment="d-1"), who, hours=hours)

    flags = told(story.bytes).flags

    assert "emergency" in flags
    row = told(story.bytes).row()
    assert isinstance(row["flags"], list)
    assert ("emergency_not_approved" in row["flags"]) is late


@pytest.mark.parametrize(
    ("wait", "deployed_after", "flagged"),
    [(25, 25, False), (24, 25, True), (25, 3, True)],
    ids=["day", "less", "hasty"],
)
def test_waiting_time_is_computed_again(wait: float, deployed_after: float, flagged: bool) -> None:  # a case
    """A wait of less than a day, or one that nobody waited for, is named whatever the ledger let through."""
    story = Story(DutyRules(roles=("release",), compensation=True), People())
    leaves, head, at = list(story.bytes), story.state.head, story.at
    waiting = msgspec.structs.replace(compensated("release", at), not_before=at + timedelta(hours=wait))
    for body, after in ((waiting, 1), (deployment(ANA), deployed_after)):
        leaf = head.next(body, at=at + timedelta(hours=after), actor=actor(ANA))
        leaves.append(encode(leaf))
        head = head.after(leaf)

    assert ("short_wait" in told(leaves).flags) is flagged


def test_verdict_that_says_something_else_is_named(tmp_path: Path) -> None:
    """A verdict in the bundle that is not what its decision says, or whose evidence is not there, is noticed."""
    audited = Audited(tmp_path)
    store, statement = Store(audited.machine.root), sha256(b"a statement")
    verdict = store.put(canonical_json(_verdict(decided(), statement)))
    listed = sha256(canonical_json([statement]))
    true = msgspec.structs.replace(decided(), verdict=verdict, evidence=listed, evidence_count=1)
    story = Story()
    for body in (observed(ANA), true, msgspec.structs.replace(true, status=Status.FAIL)):
        story.leaves.append(head_of(story).next(body, at=story.at, actor=story.leaves[0].actor))

    findings = verified(audited.append(story.leaves).exported(), audited.policy)

    assert [one.where for one in findings.listed if one.name == "verdict-differs"] == ["entry 4"]
    assert [f"{statement:.19}" in one.text for one in findings.listed if one.name == "object-missing"] == [True]


def _verdict(said: GateDecided, statement: str) -> dict[str, object]:
    """Return the part of a verdict that its decision tells of."""
    inputs = {"standard": said.standard, "context": said.context, "controls": said.controls, "evidence": [statement]}
    return {"status": said.status, "subject": {"tree": said.tree}, "inputs": inputs}


def head_of(story: Story) -> Head:
    """Return where the chain of *story* ends, whatever its rules say of it."""
    newest = story.leaves[-1]
    return Head(chain=newest.session, count=newest.number, last=leaf_digest(encode(newest)), at=newest.at)
