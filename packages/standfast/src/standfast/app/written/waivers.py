"""Read ``standfast-waivers.toml``."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import msgspec

from standfast.app.written.written_file import read_written_file, written_toml
from standfast.model import ConfigurationError, Waiver

FILE_NAME = "standfast-waivers.toml"
MAX_BYTES = 5_000_000


class _WaiverFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    waiver: tuple[Waiver, ...] = ()


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers in *path*, none where there is no such file.

    A date without a time is the start of that day in UTC.

    Raises:
        ConfigurationError: The file cannot be read, has an unknown key, or two waivers have one id.
    """
    try:
        raw = read_written_file(path, MAX_BYTES, "waivers")
    except FileNotFoundError:
        return ()
    return parse_waivers(raw)


def parse_waivers(raw: bytes) -> tuple[Waiver, ...]:
    """Return the waivers that *raw* holds; see `read_waivers`."""
    if len(raw) > MAX_BYTES:
        raise ConfigurationError("waivers-too-large", f"{FILE_NAME} has more than {MAX_BYTES:,} bytes")
    try:
        found = msgspec.convert(_in_utc(written_toml(raw)), _WaiverFile).waiver
    except (ValueError, OverflowError, msgspec.ValidationError) as error:
        raise ConfigurationError(
            "waivers-invalid",
            f"{FILE_NAME} cannot be taken: {error}",
            hint="docs/how-to/waive-a-control.md shows a whole record",
        ) from error
    seen: set[str] = set()
    for waiver in found:
        if waiver.id in seen:
            raise ConfigurationError("waivers-duplicate", f"{FILE_NAME} has two waivers with the id {waiver.id!r}")
        seen.add(waiver.id)
    return found


def _in_utc(value: object) -> object:
    if isinstance(value, dict):
        return {key: _in_utc(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_utc(inner) for inner in value]
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return value
