"""Who is who: whether two ways of writing a person name the same one."""

import re
import unicodedata
from collections.abc import Iterable

import msgspec

_FORGE = re.compile(r"(?:\d+[+-])?(?P<login>[^@+]+)@users\.noreply\.")

_LOOK_ALIKES = str.maketrans(
    # Cyrillic, then Greek, then a few others: small letters that nobody tells from Latin ones.
    "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u043a\u04cf\u043c\u043e\u0440\u051b\u0433\u0455\u0442\u0443\u0475\u051d\u0445"
    "\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
    "\u0131\u0237\u0251\u0261",
    "acdehijklmopqrstuvwxaeikvoptuxijag",
)
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person as some source names them; what the source does not say is empty."""

    name: str = ""
    email: str = ""
    login: str = ""

    def __str__(self) -> str:
        """The shortest readable form."""
        return self.name or self.login or self.email or "nobody"

    def identities(self) -> frozenset[str]:
        """Return every folded form under which this person may appear; e-mail, login and name stand for each other.

        Two spellings of one form are folded to the same text: capitals, accents, invisible characters, letters that
        look alike, an address with a tag (``ana+work@example.org``).
        """
        found = {_folded(self.name), _mailbox(_folded(self.email)), _folded(self.login).removeprefix("@")}
        forge = _FORGE.match(_folded(self.email))
        if forge is not None:
            found.add(forge["login"])
        return frozenset(found - {""})

    def same_as(self, other: "Person") -> bool:
        """Return whether both name one person, as far as a shared form tells."""
        return bool(self.identities() & other.identities())

    def among(self, others: Iterable["Person"]) -> bool:
        """Return whether this person is one of *others*."""
        return any(self.same_as(other) for other in others)


def person(text: str) -> Person:
    """Return the person that *text* names: ``Ana Ruiz <ana@example.org>``, ``ana@example.org``, ``@ana`` or a name."""
    stripped = text.strip()
    name, opened, rest = stripped.partition("<")
    email = rest.removesuffix(">").strip()
    if opened and rest.endswith(">") and not {"<", ">"} & {*name, *email} and len(email.split()) < 2:
        return Person(name=name.strip().strip("\"' "), email=email)
    if stripped.startswith("@"):
        return Person(login=stripped[1:])
    return Person(email=stripped) if "@" in stripped and " " not in stripped else Person(name=stripped)


def _folded(text: str) -> str:
    """Return *text* so that spellings which a reader takes for one another become the same."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(letter for letter in plain if unicodedata.category(letter) not in ("Cf", "Mn"))
    return " ".join(kept.translate(_LOOK_ALIKES).split())


def _mailbox(address: str) -> str:
    """Return the address that *address*, a folded one, is delivered to."""
    local, _, domain = address.rpartition("@")
    local, domain = local.partition("+")[0], domain.rstrip(".")
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}" if local else address
