"""Facts about the strict readers of YAML and of front matter."""

import pytest

from standfast.evidence.formats.front_matter import split
from standfast.evidence.formats.yaml import load, load_all
from standfast.model import EvidenceError

REFUSED = {
    "equal keys": ("a: 1\nb: 2\na: 3", "line 3: the key 'a' occurs twice"),
    "a tag of its own": ("!!python/object/apply:os.system [true]", "tag"),
    "a key that is a list": ("? [a]\n: b", "a key must be a scalar"),
    "an alias of nothing": ("a: *b", "alias"),
    "an alias of itself": ("a: &a [*a]", "alias"),
    "too many levels": ("[" * 100_000, "nests more than 64"),
    "an open bracket": ("a: [1,", "not YAML"),
    "a control character": ("a: \x00", "not YAML"),
    "two documents": ("a: 1\n---\nb: 2", "2 documents"),
}


@pytest.mark.parametrize(("text", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_doubtful_yaml_is_refused(text: str, says: str) -> None:
    """YAML that could be read in two ways, or without end, is an error that says what was found."""
    with pytest.raises(EvidenceError, match=says):
        load(text)


def test_aliases_that_multiply_are_bounded() -> None:
    """A few aliases cannot become millions of nodes."""
    layers = [f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]" for i in range(9)]

    with pytest.raises(EvidenceError, match="more than 500,000 nodes"):
        load("\n".join(["a: &a [x,x,x,x,x,x,x,x,x,x]", *layers]))


def test_scalars_follow_the_core_schema() -> None:
    """Words, times and dates stay text; only null, true, false and numbers are more."""
    document = load("[no, on, 12:30, 2026-01-02, '1', 1, 1.5, ~, true, 1e999]")

    assert document.value == ["no", "on", "12:30", "2026-01-02", "1", 1, 1.5, None, True, "1e999"]


def test_a_node_knows_its_line() -> None:
    """The line of a value is found by its path, or else that of its nearest parent."""
    document = load("a: 1\nb:\n  - c: x\n  - c: y\n")

    assert (document.line("b", 1, "c"), document.line("b", 1, "d"), document.line("z")) == (4, 4, 1)


def test_documents_are_read_one_by_one() -> None:
    """A stream of several documents gives each its own lines and anchors."""
    first, second = load_all("a: &x 1\n---\nb: 2\n")

    assert (first.value, second.value, second.line("b")) == ({"a": 1}, {"b": 2}, 3)


@pytest.mark.parametrize(
    "text",
    ["---\nid: R-1\non: 2026-01-02\n---\nBody", '+++\nid = "R-1"\non = 2026-01-02\n+++\nBody'],
    ids=["yaml", "toml"],
)
def test_front_matter_reads_alike_in_both_languages(text: str) -> None:
    """YAML and TOML front matter give the same table, the body and its first line."""
    found = split(text)

    assert (found.meta, found.body, found.body_line) == ({"id": "R-1", "on": "2026-01-02"}, "Body", 5)


def test_a_document_without_front_matter_is_all_body() -> None:
    """A document that does not begin with a fence has no front matter, and says so."""
    found = split("# Title\n---\nx\n")

    assert (found.present, found.meta, found.body) == (False, {}, "# Title\n---\nx\n")


@pytest.mark.parametrize("text", ["---\na: 1\n", "---\n- a\n---\n", "+++\na = \n+++\n"], ids=["open", "list", "broken"])
def test_front_matter_that_is_not_a_table_is_refused(text: str) -> None:
    """An open fence, a list and broken TOML are errors, not an empty table."""
    with pytest.raises(EvidenceError):
        split(text)
