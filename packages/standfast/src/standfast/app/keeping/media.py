"""Media that write once: a folder, or a bucket with object lock. What is there already is compared, never trusted."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import msgspec

from standfast.app.storage.durable import read_bounded, write_durably
from standfast.app.storage.store import MAX_OBJECT_BYTES
from standfast.model import EvidenceError, LedgerError, UsageError

_CODES = {
    "NoSuchBucket": "there is no such bucket",
    "AccessDenied": "the credentials do not allow it: s3:PutObject, s3:GetObject, s3:PutObjectRetention and "
    "s3:GetObjectRetention are needed, and s3:GetBucketObjectLockConfiguration on the bucket",
    "403": "the credentials do not allow it",
    "InvalidAccessKeyId": "the access key is not known there",
    "SignatureDoesNotMatch": "the secret key is not that of the access key",
}


class Piece(msgspec.Struct, frozen=True):
    """One file that never changes: its name, its bytes, and until when nobody may remove it."""

    name: str
    data: bytes
    until: datetime


class Put(StrEnum):
    """What became of a piece."""

    WRITTEN = "written"
    VERIFIED = "verified"
    EXTENDED = "extended"


class MediaDifferError(LedgerError):
    """The media hold other bytes under a name than the ledger has."""


class Media(Protocol):
    """Takes pieces, and keeps each until its time has come."""

    def put(self, piece: Piece) -> Put:
        """Return what became of *piece*, which is there, and is what it should be.

        Raises:
            MediaDifferError: Something else is there under its name.
            UsageError: The media cannot be used.
        """


class FolderMedia:
    """A folder on media that write once by themselves; files are made read-only, which is no lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, piece: Piece) -> Put:
        """See `Media.put`."""
        path = self._folder / piece.name
        try:
            found = read_bounded(path, MAX_OBJECT_BYTES)
        except FileNotFoundError:
            return self._written(path, piece)
        except EvidenceError as error:
            raise UsageError("worm-unusable", error.message, hint="look at the media, then run again") from error
        _compare(piece, found, str(path))
        return Put.VERIFIED

    def _written(self, path: Path, piece: Piece) -> Put:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, piece.data)
            path.chmod(0o444)
        except (OSError, EvidenceError) as error:
            raise UsageError(
                "worm-unusable", f"{path} cannot be written: {error}", hint="free some space or fix the permissions"
            ) from error
        return Put.WRITTEN


class _Held(msgspec.Struct, frozen=True):
    """What a bucket holds under a name, and until when it is locked in compliance mode."""

    data: bytes
    until: datetime | None


class BucketMedia:
    """A bucket of S3 with object lock, in compliance mode: nobody can shorten it, whatever rights they have."""

    def __init__(self, bucket: str, prefix: str, client: Any = None) -> None:  # noqa: ANN401  # boto3 has no types
        """Use the bucket by the credentials that boto3 finds.

        Raises:
            UsageError: boto3 is not installed, the bucket cannot be reached, or it has no object lock.
        """
        self._bucket, self._prefix = bucket, prefix
        self._client = client or _client()
        with self._named("the object lock of the bucket"):
            self._require_lock()

    def put(self, piece: Piece) -> Put:
        """See `Media.put`."""
        key = f"{self._prefix}{piece.name}"
        with self._named(key):
            found = self._found(key)
            if found is None and self._made(key, piece):
                return Put.WRITTEN
            held = found or self._found(key) or _Held(b"", None)
            _compare(piece, held.data, f"s3://{self._bucket}/{key}")
            return Put.EXTENDED if self._extended(key, held, piece.until) else Put.VERIFIED

    def _require_lock(self) -> None:
        from botocore.exceptions import ClientError

        try:
            found = self._client.get_object_lock_configuration(Bucket=self._bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ObjectLockConfigurationNotFoundError":
                raise
            found = {}
        if found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") != "Enabled":
            raise UsageError(
                "worm-no-lock",
                f"the bucket {self._bucket} has no object lock: what is written there can be removed",
                hint="make a bucket with object lock; one without it cannot be changed into one everywhere",
            )

    def _found(self, key: str) -> "_Held | None":
        from botocore.exceptions import ClientError

        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise
        until = answer.get("ObjectLockRetainUntilDate") if answer.get("ObjectLockMode") == "COMPLIANCE" else None
        return _Held(answer["Body"].read(), until)

    def _made(self, key: str, piece: Piece) -> bool:
        """Return whether *piece* was written: somebody else may have been first."""
        from botocore.exceptions import ClientError

        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=piece.data,
                ChecksumAlgorithm="SHA256",
                IfNoneMatch="*",
                ObjectLockMode="COMPLIANCE",
                ObjectLockRetainUntilDate=piece.until,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict"):
                return False
            raise
        return True

    def _extended(self, key: str, held: "_Held", until: datetime) -> bool:
        """Return whether the lock had to be made what it should be; it is never made shorter."""
        if held.until is not None and held.until >= until.replace(microsecond=0):
            return False
        self._client.put_object_retention(
            Bucket=self._bucket, Key=key, Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until}
        )
        return True

    @contextmanager
    def _named(self, what: str) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        where = f"s3://{self._bucket}"
        try:
            yield
        except NoCredentialsError as error:
            raise UsageError(
                "worm-no-credentials",
                f"there are no credentials for {where}",
                hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile, as for every client of S3",
            ) from error
        except ClientError as error:
            code = str(error.response["Error"]["Code"])
            raise UsageError(
                "worm-unusable",
                f"{where}, {what}: {_CODES.get(code, error.response['Error'].get('Message', ''))} [{code}]",
                hint="what was written before stays; run again to go on",
            ) from error
        except BotoCoreError as error:
            raise UsageError(
                "worm-unusable", f"{where}, {what}: {error}", hint="is the address right, and the network up?"
            ) from error


def media(to: str) -> Media:
    """Return the media that *to* names: ``s3://bucket/prefix``, or a folder.

    Raises:
        UsageError: It names nothing, or the media cannot be used.
    """
    if not to.startswith("s3://"):
        if "://" in to:
            raise UsageError("worm-unknown", f"{to} is neither s3://BUCKET/PREFIX nor a folder")
        return FolderMedia(Path(to))
    bucket, _, prefix = to.removeprefix("s3://").partition("/")
    if not bucket:
        raise UsageError("worm-unknown", f"{to} names no bucket", hint="give s3://BUCKET/PREFIX")
    return BucketMedia(bucket, f"{prefix.rstrip('/')}/" if prefix.strip("/") else "")


def _client() -> Any:  # noqa: ANN401  # boto3 has no types
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise UsageError(
            "worm-no-client",
            "the package boto3 is not installed, which speaks to S3",
            hint='install it with the extra: `pip install "standfast[worm]"`',
        ) from error
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    config = Config(retries={"max_attempts": 5, "mode": "standard"}, connect_timeout=10, read_timeout=60)
    return boto3.session.Session().client("s3", region_name=region, config=config)


def _compare(piece: Piece, found: bytes, where: str) -> None:
    if found != piece.data:
        raise MediaDifferError(
            "worm-differs",
            f"{where} holds {len(found):,} bytes with the digest {sha256(found).hexdigest()[:16]}, "
            f"the ledger has {len(piece.data):,} with {sha256(piece.data).hexdigest()[:16]}",
            hint="one of the two was changed: keep both as evidence, and run `standfast ledger fsck`",
        )
