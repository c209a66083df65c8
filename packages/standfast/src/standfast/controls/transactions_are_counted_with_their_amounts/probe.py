"""Decide whether the volume of transactions, in number and in money, is counted."""

import re
from collections.abc import Iterator

from standfast.evidence.documents.schema import Documents
from standfast.evidence.metrics.declared import moving, undelivered
from standfast.evidence.metrics.schema import Metrics
from standfast.model import Finding

_AMOUNT = re.compile(r"amount|value|volume|revenue|minor|cents|money|turnover|sum")


def probe(documents: Documents, metrics: tuple[Metrics, ...]) -> Iterator[Finding]:
    """Yield one finding per declared metric that is not exposed or never moved, and one where none is declared.

    Args:
        documents: The documents of the project; its monitoring document declares the metrics.
        metrics: What the service exposes, read after its tests.

    Clause:
        monitoring_requirements.business_metrics.transactions
    """
    yield from undelivered(documents, metrics, "transactions", called="transactions")
    moved = moving(documents, metrics, "transactions")
    if moved is not None and not any(_AMOUNT.search(family.name.casefold()) for family in moved):
        yield Finding("no declared metric says what the transactions mean in money", rule="no-amount")
