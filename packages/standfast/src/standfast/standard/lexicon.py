"""The words that mean something to the reader of limits."""

from standfast.model import Op


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BEFORE: dict[Op, tuple[str, ...]] = {
    Op.LT: ("under", "below", "less than", "fewer than", "lower than", "shorter than", "faster than", "<"),
    Op.LE: (
        *("no more than", "not more than", "no longer than", "no higher than", "not over", "not above"),
        *("never over", "never above", "never exceeds", "never exceed", "not exceed", "not exceeding", "up to"),
        *("within", "maximum of", "<=", "≤"),
    ),
    Op.GT: (
        *("over", "above", "more than", "greater than", "higher than", "longer than", "beyond"),
        *("exceed", "exceeds", "exceeding", ">"),
    ),
    Op.GE: (
        *("no less than", "not less than", "no fewer than", "no lower than", "not below", "not under"),
        *("never below", "never under", "minimum of", ">=", "≥"),
    ),
    Op.EQ: ("exactly", "equal to", "equals", "=", "=="),
}
_AFTER: dict[Op, tuple[str, ...]] = {
    Op.LE: ("at most", "maximum", "max", "or less", "or lower", "or fewer", "or shorter"),
    Op.GE: ("at least", "minimum", "or more", "or higher", "or later", "or newer", "or longer", "+"),
}

COMPARATORS: dict[tuple[str, ...], tuple[Op, bool]] = {
    **{tuple(words.split()): (op, False) for op, phrases in _BEFORE.items() for words in phrases},
    **{tuple(words.split()): (op, True) for op, phrases in _AFTER.items() for words in phrases},
}
"""What each comparator means, and whether it may follow its number."""

LONGEST_COMPARATOR = max(map(len, COMPARATORS))
LONE_COMPARATORS = frozenset(words[0] for words in COMPARATORS if len(words) == 1)

NUMBER_WORDS: dict[str, int] = {
    "zero": 0,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
"""Numbers in words. "One" is a number only beside a unit or a comparator."""

BIG_WORDS = _words("thirteen fourteen sixteen seventeen eighteen nineteen seventy eighty hundred thousand dozen")
"""Numbers in words that are not read: they must be written in digits."""

SEPARATORS = _words("and then while but")
"""Words that end a phrase, as a comma does."""

HEDGES = _words(
    """
    not never no nor unless except excluding without about approximately around roughly nearly almost circa usually
    normally typically ideally preferably otherwise between cannot
    """
)
"""A limit with one of these words beside it says something other than its number."""

AGGREGATES = {
    "sustained": "sustained",
    "average": "average",
    "averaged": "average",
    "mean": "average",
    "median": "median",
    "peak": "peak",
}
"""How single values are put together before they meet the bound."""

KEEPING = _words("kept keep keeps retained retain retains preserved preserve stored store archived archive")
"""Words after which "for 3 years" says how long something must be kept."""

STOP_WORDS = _words(
    """
    a an the of is are be been must should shall will stay stays remain remains keep keeps in at on to by for with when
    once where if it its has have each every per takes take answers alert alerts fires fire no zero
    """
)
"""Words that do not belong to the name of a fact."""
