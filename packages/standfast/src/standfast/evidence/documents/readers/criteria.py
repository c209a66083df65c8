"""Read acceptance criteria, and say in which form one can be measured and which of its words are vague."""

import re
from collections.abc import Iterator

from standfast.evidence.documents.readers import markdown
from standfast.evidence.documents.readers.markdown import Block
from standfast.evidence.documents.readers.meta import Meta, as_list, as_text
from standfast.evidence.documents.schema import Criterion
from standfast.evidence.formats.yaml_values import Plain

LONGEST = 4000
"""A criterion with more characters is cut: nobody can agree on so much at once."""

_MARKS = re.compile(r"\s*\n\s*(?:[-*+]\s+)?|\*\*|__")
_ID = re.compile(
    r"[\W_]*(?P<id>[A-Z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*[-.]?\d+(?:\.\d+)*)[*_`\])]*\s*[:.)-]*\s*[*_]*\s*(?P<text>.*)\Z",
    re.DOTALL,
)
_WHEN = re.compile(r"\bwhen\b", re.IGNORECASE)
_THEN = re.compile(r"\bthen\b", re.IGNORECASE)
_COMPARATOR = (
    r"(?:<=|>=|==|<|>|=|≤|≥|\b(?:under|below|above|over|within|exactly|equals?|fewer than|less than|more than|"
    r"at most|at least|no more than|no less than|up to|not exceed(?:ing)?|maximum of|minimum of)\b)"
)
_QUANTITY = re.compile(_COMPARATOR + r"\s*\$?\d[\d,._]*\s*(?:%|[A-Za-z]+)?", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(?:fast|quick|quickly|rapid(?:ly)?|slow|user[- ]friendly|easy|easily|intuitive(?:ly)?|robust|"
    r"efficient(?:ly)?|appropriate(?:ly)?|adequate(?:ly)?|reasonabl[ey]|sufficient(?:ly)?|flexible|seamless(?:ly)?|"
    r"state[- ]of[- ]the[- ]art|best[- ]effort|as soon as possible|as far as possible|where possible|if possible|"
    r"where appropriate|if necessary|as needed|and so on|etc|acceptable|optimal|minimal delay|good performance|"
    r"high performance|scalable|performant|modern|nice|tbd|to be defined)\b",
    re.IGNORECASE,
)
_SCENARIO = re.compile(r"^[^\S\n]*+(?:Scenario(?: Outline)?|Example):\s*+(.*)$", re.MULTILINE)


def criterion(text: str, line: int, *, criterion_id: str = "", override: str = "") -> Criterion:
    """Return the criterion that *text* is; its id is read from its beginning where none is given."""
    cut = _MARKS.sub(" ", text.strip()[:LONGEST]).strip()
    if not criterion_id:
        match = _ID.match(cut)
        if match is not None:
            criterion_id, cut = match["id"], match["text"].strip()
    vague = tuple(dict.fromkeys(word.casefold() for word in _VAGUE.findall(cut)))
    return Criterion(id=criterion_id, text=cut, line=line, form=form_of(cut), vague=vague, override=override)


def form_of(text: str) -> str:
    """Return how a criterion can be measured: ``given-when-then``, ``quantity``, or nothing."""
    when = _WHEN.search(text)
    if when is not None and _THEN.search(text, when.end()):
        return "given-when-then"
    return "quantity" if _QUANTITY.search(text) else ""


def listed(value: Plain, line: int) -> tuple[Criterion, ...]:
    """Return the criteria in a list of texts or tables (``id``, ``text`` or ``given``/``when``/``then``, ...)."""
    return tuple(found for item in as_list(value) if (found := _from_value(item, line)) is not None)


def _from_value(value: Plain, line: int) -> Criterion | None:
    if not isinstance(value, dict):
        text = as_text(value)
        return criterion(text, line) if text else None
    table = Meta(value)
    text = table.text("text", "criterion", "statement", "description") or _from_parts(table)
    if not text and len(table.table) == 1:
        # `- AC-1: the text` is a table of one key in YAML.
        key, text = next((key, as_text(inner)) for key, inner in value.items())
        return criterion(text, line, criterion_id=key)
    identifier = table.text("id", "number", "name")
    return criterion(text, line, criterion_id=identifier, override=table.text("override", "override_reason"))


def _from_parts(table: Meta) -> str:
    steps = [
        f"{word.capitalize()} {', and '.join(table.texts(word))}"
        for word in ("given", "when", "then")
        if table.texts(word)
    ]
    if steps:
        return ", ".join(steps)
    measure = (table.text("metric"), table.text("comparator", "op", "operator"), table.text("value", "target", "bound"))
    return " ".join(part for part in (*measure, table.text("unit")) if part) if all(measure) else ""


def in_blocks(parts: tuple[Block, ...]) -> tuple[Criterion, ...]:
    """Return the criteria below the heading "acceptance criteria": list items, rows, headings or scenarios."""
    return tuple(_in_blocks(parts))


def _in_blocks(parts: tuple[Block, ...]) -> Iterator[Criterion]:
    level = 0
    for part in parts:
        if "criteria" in part.title.casefold():
            level = part.level
            yield from _in_block(part)
        elif level and part.level > level:
            text = f"{part.title}: {part.text}".strip()
            if markdown.count_words(part.text):
                yield criterion(text, part.line)
        else:
            level = 0


def _in_block(part: Block) -> Iterator[Criterion]:
    rows = [record for _, table in markdown.tables((part,)) for record in table.records()]
    if rows:
        for line, cells in rows:
            values = list(cells.values())
            identifier = cells.get("id") or cells.get("criterion id") or ""
            yield criterion(" ".join(values[1:] if identifier else values), line, criterion_id=identifier)
        return
    scenarios = tuple(_SCENARIO.finditer(part.text))
    if scenarios:
        ends = [*(match.start() for match in scenarios[1:]), len(part.text)]
        for match, end in zip(scenarios, ends, strict=True):
            yield criterion(part.text[match.start(1) : end], part.line)
        return
    yield from (criterion(text, line) for line, text in markdown.items(part))
