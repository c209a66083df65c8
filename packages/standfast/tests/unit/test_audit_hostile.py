"""A bundle made to harm whoever opens it gets a clear refusal: no crash, no full memory, nothing outside touched."""

import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import auditing as verify
import pytest
from audit_bundles import Audited, judged, sessions, verified


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """Return a ledger of two change sessions."""
    return Audited(tmp_path_factory.mktemp("hostile")).append(sessions(2))


@pytest.fixture(scope="module")
def original(audited: Audited) -> Path:
    """Return its bundle."""
    return audited.exported()


@pytest.fixture
def bundle(original: Path, tmp_path: Path) -> Path:
    """Return a copy of the bundle that a test may change."""
    return Path(shutil.copytree(original, tmp_path / "bundle"))


def linked(bundle: Path) -> None:
    """Put a link to a file outside in the place of the checkpoint."""
    (bundle / "checkpoint").unlink()
    (bundle / "checkpoint").symlink_to("/etc/hostname")


def linked_folder(bundle: Path) -> None:
    """Put a link to a folder outside in the place of the tiles."""
    shutil.rmtree(bundle / "tile")
    (bundle / "tile").symlink_to("/etc")


def piped(bundle: Path) -> None:
    """Put something that never ends into the bundle."""
    os.mkfifo(bundle / "population.pipe")


def oddly_named(bundle: Path) -> None:
    """Give a file a name that moves the cursor."""
    (bundle / "\x1b[2Jcheckpoint").touch()


def huge_checkpoint(bundle: Path) -> None:
    """Make the checkpoint a terabyte long, without a disk that holds it."""
    os.truncate(bundle / "checkpoint", 1 << 40)


def huge_tile(bundle: Path) -> None:
    """Make a tile a terabyte long."""
    os.truncate(bundle / "tile/0/000.p/43", 1 << 40)


def deep_json(bundle: Path) -> None:
    """Nest what the bundle says about itself too deeply."""
    (bundle / "bundle.json").write_bytes(b"[" * 100_000)


def no_json(bundle: Path) -> None:
    """Let what the bundle says about itself be no JSON."""
    (bundle / "bundle.json").write_bytes(b'{"format": "standfast-audit-bundle-1",')


def other_types(bundle: Path) -> None:
    """Let what the bundle says about itself be of other types."""
    (bundle / "bundle.json").write_text(json.dumps({"format": verify.FORMAT, "from": 1, "to": [], "session": {}}))


def beyond(bundle: Path) -> None:
    """Let the bundle claim more entries than were signed."""
    about = json.loads((bundle / "bundle.json").read_text())
    (bundle / "bundle.json").write_text(json.dumps(about | {"end": 1 << 70}))


def no_text(bundle: Path) -> None:
    """Let the checkpoint be no text."""
    (bundle / "checkpoint").write_bytes(b"\xff\xfe\0\0")


def odd_sums(bundle: Path) -> None:
    """Let the list of files name one outside."""
    with (bundle / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  ../../etc/passwd\n")


def long_line(bundle: Path) -> None:
    """Let the list of files be one line that never ends."""
    (bundle / "SHA256SUMS").write_bytes(b"a" * (verify.MAX_LINE + (2 << 20)))


REFUSED = (linked, linked_folder, piped, oddly_named, huge_checkpoint, huge_tile, deep_json, no_json, other_types,
           beyond, no_text, odd_sums, long_line)  # fmt: skip


@pytest.mark.parametrize("harm", REFUSED, ids=lambda harm: harm.__name__)
def test_hostile_folder_is_refused(audited: Audited, bundle: Path, harm: Callable[[Path], None]) -> None:
    """What no bundle holds is refused in one line, with the exit code of what could not be checked."""
    harm(bundle)

    ran = judged(bundle, "--policy", audited.policy)

    assert (ran.code, ran.err) == (3, ""), ran
    assert "NOT CHECKED  refused" in ran.out
    assert "\x1b" not in ran.out
    assert max(map(len, ran.out.splitlines())) < 500


def cut_tile(bundle: Path) -> None:
    """Cut a tile off."""
    os.truncate(bundle / "tile/0/000.p/43", 100)


def cut_entries(bundle: Path) -> None:
    """Cut a file of entries off in the middle of one."""
    os.truncate(bundle / "tile/entries/000.p/43", 1000)


def doubled_entry(bundle: Path) -> None:
    """Put the first entry twice into the file, and leave the last one out."""
    path = bundle / "tile/entries/000.p/43"
    entries = verify.entries_in(path.read_bytes(), 43)
    assert entries is not None
    path.write_bytes(verify.bundled([entries[0], *entries[:-1]]))


def odd_entry(bundle: Path) -> None:
    """Put JSON into an entry that no reader survives."""
    path = bundle / "tile/entries/000.p/43"
    entries = verify.entries_in(path.read_bytes(), 43)
    assert entries is not None
    path.write_bytes(verify.bundled([entries[0].replace(b'"body":{', b'"body":{"a":' + b"[" * 8000), *entries[1:]]))


def added_rows(bundle: Path) -> None:
    """Add a row to the list, which a spreadsheet would run."""
    with (bundle / "population.csv").open("a") as rows:
        rows.write("=cmd|'/C calc'!A0\n")


@pytest.mark.parametrize(
    "harm", [cut_tile, cut_entries, doubled_entry, odd_entry, added_rows], ids=lambda harm: harm.__name__
)
def test_damaged_file_is_a_violation(audited: Audited, bundle: Path, harm: Callable[[Path], None]) -> None:
    """What was cut off, doubled or put in is a violation, and no crash."""
    harm(bundle)

    ran = judged(bundle, "--policy", audited.policy)

    assert (ran.code, ran.err) == (1, ""), ran


def archive(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    """Return a tar file of *members*."""
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for member, data in members:
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


def link(name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
    """Return a member that is a link."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, target
    return member, b""


def plain(name: str) -> tuple[tarfile.TarInfo, bytes]:
    """Return a member that is a file."""
    return tarfile.TarInfo(name), b"data"


MEMBERS = {
    "outside": (plain("../../etc/passwd"),),
    "absolute": (plain("/etc/passwd"),),
    "within": (plain("tile/../../x"),),
    "twice": (plain("checkpoint"), plain("checkpoint")),
    "same": (plain("checkpoint"), plain("./checkpoint")),
    "link": (link("checkpoint", "/etc/passwd"),),
    "hidden": (plain(".bashrc"),),
    "option": (plain("-rf"),),
}


@pytest.mark.parametrize("members", MEMBERS.values(), ids=MEMBERS)
def test_hostile_archive_is_refused(
    audited: Audited, tmp_path: Path, members: tuple[tuple[tarfile.TarInfo, bytes], ...]
) -> None:
    """A tar file with names that lead out, links, or two files of one name is refused; nothing is unpacked."""
    path = archive(tmp_path / "bundle.tar", *members)

    ran = judged(path, "--policy", audited.policy)

    assert (ran.code, ran.err) == (3, ""), ran
    assert [one.name for one in tmp_path.iterdir()] == ["bundle.tar"]


def test_cut_archive_is_refused(audited: Audited, tmp_path: Path) -> None:
    """A tar file that was cut off anywhere is never proven."""
    whole = audited.exported("whole.tar").read_bytes()
    path = tmp_path / "cut.tar"

    codes = set()
    for end in (0, 100, 512, 700, 5000, len(whole) // 2, len(whole.rstrip(b"\0"))):
        path.write_bytes(whole[:end])
        codes.add(verified(path, audited.policy).exit_code)

    assert codes == {verify.UNCHECKED}


def test_compressed_archive_is_refused(audited: Audited, tmp_path: Path) -> None:
    """A compressed file is not unpacked, however little there may be in it."""
    path = tmp_path / "bundle.tar"
    path.write_bytes(b"\x1f\x8b\x08\0" + bytes(2000))

    assert "unpacked first" in judged(path, "--policy", audited.policy).out


@pytest.mark.parametrize("content", [b"", b"log x\n", b"quorum none", b"\0\n", b"quorum none\nquorum none\n"])
def test_doubtful_policy_is_refused(audited: Audited, original: Path, tmp_path: Path, content: bytes) -> None:
    """A policy that is doubtful in any way checks nothing."""
    policy = tmp_path / "auditor.policy"
    policy.write_bytes(content)

    assert judged(original, "--policy", policy).code == 3


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\n", b"deployment\n"])
def test_doubtful_listing_is_refused(audited: Audited, original: Path, tmp_path: Path, content: bytes) -> None:
    """A list of deployments without rows, or without a column that names one, compares nothing."""
    listing = tmp_path / "deployments.csv"
    listing.write_bytes(content)

    ran = judged("population", original, "--policy", audited.policy, "--against", listing)

    assert (ran.code, ran.err) == (3, ""), ran


def test_empty_folder_is_no_bundle(audited: Audited, tmp_path: Path) -> None:
    """A folder without a checkpoint is refused, and so is a path where nothing is."""
    assert "no bundle" in judged(tmp_path, "--policy", audited.policy).out
    assert judged(tmp_path / "none", "--policy", audited.policy).code == 3


def test_wrong_words_are_not_taken_for_a_result(original: Path) -> None:
    """A command line that is wrong is no violation and no gap: nothing was checked."""
    assert judged(original).code == 3
    assert judged("verify", original, "--policy", "/none").code == 3
