"""Text that callers send: limited in length and alphabet, and never a card number."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from payments.domain.cards import is_card_number, looks_like_card_number

CARD_EXAMPLE = "tok_3kJ8vQ2mZr7LxW9c"


def _no_card_number(text: str) -> str:
    if looks_like_card_number(text):
        raise PydanticCustomError("card_number_refused", "looks like a card number; send a token instead")
    return text


def _no_card_number_as_id(text: str) -> str:
    return _no_card_number(text) if is_card_number(text) else text


IdempotencyKey = Annotated[
    str,
    Field(
        min_length=8,
        max_length=64,
        pattern=r"^[A-Za-z0-9._:-]+$",
        description="Fresh for every operation; the same again only to repeat one unchanged.",
        examples=["order-4711-authorise"],
    ),
    AfterValidator(_no_card_number_as_id),
]
CardToken = Annotated[
    str,
    Field(
        pattern=r"^tok_[A-Za-z0-9_]{12,60}$",
        max_length=64,
        description="Reference to a card in the card vault. Card numbers are refused.",
        examples=[CARD_EXAMPLE],
    ),
    AfterValidator(_no_card_number),
]
CustomerReference = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9._-]+$",
        description="The merchant's own pseudonymous reference to the customer.",
        examples=["customer-4711"],
    ),
    AfterValidator(_no_card_number),
]
Reason = Annotated[
    str,
    Field(
        min_length=1,
        max_length=140,
        description="Why, for the merchant's records.",
        examples=["returned goods"],
    ),
    AfterValidator(_no_card_number),
]
