"""A document that cannot be read without guessing is refused, with line, found and expected."""

import pytest

from standfast.model import StandardError
from standfast.standard.document import Document
from standfast.standard.read import read_document
from standfast.standard.text import MAX_BYTES

TABLE = "| version | last_updated | status |\n|---|---|---|\n| 1.0.0 | 2026-01-15 | stable |\n"
HEAD = '[standard]\nname = "own"\nversion = "1.0.0"\n'
MODULE = f"""{TABLE}
# Our standard

Prose outside of the block is for people.

```xml
<module name="own" category="quality">
  <!-- a remark -->
  <purpose>
    To show
    the form.
  </purpose>
  <implementation>
    <phase name="before" order="1">
      <requirements>
        Search p95 under 150ms
        Somebody owns it
      </requirements>
      <actions>
        - Ask one person,
          and then another
        - Write it down
      </actions>
    </phase>
  </implementation>
  <mandatory_quality_gates enforcement="strict">
    <gate name="speed" requirement="Startup under 10s &amp; steady"/>
  </mandatory_quality_gates>
  <storage><backups>Backups are kept for 90 days</backups></storage>
</module>
```
"""


def module(block: str) -> str:
    """Return a document in the module form around the elements *block*, which start on line 7."""
    return f'{TABLE}\n```xml\n<module name="own">\n{block}\n</module>\n```\n'


def toml(*clauses: str) -> str:
    """Return a document in TOML with *clauses*; the first starts on line 4."""
    return HEAD + "".join(f"[[clause]]\n{clause}\n" for clause in clauses)


def read(text: str, name: str = "own.md") -> Document:
    """Return the document that *text* is."""
    return read_document(text.encode(), name)


def refusal(text: str | bytes, name: str = "own.md") -> StandardError:
    """Return the error that reading *text* ends with."""
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(StandardError) as caught:
        read_document(data, name)
    return caught.value


def test_the_module_form_gives_ids_kinds_and_lines() -> None:
    """Element names make the id; each line of a list, or each item of it, is a sentence; wrapped text is one."""
    document = read(MODULE)

    assert (document.name, document.version, document.updated, document.status) == (
        "own",
        "1.0.0",
        "2026-01-15",
        "stable",
    )
    assert [(clause.id, clause.kind.value, clause.line, clause.text) for clause in document.clauses] == [
        ("purpose", "practice", 13, "To show the form."),
        ("before.requirements.1", "requirement", 19, "Search p95 under 150ms"),
        ("before.requirements.2", "requirement", 20, "Somebody owns it"),
        ("before.actions.1", "action", 23, "Ask one person, and then another"),
        ("before.actions.2", "action", 25, "Write it down"),
        ("mandatory_quality_gates.speed", "gate", 30, "Startup under 10s & steady"),
        ("storage.backups", "limit", 32, "Backups are kept for 90 days"),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_count_the_same_however_they_end(newline: str) -> None:
    """The line of a clause does not depend on how lines end."""
    assert read(MODULE.replace("\n", newline)).clauses == read(MODULE).clauses


def test_the_block_may_stand_without_a_fence() -> None:
    """One bare module element is read like a fenced one."""
    bare = MODULE.replace("```xml\n", "").replace("```\n", "")

    assert [clause.id for clause in read(bare).clauses] == [clause.id for clause in read(MODULE).clauses]


@pytest.mark.parametrize(
    ("text", "code", "where", "found"),
    [
        ("", "standard-empty", "own.md:1", "an empty document"),
        (" \n\t\n", "standard-empty", "own.md:1", "an empty document"),
        (b"| version |\n\xff", "standard-encoding", "own.md:2", "byte 0xff"),
        (b"x" * 50_000_000, "standard-too-large", "own.md:1", "50,000,000 bytes"),
        ("a\n" + "x" * 20_000, "standard-long-line", "own.md:2", "20,000 characters"),
        (TABLE, "standard-no-block", "own.md:1", "no XML block"),
        (MODULE + MODULE, "standard-two-blocks", "own.md:44", "a second XML block"),
        (MODULE + '<module name="b"/>', "standard-two-blocks", "own.md:35", "a second XML block"),
        (MODULE.removesuffix("```\n"), "standard-open-block", "own.md:9", "never closed"),
        (module("<a>x</b>"), "standard-xml", "own.md:7", "mismatched tag"),
        (module("<a>x"), "standard-xml", "own.md:8", "mismatched tag"),
        (module("<a>&who;</a>"), "standard-xml", "own.md:7", "undefined entity"),
        (module("<a>\0</a>"), "standard-xml", "own.md:7", "invalid token"),
        (module("<a>" * 100), "standard-too-deep", "own.md:7", "more than 30"),
    ],
)
def test_a_document_that_is_no_standard_is_refused_at_once(
    text: str | bytes, code: str, where: str, found: str
) -> None:
    """What cannot be read on is refused with its place."""
    error = refusal(text)

    assert error.code == code
    assert [problem.where for problem in error.problems] == [where]
    assert found in error.problems[0].found


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE module [<!ENTITY a "b">]>',
        '<!DOCTYPE module [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE module SYSTEM "http://example.org/a.dtd">',
        '<!DOCTYPE module [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_a_document_type_is_never_read(declaration: str) -> None:
    """Entities, external ones included, are refused by their declaration."""
    error = refusal(MODULE.replace("<module", f"{declaration}<module", 1))

    assert (error.code, error.problems[0].where) == ("standard-entity", "own.md:10")


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        (MODULE.replace(TABLE, ""), "own.md:1", "no version table"),
        (MODULE.replace("| 1.0.0 |", "|  |"), "own.md:3", "an empty version"),
        (MODULE.replace("2026-01-15", "soon"), "own.md:3", "soon"),
        (MODULE.replace("| status |", "| mood |"), "own.md:1", "mood"),
        (MODULE.replace("150ms", "150 parsecs"), "own.md:19", "150 parsecs"),
        (MODULE.replace("strict", "lenient"), "own.md:29", "lenient"),
        (MODULE.replace('name="own"', 'name="Our own"'), "own.md:10", "Our own"),
        (module("<a>x</a><a>y</a>"), "own.md:7", "a again (first on line 7)"),
        (module("<a></a>"), "own.md:7", "nothing in <a>"),
        (module("text <a>x</a>"), "own.md:7", '"text" beside elements'),
        (module('<a unless="rich">x</a>'), "own.md:7", "the attribute unless of <a>"),
        (module('<gate name="fast"/>'), "own.md:7", "nothing in <gate>"),
        (module('<phase name="Now!"><actions>x</actions></phase>'), "own.md:7", "Now!"),
        (module("<a>x\u202ey</a>"), "own.md:7", "U+202E"),
        (module("<a>p95 under 20\u200b0ms</a>"), "own.md:7", "U+200B"),
        (module("<a>" + "\n".join(["word " * 100] * 10) + "</a>"), "own.md:7", "4,999 characters"),
    ],
)
def test_a_problem_of_a_module_has_its_line(text: str, where: str, found: str) -> None:
    """A problem says where it is, what was found and what was expected."""
    problem = refusal(text).problems[0]

    assert (problem.where, bool(problem.expected)) == (where, True)
    assert found in problem.found


def test_all_problems_of_a_document_come_together() -> None:
    """Whoever writes a standard sees everything that is wrong with it in one go."""
    text = MODULE.replace("150ms", "150 parsecs").replace("10s", "10").replace("2026-01-15", "soon")

    error = refusal(text)

    assert error.code == "standard-invalid"
    assert "3 problems" in str(error)
    assert [problem.where for problem in error.problems] == ["own.md:3", "own.md:19", "own.md:30"]


def test_many_problems_are_counted_and_some_listed() -> None:
    """A document of nothing but problems does not fill the screen."""
    error = refusal(module("<requirements>\n" + "Latency under 5 parsecs\n" * 500 + "</requirements>"))

    assert "500 problems; the first 100" in error.message
    assert len(error.problems) == 100


def test_a_declared_limit_says_what_the_sentence_cannot() -> None:
    """In TOML a limit may be written beside its sentence, in any fact, role and window."""
    document = read(
        toml(
            'id = "queue.age"\ntext = "No message waits for longer than 2 minutes on 99% of days"\n'
            'limits = [{ fact = "queue.age", op = "le", bound = "120 s", window = "1 d", aggregate = "p99", '
            'min_samples = 100 }, { fact = "queue.days", op = "ge", bound = 0.99, unit = "ratio" }]'
        ),
        "own.toml",
    )

    first, second = document.clauses[0].limits
    assert (first.bound, first.window_s, first.aggregate, first.min_samples) == (120, 86400, "p99", 100)
    assert (second.fact, second.bound) == ("queue.days", 0.99)


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ('id = "a.b"\ntext = "Latency under 200ms"\nlimits = [{ fact = "x", op = "lt", bound = "300 ms" }]', "200ms"),
        ('id = "a.b"\ntext = "Latency under 200ms"\nlimits = []', "200ms"),
        ('id = "a.b"\ntext = "Latency under 200ms"\nlimits = [{ fact = "x", op = "gt", bound = "200 ms" }]', "says so"),
        ('id = "a.b"\ntext = "Latency under 200ms"\nlimits = [{ fact = "x", op = "lt", bound = 200 }]', "bound = 200"),
        ('id = "a.b"\ntext = "Slow"\nlimits = [{ fact = "x", op = "lt", bound = "2 moons" }]', "2 moons"),
        ('id = "a.b"\ntext = "Slow"\nlimits = [{ fact = "x", op = "lt", bound = nan, unit = "s" }]', "nan"),
        ('id = "a.b"\ntext = "Slow"\nlimits = [{ fact = "x", op = "lt", bound = -1, unit = "s" }]', "-1"),
        ('id = "a.b"\ntext = "Slow"\nlimits = [{ fact = "x y", op = "lt", bound = "1 s" }]', "x y"),
        ('id = "a.b"\ntext = "Slow"\nlimits = [{ fact = "x", op = "lt", bound = "1 s", unit = "s" }]', "unit"),
        ('id = "a.b"\ntext = "Slow"\nlimits = [{ fact = "x", op = "lt", bound = "1 s", window = "5 MB" }]', "5 MB"),
        ('id = "a.b"\ntext = "Slow"\nlimits = [{ fact = "x", op = "lt", bound = "1 s", mood = "bad" }]', "mood"),
        ('id = "a.b"\ntext = "Slow"\nlimits = [{ fact = "x", op = "about", bound = "1 s" }]', "about"),
        (
            'id = "a.b"\ntext = "Slow"\n'
            'limits = [{ fact = "x", op = "lt", bound = "1 s" }, { fact = "x", op = "lt", bound = "2 s" }]',
            "2 limits on x",
        ),
        (
            'id = "a.b"\ntext = "Latency under 200ms"\nlimits = [{ fact = "x", op = "lt", bound = "200 ms" }, '
            '{ fact = "y", op = "lt", bound = "9 s" }]',
            "y of 9 s",
        ),
        (
            'id = "mandatory_quality_gates.performance_slas"\nkind = "gate"\ntext = "p95 under 200ms for 5 minutes"\n'
            'limits = [{ fact = "api.latency_p95", op = "lt", bound = "200 ms" }]',
            "5 minutes",
        ),
        (
            'id = "performance_requirements.response_times.database_ops"\ntext = "Quick"\n'
            'limits = [{ fact = "database.transaction", op = "lt", bound = "50 ms" }]',
            "no limit on database.simple_query",
        ),
        (
            'id = "a.b"\ntext = "Slow"\nlimits = [{ fact = "x", op = "lt", bound = "1 s", min_samples = 0 }]',
            "min_samples",
        ),
        ('id = "a.b"\ntext = "Slow"\nlimits = [{ fact = "x", op = "ge", bound = 0, unit = "percent" }]', "always met"),
        ('id = "a.b"\nkind = "limit"\ntext = "Fast"', "kind limit"),
        ('id = "a.b"\nkind = "practice"\ntext = "Latency under 200ms"', "kind practice"),
        ('id = "a.b"\nkind = "wish"\ntext = "Fast"', "wish"),
        ('id = "A b"\ntext = "Fast"', "A b"),
        ('id = "a.b"\ntext = ""', "nothing"),
        ('id = "a.b"\ntext = "Fast"\nseverity = "high"', "severity"),
        ('text = "Fast"', "id"),
    ],
)
def test_a_clause_in_toml_must_agree_with_itself(clause: str, found: str) -> None:
    """A declared limit that its sentence contradicts, and a key that is not known, are errors."""
    problem = refusal(toml(clause), "own.toml").problems[0]

    assert problem.where in ("own.toml:4", "own.toml:5", "own.toml:6", "own.toml:7")
    assert found in problem.found + problem.expected


def test_numbers_of_a_known_clause_cannot_be_swapped() -> None:
    """Declared limits are compared fact by fact where the sentence names its facts."""
    swapped = (
        'id = "performance_requirements.response_times.database_ops"\n'
        'text = "Simple queries under 10ms, complex ones under 100ms, transactions under 50ms"\n'
        'limits = [{ fact = "database.simple_query", op = "lt", bound = "100 ms" }, '
        '{ fact = "database.complex_query", op = "lt", bound = "10 ms" }, '
        '{ fact = "database.transaction", op = "lt", bound = "50 ms" }]'
    )

    assert "database.simple_query" in str(refusal(toml(swapped), "own.toml"))


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("[standard\n", "standard-toml", "own.toml:1"),
        (HEAD + "x =\n", "standard-toml", "own.toml:4"),
        (HEAD + 'x = "', "standard-toml", "own.toml:4"),
        ("x = " + "[" * 5000, "standard-toml", "own.toml:1"),
        (".".join(["a"] * 2000) + " = 1", "standard-toml", "own.toml:1"),
        (HEAD + "[extra]\n", "standard-invalid", "own.toml:4"),
        ('[standard]\nname = "own"\n', "standard-invalid", "own.toml:1"),
        (HEAD + "mood = 1\n", "standard-invalid", "own.toml:1"),
        (HEAD, "standard-invalid", "own.toml:1"),
        ('clause = "x"\n' + HEAD, "standard-invalid", "own.toml:1"),
        ("a = 1\n", "standard-invalid", "own.toml:1"),
        (toml('id = "a"\ntext = "x"', 'id = "a"\ntext = "y"'), "standard-invalid", "own.toml:9"),
    ],
)
def test_a_problem_of_a_toml_document_has_its_line(text: str, code: str, where: str) -> None:
    """TOML that cannot be taken is refused with the line."""
    error = refusal(text, "own.toml")

    assert (error.code, error.problems[0].where) == (code, where)


@pytest.mark.parametrize(
    ("override", "found"),
    [
        ('clause = "a.b"\nfact = "x"\n', "bound"),
        ('clause = "a.b"\nfact = "x"\nbound = "2 moons"\n', "2 moons"),
        ('clause = "a.b"\nfact = "x"\nbound = 2\n', "bound = 2"),
        ('clause = "a.b"\nfact = "x"\nbound = "1 s"\nexpires = "soon"\n', "expires"),
        ('clause = "a.b"\nfact = "x"\nbound = "1 s"\nbecause = "so"\n', "because"),
        ('clause = "a.b"\nfact = 1\nbound = "1 s"\n', "fact"),
    ],
)
def test_an_override_that_cannot_be_read_has_its_line(override: str, found: str) -> None:
    """An override with a key, bound or date that is not known is an error at its header."""
    text = HEAD + 'extends = "production"\n[[override]]\n' + override

    problem = refusal(text, "own.toml").problems[0]

    assert problem.where == "own.toml:5"
    assert found in problem.found


@pytest.mark.parametrize("table", ["clause", "override"])
def test_clauses_and_overrides_are_arrays_of_tables(table: str) -> None:
    """A single table in the place of an array is an error."""
    problem = refusal(HEAD + f'[{table}]\nid = "a"\n', "own.toml").problems[0]

    assert table in problem.found


def test_a_file_of_another_kind_is_refused() -> None:
    """The form follows from the name of the file, and no other is guessed."""
    assert refusal("x", "own.json").code == "standard-form"


def test_the_largest_document_is_still_read_as_one() -> None:
    """A document of exactly the largest size is looked at, one of a byte more is not."""
    lines = b"#" * 99 + b"\n"
    full = lines * (MAX_BYTES // 100)

    assert refusal(full).code == "standard-no-block"
    assert refusal(full + b"#").code == "standard-too-large"
