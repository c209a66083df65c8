"""Which parameters a docstring documents, in the styles of Google, NumPy and Sphinx."""

import re

_GOOGLE = re.compile(r"^(?P<indent>[ ]*)(?:Args|Arguments|Parameters|Params):[ ]*$")
_ENTRY = re.compile(r"^(?P<name>\*{0,2}\w+)[ ]*(?:\([^)]*(?:\)[^:]*)?)?:(?:\s|$)")
_NUMPY = re.compile(r"^[ ]*(?:Other )?Parameters[ ]*$")
_NUMPY_ENTRY = re.compile(r"^(?P<names>\*{0,2}\w+(?:[ ]*,[ ]*\*{0,2}\w+)*)[ ]*(?::.*)?$")
_RULE = re.compile(r"^[ ]*-{3,}[ ]*$")
_SPHINX = re.compile(
    r"^[ ]*[:@](?:param|parameter|arg|argument|key|keyword)[ ]+(?:[^:\n]*?[ ])?(?P<name>\*{0,2}\w+):", re.M
)


def documented_parameters(text: str) -> dict[str, bool]:
    """Return the names that *text* documents, in order; stars of ``*args`` are dropped."""
    lines = text.splitlines()
    found = dict.fromkeys((match["name"].lstrip("*\\") for match in _SPHINX.finditer(text)), True)
    for index, line in enumerate(lines):
        google = _GOOGLE.match(line)
        if google is not None:
            found |= _google(lines[index + 1 :], len(google["indent"]))
        elif _NUMPY.match(line) and index + 1 < len(lines) and _RULE.match(lines[index + 1]):
            found |= _numpy(lines[index + 2 :], len(line) - len(line.lstrip()))
    return found


def _plain(line: str) -> str:
    """Return *line* without the backslashes that keep reStructuredText from reading a name as markup."""
    return line.strip().replace("\\*", "*").replace("\\_", "_")


def _google(lines: list[str], outer: int) -> dict[str, bool]:
    found: dict[str, bool] = {}
    level: int | None = None
    for line in lines:
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        if indent <= outer:
            break
        level = indent if level is None else level
        match = _ENTRY.match(_plain(line)) if indent == level else None
        if match is not None:
            found[match["name"].lstrip("*")] = True
    return found


def _numpy(lines: list[str], outer: int) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        # The next section is a line that is underlined.
        if index + 1 < len(lines) and _RULE.match(lines[index + 1]):
            break
        match = _NUMPY_ENTRY.match(_plain(line)) if indent == outer else None
        if match is not None:
            for name in match["names"].split(","):
                found[name.strip().lstrip("*")] = True
    return found
