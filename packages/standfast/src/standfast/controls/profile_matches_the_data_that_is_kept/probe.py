"""Decide whether what the project handles contradicts its profile."""

from collections.abc import Iterator

from standfast.evidence.card_data.schema import CardData
from standfast.evidence.personal_data.schema import PersonalData
from standfast.model import Finding, Profile


def probe(cards: CardData, people: PersonalData, profile: Profile) -> Iterator[Finding]:
    """Yield each field that the profile says the project does not have.

    Args:
        cards: Card fields and numbers, stored or passed on.
        people: Stored fields that look personal.
        profile: What the project says it is.

    Clause:
        security_standards.compliance_frameworks.pci_dss
    """
    if profile.card_data is not True:
        line = _line(profile, "card_data")
        for field in cards.fields:
            if not field.in_tests:
                yield Finding(
                    f"{field.name} holds a card {field.holds}, but {line}", field.finding().location, "card_data"
                )
        for number in cards.numbers:
            if not number.in_tests:
                yield Finding(
                    f"a {number.issuer} card number is here, but {line}", number.finding().location, "card_data"
                )
    if profile.personal_data is not True:
        line = _line(profile, "personal_data")
        for personal in people.fields:
            yield Finding(
                f"{personal.name} looks personal ({personal.says}), but {line}", personal.location, "personal_data"
            )


def _line(profile: Profile, flag: str) -> str:
    if profile.flag(flag) is None:
        return f"the profile does not say {flag} = true"
    return f"the profile says `{profile.lines.get(flag, f'{flag} = false')}`"
