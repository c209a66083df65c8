"""A history of a small shop, commit by commit, each with what a person says it is.

Every commit is ``(label, subject, edits)``; an edit gives a file its text, or takes text away (None). ``ADD`` appends
and ``SWAP`` replaces one text by another, so that a commit shows only what it does.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from standfast.evidence.tdd_cycles.schema import Step

Edit = Callable[[str], str] | str | None
Labelled = tuple[Step, str, Mapping[str, Edit]]

MONEY, SHIP, STOCK = "src/shop/money.py", "src/shop/ship.py", "src/shop/stock.py"
BASKET, T_BASKET = "src/shop/basket.py", "tests/test_basket.py"
T_MONEY, T_SHIP, T_STOCK = "tests/test_money.py", "tests/test_ship.py", "tests/unit/test_stock.py"
PROJECT = '[project]\nname = "shop"\nversion = "1"\n'


def add(text: str) -> Callable[[str], str]:
    """Return the edit that appends *text*."""
    return lambda before: f"{before}\n\n{text}\n"


def swap(old: str, new: str) -> Callable[[str], str]:
    """Return the edit that replaces *old*, which must be there once, by *new*."""

    def edit(before: str) -> str:
        assert before.count(old) == 1, (old, before)
        return before.replace(old, new)

    return edit


def test(name: str, module: str, expected: str) -> str:
    """Return a test that imports one name and expects something of it."""
    return f"def test_{name}():\n    from shop.{module} import {expected.partition('(')[0]}\n\n    assert {expected}"


HISTORY: tuple[Labelled, ...] = (
    (Step.COSMETIC, "Begin", {"README.md": "# Shop\n", "pyproject.toml": PROJECT, ".gitignore": ".venv\n.standfast\n"}),
    (Step.UNTESTED, "Add the price", {"src/shop/__init__.py": "", MONEY: "def price(n):\n    return n * 2\n"}),
    (Step.TESTS_ONLY, "Test the price", {T_MONEY: test("price", "money", "price(2) == 4") + "\n"}),
    (Step.RED, "Ask for refunds", {T_MONEY: add(test("refund", "money", "refund(3) == -6"))}),
    (Step.GREEN, "Refund", {MONEY: add("def refund(n):\n    return -price(n)")}),
    (Step.REFACTOR, "Name the amount", {MONEY: swap("return -price(n)", "amount = price(n)\n    return -amount")}),
    (Step.COSMETIC, "Explain the price", {MONEY: swap("    return n * 2", '    """Twice."""\n    return n * 2  # x')}),
    (Step.UNTESTED, "Charge a fee", {MONEY: add("def fee(n):\n    if n > 10:\n        return 1\n    return 0")}),
    (Step.TESTS_ONLY, "Test the fee", {T_MONEY: add(test("fee", "money", "fee(5) == 0"))}),
    (
        Step.INSENSITIVE,
        "Raise the fee",
        {MONEY: swap("return 1", "return 3"), T_MONEY: add(test("fee_small", "money", "fee(6) == 0"))},
    ),
    (
        Step.RED_AND_GREEN,
        "Add the tax",
        {MONEY: add("def tax(n):\n    return n"), T_MONEY: add(test("tax", "money", "tax(6) == 6"))},
    ),
    (
        Step.RED_AND_GREEN,
        "Mend the fee of large orders",
        {MONEY: swap("return 3", "return 5"), T_MONEY: add(test("fee_large", "money", "fee(20) == 5"))},
    ),
    (Step.BREAKS_TESTS, "Triple the price", {MONEY: swap("return n * 2", "return n * 3")}),
    (Step.GREEN, "Double it again", {MONEY: swap("return n * 3", "return 2 * n")}),
    (Step.RED, "Ask for shipping", {T_SHIP: test("ship", "ship", "ship(1) == 'sent'") + "\n"}),
    (Step.REFACTOR, "Add up meanwhile", {MONEY: swap("return 2 * n", "return n + n")}),
    (Step.GREEN, "Ship", {SHIP: "def ship(n):\n    return 'sent'\n"}),
    (Step.UNTESTED, "Offer a second name", {SHIP: add("def post(n):\n    return ship(n)")}),
    (
        Step.TESTS_ONLY,
        "Share a fixture",
        {"tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef n():\n    return 1\n"},
    ),
    (Step.TESTS_ONLY, "Use it", {T_SHIP: add("def test_n(n):\n    from shop.ship import ship\n\n    assert ship(n)")}),
    (
        Step.RED_AND_GREEN,
        "Refuse to ship nothing",
        {
            SHIP: swap("    return 'sent'", "    if n <= 0:\n        raise ValueError(n)\n    return 'sent'"),
            T_SHIP: add(
                "def test_nothing():\n    import pytest\n    from shop.ship import ship\n\n"
                "    with pytest.raises(ValueError):\n        ship(0)"
            ),
        },
    ),
    (Step.STILL_RED, "Ask for insurance", {T_SHIP: add(test("insured", "ship", "insured(1)"))}),
    (
        Step.RED_AND_GREEN,
        "Keep stock",
        {
            STOCK: "LEFT = {'a': 2}\n\n\ndef left(name):\n    return LEFT[name]\n",
            T_STOCK: "import pytest\n\nfrom shop.stock import left\n\nCASES = [('a', 2)]\n\n\n"
            "@pytest.mark.parametrize('name,n', CASES)\ndef test_left(name, n):\n    assert left(name) == n\n",
        },
    ),
    (
        Step.RED_AND_GREEN,
        "Stock another thing",
        {STOCK: swap("{'a': 2}", "{'a': 2, 'b': 7}"), T_STOCK: swap("[('a', 2)]", "[('a', 2), ('b', 7)]")},
    ),
    (Step.RED, "Ask for a third", {T_STOCK: swap("('b', 7)]", "('b', 7), ('c', 0)]")}),
    (Step.GREEN, "Stock the third", {STOCK: swap("'b': 7}", "'b': 7, 'c': 0}")}),
    (Step.REFACTOR, "Look it up safely", {STOCK: swap("LEFT[name]", "LEFT.get(name)")}),
    (Step.COSMETIC, "Document", {"docs/shop.md": "# Shop\n", "README.md": add("More.")}),
    (Step.REFACTOR, "Drop the second name", {SHIP: swap("\n\ndef post(n):\n    return ship(n)\n", "")}),
    (
        Step.UNTESTED,
        "Take none",
        {STOCK: swap("    return L", "    if not name:\n        return 0\n    return L")},
    ),
    (
        Step.UNDECIDED,
        "Take out a function",
        {MONEY: swap("    return n + n", "    return double(n)\n\n\ndef double(n):\n    return n + n")},
    ),
    (
        Step.RED_AND_GREEN,
        "Rename shipping",
        {
            SHIP: swap("def ship(n)", "def send(n)"),
            T_SHIP: lambda text: text.replace("import ship\n", "import send as ship\n"),
        },
    ),
    (Step.UNDECIDED, "Read prices from a table", {"src/shop/prices.csv": "a,1\n"}),
    (
        Step.RED_AND_GREEN,
        "Keep a basket",
        {
            BASKET: "class Basket:\n    def __init__(self):\n        self.things = []\n\n"
            "    def put(self, thing):\n        self.things.append(thing)\n",
            T_BASKET: "from shop.basket import Basket\n\n\nclass TestBasket:\n    def test_put(self):\n"
            "        basket = Basket()\n        basket.put('a')\n        assert basket.things == ['a']\n",
        },
    ),
    (
        Step.RED,
        "Ask for a total",
        {T_BASKET: add("    def test_total(self):\n        assert Basket().total() == 0")},
    ),
    (Step.GREEN, "Give a total", {BASKET: add("    def total(self):\n        return len(self.things)")}),
    (
        Step.RED_AND_GREEN,
        "Refuse to put nothing",
        {
            BASKET: swap(
                "        self.things.append",
                "        if not thing:\n            raise ValueError\n        self.things.append",
            ),
            T_BASKET: add(
                "    def test_nothing(self):\n        import pytest\n\n"
                "        with pytest.raises(ValueError):\n            Basket().put('')"
            ),
        },
    ),
    (Step.REFACTOR, "Use a tuple of the empty", {BASKET: swap("if not thing:", "if thing in ('', None):")}),
    (
        Step.TESTS_ONLY,
        "Check the total again",
        {T_BASKET: add("    def test_again(self):\n        assert Basket().total() == 0")},
    ),
    (
        Step.TESTS_ONLY,
        "Drop the second check",
        {T_BASKET: swap("    def test_again(self):\n        assert Basket().total() == 0", "")},
    ),
    (
        Step.TESTS_ONLY,
        "Skip what is slow",
        {T_BASKET: add("    def test_slow(self):\n        import pytest\n\n        pytest.skip('slow')")},
    ),
    (
        Step.UNDECIDED,
        "Skip with code",
        {
            BASKET: add("    def clear(self):\n        self.things.clear()"),
            T_BASKET: add("    def test_clear(self):\n        import pytest\n\n        pytest.skip('later')"),
        },
    ),
    (Step.COSMETIC, "Move the tests of shipping", {T_SHIP: lambda text: f"# All about shipping.\n{text}"}),
    (
        Step.RED_AND_GREEN,
        "Read cases from a file",
        {
            "tests/cases/fees.json": "[[5, 0], [20, 5], [30, 5]]\n",
            "tests/test_cases.py": "import json\nfrom pathlib import Path\n\nfrom shop.fees import fee_of\n\n\n"
            "def test_cases():\n    text = Path(__file__).with_name('cases').joinpath('fees.json').read_text()\n"
            "    assert all(fee_of(n) == fee for n, fee in json.loads(text))\n",
            "src/shop/fees.py": "from shop.money import fee\n\n\ndef fee_of(n):\n    return fee(n)\n",
        },
    ),
    (
        Step.RED_AND_GREEN,
        "Charge huge orders more",
        {
            "tests/cases/fees.json": "[[5, 0], [20, 5], [30, 5], [999, 9]]\n",
            "src/shop/fees.py": swap("    return fee(n)", "    return 9 if n > 900 else fee(n)"),
        },
    ),
    (
        Step.RED,
        "Ask for a fee of nothing",
        {"tests/cases/fees.json": "[[5, 0], [20, 5], [30, 5], [999, 9], [0, 1]]\n"},
    ),
    (
        Step.GREEN,
        "Charge for nothing",
        {"src/shop/fees.py": swap("    return 9", "    if not n:\n        return 1\n    return 9")},
    ),
    (Step.UNTESTED, "Log what is charged", {"src/shop/log.py": "def log(what):\n    print(what)\n"}),
    (Step.COSMETIC, "Note something", {"src/shop/NOTES.md": "# Notes\n"}),
    (
        Step.RED_AND_GREEN,
        "Tell names apart whatever their case",
        {
            STOCK: swap("    return LEFT.get(name)", "    return LEFT.get(name.lower())"),
            T_STOCK: swap("('c', 0)]", "('c', 0), ('B', 7)]"),
        },
    ),
    (Step.BREAKS_TESTS, "Forget the case again", {STOCK: swap("name.lower()", "name")}),
    (
        Step.RED_AND_GREEN,
        "Count another way and tell of it",
        {
            STOCK: add("def known():\n    return sorted(LEFT)"),
            T_STOCK: add(
                "def test_known():\n    from shop.stock import known\n\n    assert known() == ['a', 'b', 'c']"
            ),
        },
    ),
    (Step.GREEN, "Remember the case", {STOCK: swap("LEFT.get(name)", "LEFT.get(name.casefold())")}),
    (
        Step.WRONG_REASON,
        "Count with a broken test",
        {T_STOCK: add("def test_counted(no_such_fixture):\n    assert no_such_fixture")},
    ),
    (
        Step.WRONG_REASON,
        "Give the fixture with code",
        {
            "tests/unit/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef no_such_fixture():\n    return 1\n",
            STOCK: add("def total():\n    return sum(LEFT.values())"),
        },
    ),
    (Step.UNTESTED, "Sell", {MONEY: add("def sell(n):\n    return price(n) + fee(n)")}),
    (
        Step.INSENSITIVE,
        "Sell with tax",
        {
            MONEY: swap("return price(n) + fee(n)", "return price(n) + fee(n) + 0 * tax(n)"),
            T_MONEY: add(test("sell", "money", "sell(1) == 2")),
        },
    ),
    (Step.COSMETIC, "Describe selling", {MONEY: swap("def sell(n):\n", 'def sell(n):\n    """Sell n."""\n')}),
    (
        Step.RED_AND_GREEN,
        "Sell to friends",
        {
            MONEY: swap("def sell(n):", "def sell(n, friend=False):"),
            T_MONEY: add(
                "def test_friend():\n    from shop.money import sell\n\n    assert sell(1, friend=True) == sell(1)"
            ),
        },
    ),
    (Step.COSMETIC, "Go on", {"README.md": add("That is all.")}),
)


def write(history: tuple[Labelled, ...], folder: Path, commit: Callable[[Path, str], None]) -> None:
    """Make the edits of each commit in *folder* and let *commit* record them."""
    for _, subject, edits in history:
        for path, edit in edits.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if edit is None:
                file.unlink()
            elif isinstance(edit, str):
                file.write_text(edit)
            else:
                file.write_text(edit(file.read_text()))
        commit(folder, subject)
