"""Money as whole minor units of one ISO 4217 currency."""

from dataclasses import dataclass
from enum import StrEnum

from payments.errors import CurrencyMismatchError, InvalidAmountError

MAX_MINOR = 100_000_000_00
"""Largest amount accepted, in minor units: a typing slip must not move a fortune."""


class Currency(StrEnum):
    """Currencies the service settles in."""

    CHF = "CHF"
    EUR = "EUR"
    GBP = "GBP"
    JPY = "JPY"
    SEK = "SEK"
    USD = "USD"

    @property
    def exponent(self) -> int:
        """Number of decimal places of the major unit (ISO 4217)."""
        return 0 if self is Currency.JPY else 2


@dataclass(frozen=True, slots=True)
class Money:
    """A non-negative amount. Floats never appear, so nothing is ever rounded.

    Args:
        minor: Whole minor units, 0 to `MAX_MINOR`.
        currency: The currency of those units.

    Raises:
        InvalidAmountError: When *minor* is not a whole number in that range.
    """

    minor: int
    currency: Currency

    def __post_init__(self) -> None:
        """Refuse what is not an amount; callers with types unchecked may still send a float or a bool."""
        if type(self.minor) is not int or not 0 <= self.minor <= MAX_MINOR:
            raise InvalidAmountError("not a whole number of minor units in range", max=MAX_MINOR)

    @classmethod
    def zero(cls, currency: Currency) -> "Money":
        """Return nothing, in *currency*."""
        return cls(0, currency)

    def __add__(self, other: "Money") -> "Money":
        """Return the sum of two amounts of one currency."""
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Return the difference; a negative one is refused."""
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def exceeds(self, other: "Money") -> bool:
        """Tell whether this amount is larger than *other*, of the same currency."""
        self._same_currency(other)
        return self.minor > other.minor

    def __str__(self) -> str:
        """Return the amount in major units, for people: `19.99 EUR`."""
        places = self.currency.exponent
        if not places:
            return f"{self.minor} {self.currency}"
        major, rest = divmod(self.minor, 10**places)
        return f"{major}.{rest:0{places}d} {self.currency}"

    def _same_currency(self, other: "Money") -> None:
        if self.currency is not other.currency:
            raise CurrencyMismatchError(
                f"expected {self.currency}, got {other.currency}",
                expected=self.currency.value,
                found=other.currency.value,
            )
