"""Find the comments of a source file, never mistaking the inside of a string for one."""

import io
import re
import tokenize
from collections.abc import Iterator

_SLASH = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*(?:`|\\?\Z))""",
    re.DOTALL,
)


def python_comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text from the ``#`` on) of each comment of Python source.

    Raises:
        SyntaxError: The text cannot be cut into tokens.
    """
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except tokenize.TokenError as error:
        raise SyntaxError(str(error)) from error


def slash_comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each comment of a language with ``//`` and ``/* */``."""
    line, at = 1, 0
    for match in _SLASH.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        if match["comment"] is not None:
            yield line, match["comment"]
