"""What an audit bundle holds is enough to decide its decisions again, and another verdict is named."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from audit_bundles import judged
from little_replays import Replays

from standfast.app.export import replaying
from standfast.app.export.auditor.findings import Findings
from standfast.app.replay import Replayed
from standfast.app.storage.store import Store
from standfast.model import Digest, sha256


@pytest.fixture(scope="module")
def replays(tmp_path_factory: pytest.TempPathFactory) -> Replays:
    """Return an office that no test adds to."""
    return Replays(tmp_path_factory.mktemp("replays"))


@pytest.fixture(scope="module")
def bundle(replays: Replays) -> Path:
    """Return its bundle."""
    return replays.exported()


def test_decisions_of_a_bundle_are_the_same_again(replays: Replays, bundle: Path) -> None:
    """From the standard, the waivers and the evidence in the bundle follows the recorded verdict, byte for byte."""
    ran = replays.replay(bundle)

    assert (ran.code, ran.out.splitlines()[-1]) == (0, "the same verdicts"), ran
    assert "the same, byte for byte" in ran.out


def test_archive_is_replayed_as_well(replays: Replays) -> None:
    """A tar file is replayed as a folder is."""
    assert replays.replay(replays.exported("own.tar")).code == 0


def test_gate_chooses_among_the_decisions(replays: Replays, bundle: Path) -> None:
    """Only the decisions about a gate are replayed where one is asked for; none at all is a gap."""
    one, none = (replays.replay(bundle, "--gate", gate) for gate in ("documentation", "no_such_gate"))

    assert (one.code, one.out.count("byte for byte")) == (0, 1), one
    assert (none.code, "nothing-to-replay" in none.out) == (2, True), none


def test_missing_input_is_incomplete(replays: Replays, bundle: Path, tmp_path: Path) -> None:
    """A decision whose context is not in the bundle cannot be computed again, which is a named gap."""
    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    digest = replays.decision().context[7:]
    (copy / "objects/sha256" / digest[:2] / digest[2:]).unlink()

    ran = replays.replay(copy)

    assert (ran.code, f"sha256:{digest[:12]}" in ran.out, "inputs are missing" in ran.out) == (2, True, True), ran


def test_harmed_bundle_is_not_replayed(replays: Replays, bundle: Path, tmp_path: Path) -> None:
    """A bundle that does not verify is a violation, whatever its decisions would come to."""
    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    entries = next(path for path in (copy / "tile/entries").rglob("*") if path.is_file())
    entries.write_bytes(entries.read_bytes().replace(b'"status":"', b'"statut":"', 1))

    ran = replays.replay(copy)

    assert (ran.code, "byte for byte" in ran.out) == (1, False), ran


def test_other_verdict_is_a_violation(tmp_path: Path) -> None:
    """A verdict that does not follow from its inputs, recorded with all digests right, is named, and where."""
    replays = Replays(tmp_path)
    said, store = replays.decision(), Store(replays.office.root)
    verdict = json.loads(store.get(said.verdict))
    verdict["results"][0]["outcome"] = "fail"
    changed = store.put(json.dumps(verdict, separators=(",", ":"), ensure_ascii=False).encode())
    replays.record(msgspec.structs.replace(said, verdict=changed))

    ran = replays.replay(replays.exported())

    assert ran.code == 1, ran
    assert "ANOTHER VERDICT" in ran.out
    assert "replay-differs: entry " in ran.out
    assert "$.results[0].outcome: says" in ran.out


def test_entry_that_names_other_inputs_is_a_violation(tmp_path: Path) -> None:
    """An entry that names another standard than its verdict is a violation, for both programs."""
    replays = Replays(tmp_path)
    replays.record(msgspec.structs.replace(replays.decision(), standard=sha256(b"another")))

    bundle = replays.exported()
    ran = replays.replay(bundle)
    alone = judged(bundle, "--policy", tmp_path / "auditor.policy")

    assert (ran.code, alone.code) == (1, 1)
    assert "the verdict has another standard than the entry says" in ran.out
    assert "the verdict has another standard than the entry says" in alone.out


@pytest.mark.parametrize(
    ("replayed", "code", "name"),
    [
        (Replayed(same=False, digest=sha256(b""), differences=("$.engine: x",), remarks=("engine: 0 not 1",)), 0, ""),
        (
            Replayed(same=False, digest=sha256(b""), differences=("$.x: y",), remarks=("engine: 0",), equal=False),
            3,
            "other-program",
        ),
        (
            Replayed(same=False, digest=sha256(b""), differences=("$.x: y",), remarks=(), equal=False),
            1,
            "replay-differs",
        ),
    ],
)
def test_another_program_is_no_violation(replayed: Replayed, code: int, name: str) -> None:
    """Where another version decides otherwise nothing was checked; where it decides the same, it is the same."""
    findings = Findings()

    replaying.compared(replayed, "entry 7", findings)

    assert (findings.exit_code, {*findings.names}) == (code, {name} - {""})


def test_what_was_given_is_refused_by_name(replays: Replays, bundle: Path, tmp_path: Path) -> None:
    """No policy, an empty one, a session that is not there, and options without a bundle are told apart."""
    (tmp_path / "empty.policy").write_text("")
    words = ("replay", replays.session, "--bundle", str(bundle))
    ran = [
        replays.office.run(*words),
        replays.office.run(*words, "--policy", str(tmp_path / "empty.policy")),
        replays.replay(bundle, session="S-99"),
        replays.office.run("replay", "verdict.json", "--gate", "x"),
        replays.office.run("replay", "verdict.json"),
    ]

    assert [one.code for one in ran] == [2, 3, 3, 2, 2]
    assert "has no 'S-99'" in ran[2].out
    assert "verdict.json cannot be read" in ran[4].err


def test_page_says_how_a_decision_is_computed_again(replays: Replays, bundle: Path, tmp_path: Path) -> None:
    """The page of a session names the program and the command, or what is missing for it."""
    policy = replays.folder / "auditor.policy"
    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    digest = Digest(replays.decision().context)[7:]
    (copy / "objects/sha256" / digest[:2] / digest[2:]).unlink()

    whole, lacking = (judged("show", one, "--policy", policy, replays.session) for one in (bundle, copy))

    assert f"`standfast replay {replays.session} --bundle BUNDLE --policy POLICY` computes it again" in whole.out
    assert "nobody can compute it again" in lacking.out
