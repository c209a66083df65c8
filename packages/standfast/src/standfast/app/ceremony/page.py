"""The page on which a person sees what is to be signed, and touches the authenticator."""

from importlib.resources import files

import msgspec

from standfast.report.parts.element import element
from standfast.report.parts.page import document, policy_of

_SCRIPT = files("standfast.app.ceremony").joinpath("ceremony.js")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the script of the page is told; bytes are in base64url."""

    rp: str
    challenge: str
    identities: tuple[str, ...]
    timeout_ms: int
    enrol: bool = False
    user: str = ""
    name: str = ""
    algorithms: tuple[int, ...] = ()


class Page(msgspec.Struct, frozen=True):
    """A page, and the policy that it is to be sent with."""

    html: bytes
    policy: str


def page_of(title: str, why: str, facts: dict[str, str], asked: Asked) -> Page:
    """Return the page that shows *facts*, and on which the authenticator is asked for what *asked* says."""
    script = _SCRIPT.read_text(encoding="utf-8")
    shown = (element("div", element("dt", name), element("dd", element("code", fact))) for name, fact in facts.items())
    header = element(
        "header",
        element("div", element("p", "Standfast", class_="eyebrow"), element("h1", title), class_="page"),
        class_="verdict",
    )
    main = element(
        "main",
        element("p", why),
        element("dl", *shown, class_="about signed"),
        element("p", element("button", "Use the authenticator", id="touch", type="button", disabled="disabled")),
        element("p", "", id="told", role="status"),
        element("span", "", id="asked", data_asked=msgspec.json.encode(asked).decode(), hidden="hidden"),
        class_="page",
    )
    html = document(title, header, main, script=script)
    return Page(html, f"{policy_of(script)}; frame-ancestors 'none'")
