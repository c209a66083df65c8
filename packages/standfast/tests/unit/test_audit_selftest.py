"""The self-test of the auditor's program harms what a bundle holds, and says what it could not harm."""

from pathlib import Path

from audit_bundles import judged
from little_replays import Replays


def test_waiver_and_object_that_are_removed_are_noticed(tmp_path: Path) -> None:
    """In a bundle with a waiver, its removal with the stolen key is noticed, and that of an object as well."""
    replays = Replays(tmp_path)
    bundle = replays.exported()

    ran = judged("selftest", bundle, "--policy", tmp_path / "auditor.policy")

    assert "noticed   a waiver is removed, signed with the stolen key: " in ran.out, ran
    assert "noticed   a sealed object is removed: object-missing" in ran.out
    assert "not tried  a time stamp is put over another checkpoint" in ran.out
    assert (ran.code, "NOT NOTICED" in ran.out) == (2, False)  # no approval, so not all of it


def test_object_that_was_missing_before_is_not_called_noticed(tmp_path: Path) -> None:
    """Where an object is missing to begin with, the removal of another one still has to be noticed by itself."""
    replays = Replays(tmp_path)
    bundle = replays.exported()
    digest = replays.decision().context[7:]
    (bundle / "objects/sha256" / digest[:2] / digest[2:]).unlink()
    sums = bundle / "SHA256SUMS"
    sums.write_text("".join(line for line in sums.read_text().splitlines(keepends=True) if digest not in line))

    ran = judged("selftest", bundle, "--policy", tmp_path / "auditor.policy")

    assert "noticed   a sealed object is removed: " in ran.out, ran
    assert "NOT NOTICED" not in ran.out
