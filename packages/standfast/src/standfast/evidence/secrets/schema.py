"""Secrets found in the tree or in its history; never the secret itself."""

from typing import ClassVar

from standfast.evidence.wording.severity import Graded
from standfast.model import Unit


class Secrets(Graded, frozen=True, kw_only=True):
    """What a secret scanner found: one item per place, named by detector, with no part of the secret.

    ``live`` counts secrets that were verified to work. ``history`` says that past commits were scanned too.
    A scanner that gives no severity gives ``unknown``, which counts as critical.
    """

    KIND: ClassVar[str] = "secrets"
    TITLE: ClassVar[str] = "Secrets in the repository"
    UNITS: ClassVar[dict[str, Unit]] = {**Graded.UNITS, "live": Unit.COUNT, "history": Unit.FLAG}

    live: int = 0
    history: bool = False
