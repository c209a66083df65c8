"""Cut source text of many languages into tokens, without comments and blanks."""

import re

# What is not closed ends with the file, so that no text is read twice.
_LINE_STRINGS = r'"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*'"
_LONG_STRINGS = r'"""(?:[^\\]|\\.)*?(?:"""|\\?\Z)|' + r"\'\'\'(?:[^\\]|\\.)*?(?:\'\'\'|\\?\Z)"
_TEMPLATES = r"`(?:[^`\\]|\\.)*(?:`|\\?\Z)"
_WORDS = r"[A-Za-z_$]\w*|\d[\w.]*"


def _pattern(comment: str, strings: str) -> re.Pattern[str]:
    token = f"{_WORDS}|{strings}|{_LINE_STRINGS}|[^\\s\\w]"
    return re.compile(rf"(?P<comment>{comment})|(?P<newline>\n)|(?P<token>{token})", re.DOTALL)


_HASH = _pattern(r"#[^\n]*", _LONG_STRINGS)
_SLASH = _pattern(r"//[^\n]*|/\*.*?(?:\*/|\Z)", _TEMPLATES)

HASH_SUFFIXES = (".py", ".rb", ".sh")
SLASH_SUFFIXES = (
    *(".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".java", ".kt", ".kts", ".scala", ".go", ".rs"),
    *(".c", ".h", ".cc", ".cpp", ".hpp", ".cs", ".swift", ".php", ".dart"),
)
SUFFIXES = (*HASH_SUFFIXES, *SLASH_SUFFIXES)


def tokens_of(text: str, path: str, numbers: dict[str, int]) -> tuple[list[int], list[int]]:
    """Return (the number of each token, the line of each, from 1); *numbers* gives equal tokens equal numbers."""
    pattern = _HASH if path.endswith(HASH_SUFFIXES) else _SLASH
    codes: list[int] = []
    lines: list[int] = []
    line = 1
    for match in pattern.finditer(text):
        group = match.lastgroup
        if group == "newline":
            line += 1
            continue
        word = match.group()
        if group == "token":
            codes.append(numbers.setdefault(word, len(numbers) + 1))
            lines.append(line)
        line += word.count("\n")
    return codes, lines
