"""The fast way through a Cobertura report and the walk over its elements tell the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from standfast.evidence.coverage.cobertura_lines import plain_lines
from standfast.evidence.coverage.importers import cobertura
from standfast.evidence.coverage.schema import Coverage
from standfast.model import EvidenceError

_NUMBERS = st.integers(0, 30).map(str)
_LINES = st.one_of(
    st.builds('<line number="{}" hits="{}"/>'.format, _NUMBERS, st.integers(0, 3)),
    st.builds(
        '<line number="{}" hits="{}" branch="true" condition-coverage="50% ({}/2)"/>'.format,
        _NUMBERS,
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    st.builds('<line number="{}" hits="1" branch="FALSE" condition-coverage="0%"></line>'.format, _NUMBERS),
    st.builds('<line hits="1" number="{}" />'.format, _NUMBERS),
    st.sampled_from(
        [
            '<line number="3" hits="01"/>',
            '<line number="3" hits="-1"/>',
            "<line\nnumber='4' hits='0'/>",
            "<line/>",
            '<linear number="5" hits="1"/>',
            '<line number="6" hits="1" branch = "true"/>',
            '<line number="7" hits="1" condition-coverage="&lt;"/>',
            '<![CDATA[<line number="8" hits="1"/>]]>',
            "text &amp; more",
            "<lines/>",
        ]
    ),
)
_CLASSES = st.builds(
    '<class name="{}" {}><methods/><lines>{}</lines></class>'.format,
    st.sampled_from(["a", "a>b", "&quot;"]),
    st.sampled_from(['filename="a.py"', "filename='b.py'", 'filename="c&amp;d.py" line-rate="1"', 'other="x"']),
    st.lists(_LINES, max_size=6).map("".join),
)
_DOCUMENTS = st.builds(
    '{}<coverage line-rate="0.5" branch-rate="0">{}<packages><package name="p"><classes>{}</classes>{}'.format,
    st.sampled_from(
        [
            "",
            '<?xml version="1.0"?>',
            '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE coverage SYSTEM "c.dtd">',
            "<?xml version='1.0' encoding='latin-1'?>",
        ]
    ),
    st.sampled_from(["", "<sources><source>/w</source></sources>", '<line number="1" hits="1"/>']),
    st.lists(_CLASSES, max_size=4).map("".join),
    st.sampled_from(["</package></packages></coverage>", "</package></packages></coverage>\n", "</package>", ""]),
)


def _read(document: str) -> Coverage | str:
    try:
        reading = cobertura.read(document.encode())
    except EvidenceError as error:
        return type(error).__name__
    assert isinstance(reading.body, Coverage)
    return reading.body


@given(_DOCUMENTS)
@example('<coverage line-rate="1"><class filename="a.py"><line number="1" hits="1"/></class></coverage>')
def test_a_comment_changes_nothing(document: str) -> None:
    """A report says the same when a comment makes its reader walk every element."""
    commented = document.replace("<packages>", "<!-- --><packages>", 1)

    assert _read(document) == _read(commented)


def test_what_tools_write_is_plain() -> None:
    """Reports as coverage.py and Cobertura write them take the fast way."""
    line = '<line number="3" hits="1" branch="true" condition-coverage="50% (1/2)" missing-branches="5"/>'
    document = (
        '<?xml version="1.0" ?>\n<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">\n'
        f'<coverage line-rate="1">\n<packages><package><classes><class name="a" filename="a.py"><lines>{line}\n'
        '<line number="4" hits="0"/></lines></class></classes></package></packages></coverage>'
    )

    found = plain_lines(document.encode())

    assert found is not None
    assert (found[1]["a.py"].ran, found[1]["a.py"].seen, found[1]["a.py"].branches) == ({3}, {4}, {3: (1, 2)})


def test_conditions_that_are_no_text_are_malformed() -> None:
    """Bytes of no encoding in a plain report are our own error, as they are anywhere else."""
    line = b'<line number="3" hits="1" branch="true" condition-coverage="50% \xd1(1/2)"/>'
    document = b'<coverage line-rate="1"><class filename="a.py"><lines>' + line + b"</lines></class></coverage>"

    with pytest.raises(EvidenceError, match="not well-formed"):
        cobertura.read(document)
