"""Decode a JSON report into the small shape that its importer needs."""

import codecs
import json
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from standfast.model import EvidenceError

T = TypeVar("T")

MAX_DOCUMENTS = 1_000_000
"""A stream of more JSON documents than this is refused."""


def decode_report(data: bytes, shape: type[T], title: str) -> T:
    """Return *data*, a JSON report called *title*, as *shape*; what the shape does not name is not read.

    Raises:
        EvidenceError: The bytes are not JSON, or not of that shape.
    """
    try:
        return msgspec.json.decode(data.removeprefix(codecs.BOM_UTF8), type=shape)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise malformed(title, str(error)) from error


def decode_stream(data: bytes, shape: type[T], title: str) -> Iterator[T]:
    """Yield each object of a stream of JSON objects that follow one another, pretty-printed or not, as *shape*.

    Raises:
        EvidenceError: Something between two objects is not JSON, or an object is not of that shape.
    """
    for document in _documents(data, title):
        yield decode_report(document, shape, title)


def _documents(data: bytes, title: str) -> Iterator[bytes]:
    decoder = json.JSONDecoder()
    position = 0
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
        for _ in range(MAX_DOCUMENTS):
            while position < len(text) and text[position] in " \t\r\n":
                position += 1
            if position == len(text):
                return
            start = position
            position = decoder.raw_decode(text, position)[1]
            yield text[start:position].encode()
    except (ValueError, RecursionError) as error:
        raise malformed(title, str(error)) from error
    raise malformed(title, f"it has more than {MAX_DOCUMENTS:,} documents")


def malformed(title: str, detail: str) -> EvidenceError:
    """Return the error for a report that is not what it looks like."""
    return EvidenceError(
        "report-malformed",
        f"this is not {title}: {detail}",
        hint="it may be truncated; run the tool again and look at its own output",
    )
