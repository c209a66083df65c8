"""What the comparison of one project found, and what of it nobody has explained."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One count on both sides; ``reason`` says why it rightly differs."""

    tool: str
    what: str
    ours: object
    by_hand: int
    reason: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether both sides count the same."""
        return self.ours == self.by_hand


@dataclass
class Compared:
    """One project: how the gate ended and how long it took, and each count on both sides.

    ``slowest`` is the slowest tool by hand; ``tools_s`` is what every tool of the gate took, one after another.
    """

    name: str
    version: str
    exit_code: int
    gate_s: float
    again_s: float
    lines: int = 0
    rows: list[Row] = field(default_factory=list)
    slowest: tuple[str, float] = ("", 0.0)
    tools_s: float = 0.0
    outcomes: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def unexplained(self) -> Iterator[str]:
        """Yield each failure, each count that differs for no known reason, and each reason that is needed no more."""
        yield from self.failures
        for row in self.rows:
            said = f"{self.name}: {row.tool}: {row.what}: ours {row.ours}, by hand {row.by_hand}"
            if not row.is_equal and not row.reason:
                yield said
            elif row.is_equal and row.reason:
                yield f"{said}; projects.toml explains a difference that is none"


def unsteady(ours: object, by_hand: Sequence[int]) -> str:
    """Return that runs *by_hand* differ among themselves and *ours* lies between them; ``""`` where it is not so."""
    low, high = min(by_hand), max(by_hand)
    if low == high or not isinstance(ours, int) or not low <= ours <= high:
        return ""
    return f"{len(by_hand)} runs by hand count {low:,} to {high:,}"


def exit_code(compared: Iterable[Compared]) -> int:
    """Return 1 where anything is unexplained, else 0."""
    return int(any(True for one in compared for _ in one.unexplained()))
