"""Weak settings in Dockerfiles, Terraform, Kubernetes and compose files."""

from typing import ClassVar

from standfast.evidence.wording.severity import Graded
from standfast.model import Unit


class Infrastructure(Graded, frozen=True, kw_only=True):
    """What a scanner of infrastructure files found, one item per failed rule and resource.

    ``passed`` counts rules that a resource met, where the report says. ``frameworks`` are the kinds of files that
    were looked at (``dockerfile``, ``terraform``, ``kubernetes``, ...).
    """

    KIND: ClassVar[str] = "infrastructure"
    TITLE: ClassVar[str] = "Container and infrastructure settings"
    UNITS: ClassVar[dict[str, Unit]] = {**Graded.UNITS, "passed": Unit.COUNT}

    passed: int | None = None
    frameworks: tuple[str, ...] = ()
