"""Which fields a source defines, which are stored, and which hold card data or personal data."""

import pytest

from standfast.evidence.card_data.names import card_data_in
from standfast.evidence.fields.field import Field
from standfast.evidence.fields.read import fields_in
from standfast.evidence.personal_data.names import is_special, personal_word_in

SOURCES: dict[str, tuple[str, str, list[tuple[str, bool]]]] = {
    "Django model": (
        "models.py",
        "class Card(models.Model):\n    number = models.CharField(max_length=32)\n    objects = Manager()\n",
        [("Card.number", True), ("Card.objects", True)],
    ),
    "SQLAlchemy model": (
        "models.py",
        "class P(Base):\n    __tablename__ = 'payments'\n    token: Mapped[str] = mapped_column()\n",
        [("payments.token", True)],
    ),
    "SQLAlchemy table": ("t.py", "t = Table('users', m, Column('email', String))\n", [("users.email", True)]),
    "SQLModel without table": ("m.py", "class A(SQLModel):\n    email: str\n", []),
    "SQLModel with table": ("m.py", "class A(SQLModel, table=True):\n    email: str\n", [("A.email", True)]),
    "Alembic migration": (
        "versions/1.py",
        "op.add_column('users', sa.Column('phone', sa.String()))\n",
        [("users.phone", True)],
    ),
    "Django migration": (
        "migrations/1.py",
        "x = [CreateModel(name='User', fields=[('email', f())]),\n"
        "     AddField(model_name='user', name='phone', field=f())]\n",
        [("User.email", True), ("user.phone", True)],
    ),
    "pydantic model": ("s.py", "class Pay(BaseModel):\n    card_number: str\n", [("Pay.card_number", False)]),
    "dataclass": ("s.py", "@dataclass(frozen=True)\nclass Pay:\n    cvv: str\n", [("Pay.cvv", False)]),
    "plain class": ("s.py", "class Pay:\n    cvv: str\n", []),
    "SQL": (
        "schema.sql",
        "-- email TEXT\nCREATE TABLE IF NOT EXISTS app.users (\n  id uuid, key TEXT NOT NULL,\n"
        "  email text CHECK (a(b) > 1),\n"
        "  PRIMARY KEY (id), CONSTRAINT c UNIQUE (email)\n);\nALTER TABLE users ADD COLUMN phone text;",
        [("users.id", True), ("users.key", True), ("users.email", True), ("users.phone", True)],
    ),
    "SQL in Python": ("a.py", 'Q = """CREATE TABLE t (email text)"""\n', [("t.email", True)]),
    "JPA entity": (
        "Card.java",
        "@Entity\npublic class Card {\n  private String cardNumber;\n}\n",
        [("Card.cardNumber", True)],
    ),
    "Java message": (
        "Card.java",
        "public class Card {\n  private String cardNumber;\n}\n",
        [("Card.cardNumber", False)],
    ),
    "TypeORM entity": ("c.ts", "@Entity()\nclass User {\n  email: string;\n}\n", [("User.email", True)]),
    "Prisma model": ("s.prisma", "model User {\n  email String @unique\n}\n", [("User.email", True)]),
    "GORM struct": (
        "u.go",
        'type User struct {\n\tEmail string `gorm:"unique"`\n\tNick string `json:"nick"`\n}\n',
        [("User.Email", True), ("User.Nick", False)],
    ),
    "protobuf": ("p.proto", "message Pay {\n  string card_number = 1;\n}\n", [("Pay.card_number", False)]),
}
CARD = {
    ("payments", "card_number"): "number",
    ("payments", "cardNumber"): "number",
    ("payments", "CC_NUM"): "number",
    ("UserData", "credit_card"): "number",
    ("payments", "pan"): "number",
    ("Bankcard", "number"): "number",
    ("Card", "securityCode"): "code",
    ("payments", "cvv"): "code",
    ("payments", "track2"): "track",
    ("payments", "pin_block"): "pin",
    ("payments", "card_last4"): "",
    ("payments", "card_token"): "",
    ("payments", "masked_card_number"): "",
    ("payments", "corporate_credit_card_surcharge_amount"): "",
    ("payments", "credit_card_brand"): "",
    ("invoices", "number"): "",
    ("panels", "span"): "",
    ("users", "company"): "",
}
PERSONAL = {
    ("users", "email"): "email",
    ("users", "emailAddress"): "email",
    ("users", "date_of_birth"): "dateofbirth",
    ("customers", "name"): "name",
    ("orders", "shipping_address"): "address",
    ("patients", "diagnosis"): "diagnosis",
    ("sessions", "ip_address"): "ipaddress",
    ("products", "name"): "",
    ("users", "email_verified"): "",
    ("settings", "email_backend"): "",
    ("events", "created_at"): "",
}


@pytest.mark.parametrize("name", SOURCES)
def test_fields_of_a_source(name: str) -> None:
    """Tables, entities and migrations store fields; messages carry them; other classes define none."""
    path, text, expected = SOURCES[name]

    assert [(field.full_name, field.stored) for field in fields_in(path, text)] == expected


@pytest.mark.parametrize(("owner", "name"), CARD)
def test_name_says_whether_a_field_holds_card_data(owner: str, name: str) -> None:
    """A field holds card data by its name, unless a word in it says that it does not."""
    assert card_data_in(Field(owner, name, "a.py", 1)) == CARD[owner, name]


@pytest.mark.parametrize(("owner", "name"), PERSONAL)
def test_name_says_whether_a_field_is_personal(owner: str, name: str) -> None:
    """A field looks personal by its name, or by what it belongs to."""
    found = personal_word_in(Field(owner, name, "a.py", 1))

    assert bool(found) == bool(PERSONAL[owner, name])
    assert is_special(found) == (PERSONAL[owner, name] == "diagnosis")


def test_python_that_cannot_be_parsed_is_an_error() -> None:
    """A source that this interpreter cannot read is never taken for one without fields."""
    with pytest.raises(SyntaxError):
        fields_in("a.py", "class A(Base):\n  def")
