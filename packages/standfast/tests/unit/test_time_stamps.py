"""A time stamp is believed for the pinned certificates, and refused by name for everything else."""

import contextlib
import json
from pathlib import Path

import msgspec
import pytest
from command_line import Ran, standfast
from event_ledgers import Machine, event
from hypothesis import given
from hypothesis import strategies as st
from little_authority import LittleAuthority, listening

from standfast.app.ledger.home import Home
from standfast.app.ledger.opening import find
from standfast.app.ledger.reading import reading
from standfast.ledger import der
from standfast.ledger.stores.contract import TimeStamp
from standfast.ledger.timestamp import opened, pinned, request
from standfast.model import LedgerError

TEXT = b"ledger.example/pay\n7\nAAAA\n"
NONCE = 0xFFEE_0011_2233_4455
REPLY = "application/timestamp-reply"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LittleAuthority:
    """An authority with an RSA key."""
    return LittleAuthority(tmp_path_factory.mktemp("authority") / "one")


@pytest.fixture(scope="module")
def answer(authority: LittleAuthority) -> bytes:
    """What it answers for the text."""
    return authority.answer(request(TEXT, NONCE))


@pytest.mark.parametrize(
    ("key", "digest", "naming"),
    [
        ("rsa", "sha256", "sha1"),
        ("rsa", "sha512", "sha256"),
        ("p256", "sha256", "sha256"),
        ("p256", "sha384", "sha512"),
    ],
)
def test_stamps_of_openssl_hold(tmp_path: Path, key: str, digest: str, naming: str) -> None:
    """RSA and ECDSA, with each digest that is accepted, and certificates named in both ways, are believed."""
    made = LittleAuthority(tmp_path / "tsa", key=key, digest=digest, naming=naming)

    found = opened(made.answer(request(TEXT, 0)), TEXT, pinned(made.root.read_bytes()), 0)

    assert found.authority == "CN=Stamps"


@pytest.mark.parametrize(
    ("uses", "days", "code"),
    [
        ("timeStamping", "30", "time-stamp-purpose"),
        ("critical,timeStamping,codeSigning", "30", "time-stamp-purpose"),
        ("critical,serverAuth", "30", "time-stamp-purpose"),
        ("critical,timeStamping", "-1", "time-stamp-expired"),
    ],
)
def test_certificates_that_may_not_stamp_are_refused(
    tmp_path: Path, authority: LittleAuthority, uses: str, days: str, code: str
) -> None:
    """A certificate for other uses as well, or one that was over at the moment of the stamp, makes no stamp."""
    made = LittleAuthority(tmp_path / "tsa", uses=uses, days=days)

    with pytest.raises(LedgerError) as caught:
        opened(made.signed_anyway(_content(authority)), TEXT, pinned(made.root.read_bytes()), NONCE)

    assert caught.value.code == code


def test_stamp_signed_by_other_means_is_believed(tmp_path: Path, authority: LittleAuthority) -> None:
    """What `openssl cms` signs with a certificate for time stamps alone is a stamp like any other."""
    made = LittleAuthority(tmp_path / "tsa")

    found = opened(made.signed_anyway(_content(authority)), TEXT, pinned(made.root.read_bytes()), NONCE)

    assert found.authority == "CN=Stamps"


def test_broken_digest_is_refused(tmp_path: Path) -> None:
    """A stamp that is signed over a SHA-1 digest proves nothing."""
    made = LittleAuthority(tmp_path / "tsa", digest="sha1")

    with pytest.raises(LedgerError) as caught:
        opened(made.answer(request(TEXT, NONCE)), TEXT, pinned(made.root.read_bytes()), NONCE)

    assert caught.value.code == "time-stamp-algorithm"


def test_another_text_nonce_or_authority_is_refused(tmp_path: Path, authority: LittleAuthority, answer: bytes) -> None:
    """A stamp counts for its text, its question and its authority."""
    right = pinned(authority.root.read_bytes())
    other = pinned(LittleAuthority(tmp_path / "other").root.read_bytes())

    for text, certificates, nonce, code in (
        (TEXT + b"\n", right, NONCE, "time-stamp-imprint"),
        (TEXT, right, NONCE + 1, "time-stamp-nonce"),
        (TEXT, other, NONCE, "time-stamp-chain"),
    ):
        with pytest.raises(LedgerError) as caught:
            opened(answer, text, certificates, nonce)
        assert caught.value.code == code


@given(data=st.data())
def test_no_changed_byte_is_believed_silently(authority: LittleAuthority, answer: bytes, data: st.DataObject) -> None:
    """A cut, continued or changed answer is refused by an error of the ledger, or says exactly what it said."""
    place = data.draw(st.integers(0, len(answer) - 1))
    changed = answer[:place] + bytes([answer[place] ^ data.draw(st.integers(1, 255))]) + answer[place + 1 :]
    right = pinned(authority.root.read_bytes())
    said = opened(answer, TEXT, right, NONCE)

    for harmed in (answer[:place], answer + answer[: place + 1]):
        with pytest.raises(LedgerError):
            opened(harmed, TEXT, right, NONCE)
    with contextlib.suppress(LedgerError):
        assert opened(changed, TEXT, right, NONCE) == said


@pytest.mark.parametrize(
    "data", ["", "30", "3080", "30800000", "30ff", "308100", "30820001ff", "3084ffffffff", "1f0100", "300100ff", "3001"]
)
def test_der_that_is_not_strict_is_refused(data: str) -> None:
    """Indefinite, huge, long-winded and cut-off lengths are refused, and so is what follows the value."""
    with pytest.raises(LedgerError):
        der.one(bytes.fromhex(data), der.SEQUENCE)


@given(st.integers(0, 1 << 200))
def test_numbers_come_back(value: int) -> None:
    """A number is read as it was written."""
    assert der.integer(der.one(der.number(value), der.INTEGER)) == value


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with a ledger of seven entries."""
    folder = tmp_path / "machine"
    folder.mkdir()
    made = Machine(folder)
    made.filled(7)
    return made


def run(machine: Machine, *words: str) -> Ran:
    """Run ``standfast ledger`` in the working copy."""
    return standfast("ledger", *words, cwd=machine.root, **machine.environment)


def test_checkpoint_is_stamped_and_shown(machine: Machine, authority: LittleAuthority) -> None:
    """After `ledger stamp`, status and verify say up to where the ledger is time-stamped, without a network."""
    before = run(machine, "status")
    with listening(200, REPLY, by=[authority]) as address:
        made = run(machine, "stamp", address, "--authority", str(authority.root))

    assert "not time-stamped" in before.out
    assert (made.code, made.err) == (0, "")
    assert "time-stamped up to 7 entries: " in made.out
    assert made.out.strip() in run(machine, "status").out
    assert made.out.strip() in run(machine, "verify").err
    assert json.loads(run(machine, "status", "--format", "json").out)["time_stamp"]["size"] == 7


def test_same_checkpoint_is_not_stamped_twice(machine: Machine, authority: LittleAuthority) -> None:
    """While nothing is recorded the stamp stays as it was, nobody is asked, and that is said."""
    with listening(200, REPLY, by=[authority]) as address:
        made = run(machine, "stamp", address, "--authority", str(authority.root))
    again = run(machine, "stamp")

    assert (made.code, again.code, again.out) == (0, 0, made.out)
    assert "nothing was recorded since: the time stamp that there is stays" in again.err


def test_every_known_authority_is_asked_without_an_address(machine: Machine, authority: LittleAuthority) -> None:
    """A schedule names no authority: those that were named before are asked about what was recorded since."""
    with listening(200, REPLY, by=[authority]) as address:
        run(machine, "stamp", address, "--authority", str(authority.root))
        known = find(machine.root.resolve(), machine.home)
        assert known is not None
        with machine.opened(known) as ledger:
            ledger.record(event())
        again = run(machine, "stamp")
        named = run(machine, "stamp", address)

    assert (again.code, "time-stamped up to 8 entries: " in again.out) == (0, True), again
    assert named.out == again.out


def test_authority_that_nobody_pinned_is_not_asked(machine: Machine) -> None:
    """Without certificates nobody is believed: the first time, they have to be given."""
    ran = [run(machine, "stamp", *words) for words in ((), ("http://127.0.0.1:9",))]

    assert [one.code for one in ran] == [2, 2]
    assert all("[time-stamp-authority-missing]" in one.err for one in ran)


def test_stamp_put_into_the_database_is_named(machine: Machine, authority: LittleAuthority) -> None:
    """A row under the address of an authority that did not answer it is an error of the ledger."""
    home = Home(machine.environment)
    known = find(machine.root.resolve(), home)
    assert known is not None
    address = "https://tsa.example.org"
    home.keep(msgspec.structs.replace(known, authorities={address: authority.root.read_text(encoding="ascii")}))
    with reading(known) as ledger:
        ledger.store.keep_time_stamp(TimeStamp(7, address, authority.answer(request(TEXT, 1))))

    ran = [run(machine, word) for word in ("status", "verify")]

    assert [one.code for one in ran] == [4, 4]
    assert all("[time-stamp-imprint]" in one.err for one in ran)


def test_renewed_certificates_count_beside_the_former(
    machine: Machine, authority: LittleAuthority, tmp_path: Path
) -> None:
    """When an authority renews its certificates, the stamps from before still hold."""
    renewed = LittleAuthority(tmp_path / "renewed", key="p256")
    now = [authority]
    with listening(200, REPLY, by=now) as address:
        made = run(machine, "stamp", address, "--authority", str(authority.root))
        now[0] = renewed
        again = run(machine, "stamp", address, "--authority", str(renewed.root))

    assert (made.code, again.code) == (0, 0)
    assert made.out.strip() in run(machine, "verify").err


@pytest.mark.parametrize(
    ("status", "kind", "answer", "code"),
    [
        (500, REPLY, b"", 3),
        (200, "text/html", b"<html>", 3),
        (200, REPLY, b"0" * 70_000, 3),
        (200, REPLY, b"", 4),
        (200, REPLY, bytes.fromhex("30053003020102"), 4),
    ],
)
def test_what_is_no_stamp_is_not_kept(
    machine: Machine, authority: LittleAuthority, status: int, kind: str, answer: bytes, code: int
) -> None:
    """Errors, pages, too much and refusals are named, and the checkpoint is then still not time-stamped."""
    with listening(status, kind, answer) as address:
        ran = run(machine, "stamp", address, "--authority", str(authority.root))

    assert (ran.code, "time-stamp-" in ran.err) == (code, True)
    assert "not time-stamped" in run(machine, "status").out


def test_silent_authority_is_said(machine: Machine, authority: LittleAuthority) -> None:
    """An authority that is down, or an address that is none, is an error by name."""
    ran = [run(machine, "stamp", to, "--authority", str(authority.root)) for to in ("http://127.0.0.1:9", "tsa")]

    assert [one.code for one in ran] == [3, 2]
    assert "[time-stamp-unanswered]" in ran[0].err
    assert "[time-stamp-address]" in ran[1].err


def test_file_without_certificates_is_refused(machine: Machine, tmp_path: Path) -> None:
    """A file without a certificate pins nobody."""
    (tmp_path / "none.pem").write_text("nothing", encoding="ascii")

    ran = run(machine, "stamp", "http://127.0.0.1:9", "--authority", str(tmp_path / "none.pem"))

    assert (ran.code, "[time-stamp-authority]" in ran.err) == (4, True)


def _content(authority: LittleAuthority) -> bytes:
    """Return a stamp of *authority*, made now, without its signature."""
    token = der.parts(der.one(authority.answer(request(TEXT, NONCE)), der.SEQUENCE))[1]
    signed = der.one(der.parts(token)[1].body, der.SEQUENCE)
    return der.one(der.parts(der.parts(signed)[2])[1].body, der.OCTETS).body
