"""What ``ruff check --show-settings`` says about the rules that are on."""

import re

_SECTION = re.compile(r"^linter\.rules\.enabled = \[\n(?P<rules>.*?)^\]$", re.MULTILINE | re.DOTALL)
_RULE = re.compile(r"^\t[a-z0-9-]+ \((?P<code>[A-Z]+[0-9]+)\),?$", re.MULTILINE)


def enabled_rules(settings: bytes) -> tuple[str, ...] | None:
    """Return the codes of the rules that are on, sorted; None where *settings* does not say."""
    section = _SECTION.search(settings.decode("utf-8", "replace"))
    return None if section is None else tuple(sorted(_RULE.findall(section["rules"])))
