"""Change a report the way a broken or hostile tool might: in its structure, so that a reader gets past the syntax."""

import json
import re
from random import Random
from typing import Any

Holder = list[Any] | dict[Any, Any]
"""What holds other values in JSON."""

ODD_TEXTS = (
    *("", " ", "\0", "\ud800", "\u00e9", "\u202e", "\n", "\r\n", "a\nb", "a" * 5000),
    *("<", "&", '"', "'", "-->", "]]>", "${x}", "{{", "%s", "[", "(", "*", "-", ",", ":", "/", "\\", "//", ".."),
    *(
        "0",
        "-1",
        "\u00b2",
        "\u0661",
        "+1",
        "1_000",
        "1,5",
        "1.5",
        "1e999",
        "nan",
        "Infinity",
        "0x10",
        "9" * 400,
        "9" * 5000,
    ),
    *("../../etc/passwd", "C:\\x\\y.cs", "file:///a", "file://host/%2e%2e/a%", "http://[", "a:1:2", "a@b@c"),
    *("2026-01-01T00:00:00Z", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *(
        "2026-01-01",
        "20260101",
        "1969-12-31T23:59:59.9999999999Z",
        "P1Y2M",
        "1h2m3s",
        "99:99:99.99",
        "9999999.02:48:05.5",
    ),
    *("critical", "CRITICAL", "High", "note", "none", "unknown", "error", "failed", "passed", "skipped", "success"),
    *(
        "CVE-2026-1",
        "CWE-79",
        "pkg:pypi/a@1",
        "pkg:npm/%40a/b@1?x=y#z",
        "MIT AND (GPL-2.0 OR",
        "1.0.0-rc.1+b",
        ">=1,<2",
    ),
    *("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "CVSS:4.0/AV:N", "CVSS:3.1/AV:", "sha256:" + "0" * 64),
)
ODD: tuple[object, ...] = (
    *ODD_TEXTS,
    *(None, True, False, [], {}, [[]], [None], {"": None}, {"a": {}}),
    *(0, -1, 1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 0.1, -0.0, 1e308, 5e-324),
)
"""Values that readers trip over."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ATTRIBUTE = re.compile(r"""(?<==)"[^"<]*"|(?<==)'[^'<]*'""")
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]*)\b[^<>]*(?:/>|>[^<>]*</\1>)", re.DOTALL)
_TEXT = re.compile(r"(?<=>)[^<>]+(?=</)")


def mutated(report: bytes, random: Random, most: int) -> bytes:
    """Return *report* with one to four changes, in at most *most* bytes; what would outgrow them is not tried."""
    changed = _as_json(report, random, most) or _as_lines_of_json(report, random, most)
    changed = changed or _as_text(report, random, most)
    return changed[:most] if len(changed) <= most else report[:most]


def _as_json(report: bytes, random: Random, most: int) -> bytes | None:
    if report.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        root = json.loads(report)
    except (ValueError, RecursionError):
        return None
    return _dumped(_changed(root, random, most), random)


def _as_lines_of_json(report: bytes, random: Random, most: int) -> bytes | None:
    lines = report.splitlines()
    places = [place for place, line in enumerate(lines) if line[:1] == b"{"]
    if not places or random.random() < 0.2:
        return None
    place = random.choice(places)
    changed = _as_json(lines[place], random, most)
    if changed is None:
        return None
    lines[place : place + 1] = [changed] * random.choice((1, 1, 1, 2, 50))
    return b"\n".join(lines) + b"\n"


def _dumped(value: object, random: Random) -> bytes:
    text = json.dumps(value, ensure_ascii=random.random() < 0.5, separators=random.choice(((",", ":"), (", ", ": "))))
    return text.encode("utf-8", "surrogatepass")


def _changed(root: object, random: Random, most: int) -> object:
    for _ in range(random.randint(1, 4)):
        holders = [one for one in _holders(root) if one]
        if not holders:
            return random.choice(ODD)
        _change_one(random.choice(holders), random, _any_value(holders, random), most)
    return root


def _holders(root: object) -> list[Holder]:
    """Return every list and object below *root*, it included."""
    found: list[Holder] = []
    left: list[object] = [root]
    while left:
        value = left.pop()
        if isinstance(value, dict | list):
            found.append(value)
            left.extend(value.values() if isinstance(value, dict) else value)
    return found


def _any_value(holders: list[Holder], random: Random) -> object:
    holder = random.choice(holders)
    return random.choice(list(holder.values()) if isinstance(holder, dict) else holder)


def _change_one(holder: Holder, random: Random, other: object, most: int) -> None:
    key: Any = random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
    value = holder[key]
    match random.randrange(9):
        case 0:
            del holder[key]
        case 1 if isinstance(value, list) and value:
            holder[key] = _repeated_items(value, random.choice((2, 3, 100)), most)
        case 2:
            holder[key] = json.loads(json.dumps(other))
        case 3:
            holder[key] = random.choice(([value], {"a": value}, str(value)))
        case 4 if isinstance(holder, dict):
            holder[random.choice((*holder, "", "uri", "id", "$ref"))] = holder.pop(key)
        case 5 if isinstance(value, str):
            holder[key] = _text_changed(value, random)
        case 6 if isinstance(value, int | float) and not isinstance(value, bool):
            holder[key] = random.choice((-value, value + 1, value * 10, value // 3, str(value)))
        case _:
            holder[key] = json.loads(json.dumps(random.choice(ODD)))


def _repeated_items(items: list[Any], times: int, most: int) -> list[Any]:
    # A copy: what is repeated once more inside something repeated would grow to the power of the repetitions.
    fitting = max(1, most // len(json.dumps(items)))
    repeated: list[Any] = json.loads(json.dumps(items * min(times, fitting)))
    return repeated


def _as_text(report: bytes, random: Random, most: int) -> bytes:
    text = report.decode("utf-8", "surrogateescape")
    for _ in range(random.randint(1, 4)):
        changed = _text_changed(text, random)
        text = changed if len(changed) <= most else text
    return text.encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape")


def _text_changed(text: str, random: Random) -> str:
    """Return *text* with one thing in it that it has, or of it, in another way."""
    odd = random.choice(ODD_TEXTS)
    match random.randrange(8):
        case 0:
            return _replaced(_NUMBER, text, random, odd)
        case 1:
            return _replaced(_ATTRIBUTE, text, random, f'"{odd}"')
        case 2:
            return _replaced(_TEXT, text, random, odd)
        case 3:
            return _repeated(text, random)
        case 4 | 5:
            return _lines_changed(text, random)
        case 6:
            place = random.randint(0, len(text))
            return text[:place] + odd + text[place:]
        case _:
            start = random.randint(0, len(text))
            return text[:start] + text[start + random.randint(1, 40) :]


def _replaced(pattern: re.Pattern[str], text: str, random: Random, by: str) -> str:
    places = [match.span() for match in pattern.finditer(text)]
    if not places:
        return text or by
    (start, end), (other, until) = random.choice(places), random.choice(places)
    return text[:start] + (by if random.random() < 0.7 else text[other:until]) + text[end:]


def _repeated(text: str, random: Random) -> str:
    places = [match.span() for match in _ELEMENT.finditer(text)]
    if not places:
        return text
    start, end = random.choice(places)
    return text[:start] + text[start:end] * random.choice((0, 2, 3, 100)) + text[end:]


def _lines_changed(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    place, other = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(4):
        case 0:
            del lines[place]
        case 1:
            lines[place] = lines[other]
        case 2:
            lines[place:place] = [lines[other]] * random.choice((1, 2, 100))
        case _:
            lines[place] = " " * random.randint(0, 8) + lines[place].lstrip()
    return "".join(lines)
