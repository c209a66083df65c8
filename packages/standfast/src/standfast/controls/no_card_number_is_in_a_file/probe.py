"""Decide whether card numbers stand in files."""

from collections.abc import Iterator

from standfast.evidence.card_data.schema import CardData
from standfast.model import Finding


def probe(cards: CardData) -> Iterator[Finding]:
    """Yield each card number, except published test numbers in tests and documentation.

    Args:
        cards: What the scan of all tracked files found.

    Clause:
        security_standards.compliance_frameworks.pci_dss
    """
    for number in cards.numbers:
        if not (number.published and number.in_tests):
            yield number.finding()
