"""Entries: one event each, in its canonical bytes."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from standfast.app.export.auditor.findings import MAX_ENTRY, MOST

LEDGER = "ledger"
_KINDS = """
session: opened bound advanced noted refused closed; change: observed; requirement: analysed approved;
decision: recorded; evidence: recorded; gate: decided; review: recorded; approval: given declined refused revoked;
waiver: granted used expired revoked; duty: compensated; deployment: started finished reverted confirmed;
lesson: recorded; identity: enrolled linked; role: granted revoked; access: reviewed; key: enrolled rotated revoked;
settings: observed; retention: held released pruned erased; ledger: opened frozen exported
"""
KINDS = frozenset(
    f"{noun.strip()}.{verb}" for noun, verbs in (one.split(":") for one in _KINDS.split(";")) for verb in verbs.split()
)
OPENS = {"ledger.opened": LEDGER, "session.opened": "S-"}
ENDS = frozenset({"session.closed", "ledger.frozen"})
NOTED = frozenset(
    {one for one in KINDS if one.startswith("retention.")} | {"key.enrolled", "key.rotated", "key.revoked"}
)
OBJECTS = {
    "evidence.recorded": ("statement",),
    "gate.decided": ("verdict", "context"),
    "requirement.analysed": ("document",),
    "requirement.approved": ("document",),
    "decision.recorded": ("document",),
    "review.recorded": ("statement",),
    "approval.given": ("statement",),
    "approval.declined": ("statement",),
    "waiver.granted": ("statement",),
    "deployment.finished": ("statement",),
    "deployment.confirmed": ("statement",),
    "settings.observed": ("statement",),
    "access.reviewed": ("statement",),
}
"""Which fields of which events name an object that belongs into the bundle."""

_HEAD = re.compile(
    r'\{"actor":\{"id":"([ps]-[0-9a-z]{4,40})","via":"[a-z]+"\},'
    r'"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?)Z"',
    re.ASCII,
)
_TAIL = re.compile(
    r'([1-9][0-9]{0,15}),"previous":(?:null|"sha256:([0-9a-f]{64})"),'
    r'"session":"(ledger|S-[0-9A-Za-z][0-9A-Za-z-]{0,60})","version":1\}',
    re.ASCII,
)
_NARROW = b'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._:/+=-{}[]",'
"""Every character that an entry may have: no space, no backslash, nothing that could be an address or a sentence."""
PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:/+-]*\Z")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")


def _refused(text: str) -> Any:  # noqa: ANN401  # it never returns
    raise ValueError(f"{text[:40]} has no place in an entry")


def _count(text: str) -> int:
    if text.startswith("-") or (len(text) > 15 and int(text) >= 1 << 53):
        return int(_refused(text))
    return int(text)


_decoder = json.JSONDecoder(parse_int=_count, parse_float=_refused, parse_constant=_refused)
_scan: Callable[[str, int], tuple[Any, int]] = getattr(_decoder, "scan_once")  # noqa: B009  # not in the stubs

_ORDERED: set[tuple[str, ...]] = set()
"""Names that were found to be in order: most entries have the same few."""


def _keys(value: dict[str, Any]) -> int:
    """Return how many keys there are in *value* and within, all of them in order."""
    found = len(value)
    if [*value] != sorted(value):
        raise ValueError("keys out of order")
    if len(_ORDERED) < MOST:
        _ORDERED.add(tuple(value))
    for held in value.values():
        if isinstance(held, dict):
            found += _keys(held)
        elif isinstance(held, list):
            found += sum(_keys(one) for one in held if isinstance(one, dict))
    return found


class Event(NamedTuple):
    """What one entry says. `at` has no Z at its end, so that times compare as text; `previous` is hexadecimal."""

    entry: int
    digest: str
    kind: str
    actor: str
    at: str
    body: dict[str, Any]
    number: int
    previous: str
    chain: str

    def text(self, field: str) -> str:
        """Return a field of the body as plain text: empty where there is none, a question mark where it is odd."""
        value = self.body.get(field, "")
        return value if isinstance(value, str) and (not value or PLAIN.match(value)) else "?"


def event_of(index: int, data: bytes, leaf_hash: bytes) -> Event | None:
    """Return the event whose canonical bytes are *data*, or None where they are no event."""
    if len(data) > MAX_ENTRY or data.translate(None, _NARROW):
        return None
    first, _, last = data.decode("ascii").rpartition('},"number":')
    start = first.find(',"body":{')
    head, tail = _HEAD.fullmatch(first, 0, max(0, start)), _TAIL.fullmatch(last)
    if head is None or tail is None:
        return None
    actor, at = head.groups()
    number, previous, chain = tail.groups("")
    raw = first[start + 8 :] + "}"
    try:
        datetime.fromisoformat(at)
        body, end = _scan(raw, 0)
        kind = body.get("kind")
        # One way to write it: keys in order and each once, which a dictionary alone would hide.
        names = raw.count('":')
        flat = names == len(body) and tuple(body) in _ORDERED
        if end != len(raw) or kind not in KINDS or not (flat or names == _keys(body)) or int(number) >= 1 << 53:
            return None
    except (ValueError, RecursionError, TypeError, StopIteration):
        return None
    return Event(index, leaf_hash.hex(), kind, actor, at, body, int(number), previous, chain)
