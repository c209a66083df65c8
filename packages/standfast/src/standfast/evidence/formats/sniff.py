"""Look at the start of a report: what shape is it, and can it be read at all?"""

import codecs
import re

import msgspec

from standfast.evidence.contract import Head
from standfast.evidence.formats.repeated_keys import repeated_key
from standfast.evidence.formats.xml import first_element
from standfast.model import EvidenceError

MAX_REPORT_BYTES = 256 * 1024 * 1024
"""A larger report is refused: no real one measured was over 100 MB."""

_START = 4096
_KEYS = re.compile(rb"\s*[\[{]")
_MAGIC = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


def look(data: bytes) -> Head:
    """Return what can be seen of *data* without concluding anything.

    Raises:
        EvidenceError: The bytes are empty, too large, compressed, not text, or JSON with a key that is there twice.
    """
    _refuse_unreadable(data)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        root, namespace, attributes = first_element(data)
        return Head(
            start=data[:_START].decode("utf-8", "replace"),
            shape="xml",
            keys=frozenset(attributes),
            root=root,
            namespace=namespace,
        )
    start = _text(data)
    if _KEYS.match(data.removeprefix(codecs.BOM_UTF8)):
        shape, keys = _json_shape(data.removeprefix(codecs.BOM_UTF8))
        if shape in ("object", "array"):
            _refuse_repeated_key(data.removeprefix(codecs.BOM_UTF8))
        return Head(start=start, shape=shape, keys=keys)
    return Head(start=start, shape="text")


def _refuse_unreadable(data: bytes) -> None:
    if not data.strip():
        raise EvidenceError("report-empty", "the report is empty", hint="run the tool again and look at its own output")
    if len(data) > MAX_REPORT_BYTES:
        raise EvidenceError(
            "report-too-large",
            f"the report has {len(data):,} bytes; at most {MAX_REPORT_BYTES:,} are read",
            hint="split the report, or narrow what the tool looks at",
        )
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            raise EvidenceError(
                "report-compressed", f"the report is {name} compressed, expected text", hint="unpack it first"
            )


def _text(data: bytes) -> str:
    # A character may be cut at the end of the window: the incremental decoder keeps it back.
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data[:_START])
    except UnicodeDecodeError as error:
        raise EvidenceError(
            "report-encoding", f"the report is not UTF-8: byte {error.start}", hint="write the report as UTF-8"
        ) from error


def _json_shape(data: bytes) -> tuple[str, frozenset[str]]:
    stripped = data.lstrip()
    try:
        if stripped[:1] == b"[":
            rows = msgspec.json.decode(data, type=list[msgspec.Raw])
            return "array", _object_keys(bytes(rows[0])) if rows else frozenset()
        return "object", _object_keys(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        first, _, rest = stripped.partition(b"\n")
        try:
            return ("lines", _object_keys(first)) if rest.strip() or _object_keys(first) else ("text", frozenset())
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return "text", frozenset()


def _refuse_repeated_key(data: bytes) -> None:
    try:
        key = repeated_key(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return  # whoever reads it all says what is wrong with it
    if key is not None:
        raise EvidenceError(
            "report-repeated-key",
            f"the report has the key {key!r:.60} twice in one object, and its values differ or may",
            hint="a tool that writes such a report, or what joined two, is at fault; make it again",
        )


def _object_keys(data: bytes) -> frozenset[str]:
    return frozenset(msgspec.json.decode(data, type=dict[str, msgspec.Raw]))
