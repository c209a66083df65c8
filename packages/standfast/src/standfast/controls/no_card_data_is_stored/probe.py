"""Decide whether the schema has a place for card data."""

from collections.abc import Iterator

from standfast.evidence.card_data.schema import CardData
from standfast.model import Finding


def probe(cards: CardData) -> Iterator[Finding]:
    """Yield each stored field that holds a card number, its security code, a track or a PIN.

    Args:
        cards: Fields of tables, entities and migrations, outside tests.

    Clause:
        security_standards.compliance_frameworks.pci_dss
    """
    for field in cards.fields:
        if field.stored and not field.in_tests:
            yield field.finding()
