"""The environments of a forge: who must agree before something is deployed there, and from where it may come."""

from typing import ClassVar

import msgspec

from standfast.evidence.formats.native import Count
from standfast.model import Evidence, Unit


class Environment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One environment. ``approvals`` is how many people must agree to a deployment, as far as the forge enforces it.

    ``own_review_prevented`` and ``bypass_allowed`` are None where the forge does not say. ``branches`` is ``any``,
    ``protected`` or ``chosen``; ``wait_minutes`` passes before a deployment begins.
    """

    name: str
    approvals: Count = 0
    own_review_prevented: bool | None = None
    bypass_allowed: bool | None = None
    branches: str = "any"
    wait_minutes: Count = 0
    rules: tuple[str, ...] = ()


class Environments(Evidence, frozen=True, kw_only=True):
    """Every environment of one repository, as its forge tells it."""

    KIND: ClassVar[str] = "environments"
    TITLE: ClassVar[str] = "Environments and how they are protected"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {
        "environment_count": Unit.COUNT,
        "without_approval": Unit.COUNT,
        "from_any_branch": Unit.COUNT,
        "own_review_allowed": Unit.COUNT,
    }

    environments: tuple[Environment, ...] = ()

    @property
    def environment_count(self) -> int:
        """How many environments there are."""
        return len(self.environments)

    @property
    def without_approval(self) -> int:
        """How many environments anybody deploys to without somebody else agreeing."""
        return sum(1 for one in self.environments if not one.approvals)

    @property
    def from_any_branch(self) -> int:
        """How many environments take a deployment from whatever branch."""
        return sum(1 for one in self.environments if one.branches == "any")

    @property
    def own_review_allowed(self) -> int:
        """How many environments do not keep people from agreeing to what they started themselves."""
        return sum(1 for one in self.environments if not one.own_review_prevented)
