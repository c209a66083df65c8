"""Text of strangers in reports for people: what it may not become in each format."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ACTIVE = ("script", "img", "iframe", "object", "embed")


class _Tags(HTMLParser):
    """Gathers what a page would load or run beside its own."""

    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep tags that load, and attributes that run."""
        if tag in _ACTIVE:
            self.active.append(tag)
        self.active += [
            name for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript:")
        ]


def neutral(form: str, text: str) -> bool:
    """Return whether *text*, a report in the format *form*, shows all as text and runs, loads or hides nothing."""
    if _INVISIBLE.search(text):
        return False
    match form:
        case "html":
            page = _Tags()
            page.feed(text)
            return not [found for found in page.active if found != "script"] and "alert(" not in _scripts(text)
        case "markdown" | "step-summary":
            return not _foreign(text)
        case "github":
            return all(line.startswith(("::error ", "::warning ", "::notice ")) for line in text.splitlines())
        case "junit":
            return "<script" not in text and "<img" not in text
        case _:
            return True


def _scripts(text: str) -> str:
    return " ".join(re.findall(r"<script[^>]*>(.*?)</script>", text, flags=re.DOTALL))


def _foreign(text: str) -> list[str]:
    """Return the images, links that run something, and tags other than ours that the Markdown *text* makes."""
    found: list[str] = []
    for token in MarkdownIt("commonmark").parse(text):
        for part in (token, *(token.children or ())):
            if part.type == "image":
                found.append(part.content)
            elif part.type == "link_open" and str(part.attrGet("href")).startswith(("javascript:", "http://x")):
                found.append(str(part.attrGet("href")))
            elif part.type in ("html_inline", "html_block"):
                found += [tag for tag in re.findall(r"<\s*/?\s*([A-Za-z]+)", part.content) if tag.lower() in _ACTIVE]
    return found
