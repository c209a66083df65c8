"""The time stamps in a bundle are believed for pinned certificates, and named where they do not hold."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import auditing as verify
import pytest
from audit_bundles import Audited, judged, sessions, verified
from ledger_story import whole_story
from little_authority import LittleAuthority

from standfast.ledger.note import parse_note
from standfast.ledger.stores.contract import TimeStamp
from standfast.ledger.timestamp import request


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LittleAuthority:
    """An authority that the auditor pins."""
    return LittleAuthority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory, authority: LittleAuthority) -> Audited:
    """Return a ledger that was stamped, then grew by the export of a bundle, and was stamped again."""
    made = Audited(tmp_path_factory.mktemp("stamped")).append(sessions(1))
    stamp(made, authority)
    made.exported("earlier")
    stamp(made, authority)
    return made


@pytest.fixture(scope="module")
def bundle(audited: Audited) -> Path:
    """Return its bundle, which no test changes."""
    return audited.exported()


def stamp(audited: Audited, authority: LittleAuthority, address: str = "https://tsa.example") -> None:
    """Keep what *authority* answers now about the newest checkpoint."""
    with audited.machine.opened(audited.known) as ledger:
        note = ledger.store.checkpoint()
        size = ledger.store.head().size
        ledger.store.keep_time_stamp(
            TimeStamp(size, address, authority.answer(request(parse_note(note).text.encode(), 7)))
        )


def test_pinned_stamps_are_proven(audited: Audited, bundle: Path, authority: LittleAuthority) -> None:
    """With the certificate of the authority, it is said up to where and until when the ledger is time-stamped."""
    ran = judged(bundle, "--policy", audited.policy, "--tsa", authority.root)

    assert (ran.code, ran.out.splitlines()[-1]) == (0, "proven"), ran
    assert "time-stamped up to 23 entries: 20" in ran.out
    assert "UTC by CN=Stamps" in ran.out
    assert sorted(path.name for path in (bundle / "stamps").iterdir()) == [
        "22-1.tsr", "22.checkpoint", "23-1.tsr", "23.checkpoint",
    ]  # fmt: skip


def test_unpinned_stamps_are_not_said_to_be_proven(audited: Audited, bundle: Path) -> None:
    """Without a certificate nothing is said about the time, but that it was not checked."""
    ran = judged(bundle, "--policy", audited.policy)

    assert ran.code == 0, ran
    assert "TIME STAMPS NOT CHECKED: 2 are in the bundle" in ran.out
    assert "time-stamped up to" not in ran.out


def test_bundle_without_stamps_says_so(tmp_path: Path, authority: LittleAuthority) -> None:
    """Who pins an authority and finds no stamp of it has an incomplete proof; who pins none is told."""
    audited = Audited(tmp_path)
    bundle = audited.exported()

    plain, asked = (judged(bundle, "--policy", audited.policy, *more) for more in ((), ("--tsa", authority.root)))

    assert (plain.code, "NOT TIME-STAMPED" in plain.out) == (0, True)
    assert (asked.code, "INCOMPLETE  time-stamp-missing" in asked.out) == (2, True)


def test_stamps_of_others_are_not_counted(audited: Audited, bundle: Path, tmp_path: Path) -> None:
    """Stamps that lead to no pinned certificate prove nothing, and are no violation."""
    other = LittleAuthority(tmp_path / "other")

    assert verified(bundle, audited.policy, authorities=other.root.read_bytes()).names == {"time-stamp-missing"}


def test_one_of_two_authorities_is_enough(tmp_path: Path, authority: LittleAuthority) -> None:
    """Of the stamps of two authorities those count that the auditor can verify; how many others there are is said."""
    audited = Audited(tmp_path)
    stamp(audited, authority)
    stamp(audited, LittleAuthority(tmp_path / "other", key="p256"), "https://other.example")

    ran = judged(audited.exported(), "--policy", audited.policy, "--tsa", authority.root)

    assert (ran.code, "1 of 2 lead to no certificate of yours" in ran.out) == (0, True), ran


def swapped(bundle: Path) -> None:
    """Put each stamp in the place of the other."""
    first, second = bundle / "stamps/22-1.tsr", bundle / "stamps/23-1.tsr"
    data = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(data)


def beyond(bundle: Path) -> None:
    """Say that a stamp is over entries that nobody has."""
    (bundle / "stamps/23-1.tsr").rename(bundle / "stamps/24-1.tsr")


def retold(bundle: Path) -> None:
    """Write another text beside a stamp."""
    (bundle / "stamps/22.checkpoint").write_text("ledger.example\n22\nAAAA\n")


def cut(bundle: Path) -> None:
    """Cut a stamp off."""
    path = bundle / "stamps/22-1.tsr"
    path.write_bytes(path.read_bytes()[:-1])


def resigned(bundle: Path) -> None:
    """Change the last byte of the signature."""
    path = bundle / "stamps/23-1.tsr"
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        (swapped, "time-stamp-differs"),
        (beyond, "time-stamp-differs"),
        (retold, "time-stamp-differs"),
        (cut, "time-stamp-malformed"),
        (resigned, "time-stamp-wrong"),
    ],
)
@pytest.mark.parametrize("pinned", [True, False])
def test_harmed_stamp_is_named(
    audited: Audited,
    bundle: Path,
    authority: LittleAuthority,
    tmp_path: Path,
    harm: Callable[[Path], None],
    name: str,
    *,
    pinned: bool,
) -> None:
    """A stamp over something else, and one that is not what was signed, is a violation, pinned or not."""
    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    harm(copy)

    findings = verified(copy, audited.policy, authorities=authority.root.read_bytes() if pinned else b"")

    assert name in findings.names
    assert findings.exit_code == verify.VIOLATION


def test_entry_dated_back_behind_a_stamp_is_named(tmp_path: Path, authority: LittleAuthority) -> None:
    """An entry that follows a stamp cannot be of a day before it."""
    audited = Audited(tmp_path).append(sessions(1))
    stamp(audited, authority)
    audited.append(sessions(1, first=2))

    findings = verified(audited.exported(), audited.policy, authorities=authority.root.read_bytes())

    named = [one for one in findings.listed if one.name == "time-stamp-contradicts"]
    assert [(one.where, one.text.endswith("dated back")) for one in named] == [("entry 22", True)]


def test_entry_dated_ahead_of_a_stamp_is_named() -> None:
    """An entry that a stamp is over cannot be of a time after it; a few minutes are allowed to the clocks."""
    findings = verify.Findings()
    stamps = verify.Stamps((), findings)
    stamps.latest[7] = "2026-01-06T09:05:00"
    event = verify.event_of(7, whole_story().bytes[0], b"")
    assert event is not None

    for at in ("2026-01-06T09:05:00", "2026-01-06T09:05:01"):
        stamps.compare(event._replace(at=at))

    assert [(one.name, one.text[-11:]) for one in findings.listed] == [("time-stamp-contradicts", "dated ahead")]


def test_expired_certificate_proves_no_time(tmp_path: Path) -> None:
    """A stamp by a certificate that was over at its moment is a violation."""
    audited = Audited(tmp_path)
    authority = LittleAuthority(tmp_path / "tsa", days="30")
    short = LittleAuthority(tmp_path / "short", days="-1")
    text = parse_note(audited.checkpoint).text.encode()
    content = _content(authority, text)
    with audited.machine.opened(audited.known) as ledger:
        ledger.store.keep_time_stamp(TimeStamp(1, "https://tsa.example", short.signed_anyway(content)))

    findings = verified(audited.exported(), audited.policy, authorities=short.root.read_bytes())

    assert findings.names == {"time-stamp-wrong", "time-stamp-missing"}


def _content(authority: LittleAuthority, text: bytes) -> bytes:
    """Return what *authority* says about *text*, without its signature."""
    folder = authority.folder
    (folder / "whole").write_bytes(authority.answer(request(text, 7)))
    for words in (("-token_out", "-in", "whole", "-out", "token"),):
        subprocess.run(("openssl", "ts", "-reply", *words), cwd=folder, check=True, capture_output=True)
    subprocess.run(
        ("openssl", "cms", "-verify", "-noverify", "-inform", "DER", "-in", "token", "-out", "content", "-binary"),
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return (folder / "content").read_bytes()


def test_other_programs_verify_the_stamps(bundle: Path, authority: LittleAuthority) -> None:
    """`openssl ts -verify` says the same of the files in the bundle."""
    ran = subprocess.run(
        ["openssl", "ts", "-verify", "-in", "23-1.tsr", "-data", "23.checkpoint", "-CAfile", str(authority.root)],
        cwd=bundle / "stamps",
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, "Verification: OK" in ran.stdout + ran.stderr) == (0, True), ran


def test_file_without_certificates_checks_nothing(audited: Audited, bundle: Path, tmp_path: Path) -> None:
    """A file that holds no certificate pins nobody, and is said."""
    (tmp_path / "none.pem").write_text("nothing")

    ran = judged(bundle, "--policy", audited.policy, "--tsa", tmp_path / "none.pem")

    assert (ran.code, "holds no certificate" in ran.out) == (3, True), ran


def test_swapped_stamp_is_one_of_the_harms(audited: Audited, bundle: Path) -> None:
    """The self-test puts a stamp over another checkpoint, takes an object away, and both are noticed."""
    ran = judged("selftest", bundle, "--policy", audited.policy)

    assert ran.code == 0, ran
    assert "noticed   a time stamp is put over another checkpoint: time-stamp-differs" in ran.out
    assert "noticed   a sealed object is removed: object-missing" in ran.out
    assert "not tried  a waiver is removed" in ran.out
