"""Who is who: whether two ways of writing a person name the same one."""

import re
from collections.abc import Iterable

import msgspec

_ADDRESS = re.compile(r"\s*(?P<name>[^<>]*?)\s*<\s*(?P<email>[^<>\s]*)\s*>\s*\Z")
_FORGE = re.compile(r"(?:\d+\+)?(?P<login>[^@+]+)@users\.noreply\.")


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person as some source names them; what the source does not say is empty."""

    name: str = ""
    email: str = ""
    login: str = ""

    def __str__(self) -> str:
        """The shortest readable form."""
        return self.name or self.login or self.email or "nobody"

    def identities(self) -> frozenset[str]:
        """Return every folded form under which this person may appear; e-mail, login and name stand for each other."""
        found = {self.name.casefold(), self.email.casefold(), self.login.casefold().removeprefix("@")}
        forge = _FORGE.match(self.email)
        if forge is not None:
            found.add(forge["login"].casefold())
        return frozenset(" ".join(part.split()) for part in found if part.strip())

    def same_as(self, other: "Person") -> bool:
        """Return whether both name one person, as far as a shared form tells."""
        return bool(self.identities() & other.identities())

    def among(self, others: Iterable["Person"]) -> bool:
        """Return whether this person is one of *others*."""
        return any(self.same_as(other) for other in others)


def person(text: str) -> Person:
    """Return the person that *text* names: ``Ana Ruiz <ana@example.org>``, ``ana@example.org``, ``@ana`` or a name."""
    match = _ADDRESS.match(text)
    if match is not None:
        return Person(name=match["name"].strip("\"' "), email=match["email"])
    stripped = text.strip()
    if stripped.startswith("@"):
        return Person(login=stripped[1:])
    return Person(email=stripped) if "@" in stripped and " " not in stripped else Person(name=stripped)
