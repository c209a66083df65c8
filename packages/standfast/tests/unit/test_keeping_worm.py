"""`standfast ledger export`: what is copied to media that write once, and what is found there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aged_ledgers import Aged
from botocore.exceptions import ClientError
from command_line import Ran, standfast
from little_buckets import Buckets, buckets
from little_sessions import Office

from standfast.app.ledger.opening import find
from standfast.app.ledger.reading import reading
from standfast.ledger.tiles import parse_entry_bundle


@pytest.fixture
def s3() -> Iterator[Buckets]:
    """A store that speaks S3."""
    with buckets() as found:
        yield found


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A ledger with a session and a decision that sealed something."""
    made = Office(tmp_path)
    made.session("open", "Pay Ana by card")
    assert made.run("gate", "--no-collect").out
    return made


def export(office: Office, to: str, **environment: str) -> Ran:
    """Run ``standfast ledger export``."""
    return standfast("ledger", "export", "--to", to, cwd=office.root, **office.environment, **environment)


def files(folder: Path) -> dict[str, bytes]:
    """Return the files below *folder*."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_folder_holds_all_of_it_as_ciphertext(office: Office, tmp_path: Path) -> None:
    """The copy has tree, entries, checkpoint and sealed objects, and nobody's name or sentence."""
    ran = export(office, str(tmp_path / "disc"))

    assert ran.code == 0, ran.err
    assert "a folder is no lock" in ran.err
    held = files(tmp_path / "disc")
    known = find(office.root, office.home())
    assert known is not None
    with reading(known) as reader:
        size, note = reader.store.head().size, reader.store.checkpoint()
        entries = [entry.leaf for entry in reader.store.entries(0, size)]
    assert held[f"checkpoint/{size}"] == note
    assert list(parse_entry_bundle(held[f"tile/entries/000.p/{size}"], size)) == entries
    assert len(held[f"tile/0/000.p/{size}"]) == 32 * size
    assert len([name for name in held if name.startswith("sealed/S-")]) >= 2
    assert not any(word in data for data in held.values() for word in (b"Ana Ruiz", b"Pay Ana", b'"inputs"'))


def test_second_copy_writes_only_what_is_new(office: Office, tmp_path: Path) -> None:
    """A second run compares what is there; after more entries it adds to it and changes nothing."""
    folder = tmp_path / "disc"
    export(office, str(folder))
    before = files(folder)

    again = export(office, str(folder))
    office.session("note", "Once more")
    export(office, str(folder))

    assert f"0 files written, {len(before)} compared" in again.out
    after = files(folder)
    assert {name: after[name] for name in before} == before
    assert len(after) > len(before)


@pytest.mark.parametrize("name", ["checkpoint/", "tile/0/", "tile/entries/", "sealed/"])
def test_changed_copy_is_named(office: Office, tmp_path: Path, name: str) -> None:
    """A file that was changed on the media ends the copy with 4, and names it."""
    folder = tmp_path / "disc"
    export(office, str(folder))
    path = next(path for path in sorted(folder.rglob("*")) if path.is_file() and name in str(path))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1])

    ran = export(office, str(folder))

    assert (ran.code, "[worm-differs]" in ran.err, str(path) in ran.err) == (4, True, True)


def test_bucket_locks_each_object(office: Office, s3: Buckets) -> None:
    """In a bucket, every object is locked in compliance mode for three years, and nobody removes it."""
    bucket = s3.made("records")

    ran = export(office, f"s3://{bucket}/pay", **s3.environment)
    again = export(office, f"s3://{bucket}/pay", **s3.environment)

    assert ran.code == 0, ran.err
    keys = s3.keys(bucket)
    assert f"{len(keys)} files written" in ran.out
    assert f"0 files written, {len(keys)} compared" in again.out
    assert all(key.startswith("pay/") for key in keys)
    for key in keys:
        held = s3.client.head_object(Bucket=bucket, Key=key)
        assert held["ObjectLockMode"] == "COMPLIANCE"
        assert held["ObjectLockRetainUntilDate"] > datetime.now(UTC) + timedelta(days=3 * 365)  # noqa: TID251  # the store's own
    version = s3.client.get_object(Bucket=bucket, Key=keys[0])["VersionId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.client.delete_object(Bucket=bucket, Key=keys[0], VersionId=version, BypassGovernanceRetention=True)


def test_lock_that_is_too_short_is_made_longer(office: Office, s3: Buckets) -> None:
    """An object that is not locked for long enough is locked anew, and the command says how many."""
    bucket = s3.made("records")
    export(office, f"s3://{bucket}", **s3.environment)
    settings = office.root / "standfast.toml"
    settings.write_text(settings.read_text() + "\n[retention]\nyears = 7\n")

    ran = export(office, f"s3://{bucket}", **s3.environment)
    again = export(office, f"s3://{bucket}", **s3.environment)

    assert f"{len(s3.keys(bucket))} of them were not locked for long enough" in ran.out
    assert "not locked" not in again.out


def test_object_of_somebody_else_is_named(office: Office, s3: Buckets) -> None:
    """An object that is there under a name of ours with other bytes ends the copy with 4; it is not overwritten."""
    bucket = s3.made("records")
    s3.client.put_object(Bucket=bucket, Key="verifier-key", Body=b"another key")

    ran = export(office, f"s3://{bucket}", **s3.environment)

    assert (ran.code, "[worm-differs]" in ran.err, "s3://records/verifier-key" in ran.err) == (4, True, True)
    assert s3.client.get_object(Bucket=bucket, Key="verifier-key")["Body"].read() == b"another key"


@pytest.mark.parametrize(
    ("to", "change", "code"),
    [
        ("s3://open/x", {}, "worm-no-lock"),
        ("s3://nowhere/x", {}, "worm-unusable"),
        ("s3://", {}, "worm-unknown"),
        ("gs://bucket/x", {}, "worm-unknown"),
        ("s3://records/x", {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}, "worm-unusable"),
    ],
)
def test_media_that_cannot_be_used_are_named(
    office: Office, s3: Buckets, to: str, change: dict[str, str], code: str
) -> None:
    """Without a lock, a bucket, a server or a known address nothing is copied, and the command says what is missing."""
    s3.made("open", locked=False)

    ran = export(office, to, **(s3.environment | change))

    assert (ran.code, f"[{code}]" in ran.err, "hint: " in ran.err or code == "worm-unknown") == (2, True, True)


def test_without_credentials_nothing_is_copied(office: Office, s3: Buckets, tmp_path: Path) -> None:
    """Where no credentials are found, the command says which are needed."""
    none = {"AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"), "AWS_CONFIG_FILE": str(tmp_path / "none")}
    words = {**s3.environment, **none, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""}

    ran = export(office, "s3://records/x", **words)

    assert (ran.code, "[worm-no-credentials]" in ran.err) == (2, True)


def test_pruned_ledger_is_copied(tmp_path: Path) -> None:
    """Of a pruned ledger, all tiles are copied, and the entries that are kept."""
    aged = Aged(tmp_path).with_sessions(30)
    aged.ledger("prune", "--before", "2022-01-01")

    ran = aged.ledger("export", "--to", str(tmp_path / "disc"))

    assert ran.code == 0, ran.err
    held = files(tmp_path / "disc")
    assert [name for name in held if name.startswith("tile/entries/")] == ["tile/entries/002.p/121"]
    assert "tile/0/000" in held


def test_media_that_cannot_be_written_are_named(office: Office, tmp_path: Path) -> None:
    """A folder that cannot be written, or is a file, is an error with its name."""
    (tmp_path / "file").write_text("no folder")

    ran = export(office, str(tmp_path / "file"))

    assert (ran.code, "[worm-unusable]" in ran.err) == (2, True)
