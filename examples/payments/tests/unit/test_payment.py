"""The life of a payment."""

import itertools
from datetime import timedelta

import pytest

from payments.domain.payment import TRANSITIONS, Payment, PaymentState
from payments.errors import InvalidAmountError, InvalidTransitionError, RefundExceedsBalanceError
from support.values import NOON, euros, payment

LATER = NOON + timedelta(hours=1)


def _reach(start: Payment, wanted: PaymentState) -> Payment:
    match wanted:
        case PaymentState.CAPTURED:
            return start.capture(LATER)
        case PaymentState.VOIDED:
            return start.void(LATER)
        case PaymentState.REFUNDED | PaymentState.AUTHORISED:
            return start.refund(start.amount, LATER)


@pytest.mark.requirement("PAY-2.1", "PAY-2.3")
@pytest.mark.parametrize("wanted", [PaymentState.CAPTURED, PaymentState.VOIDED])
def test_an_authorised_payment_is_captured_or_voided(wanted: PaymentState) -> None:
    """Both ways out of authorised raise the version and the time of the last change."""
    changed = _reach(payment(), wanted)

    assert (changed.state, changed.version, changed.updated_at) == (wanted, 2, LATER)
    assert changed.created_at == NOON


@pytest.mark.requirement("PAY-2.2", "PAY-2.4")
@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        pair
        for pair in itertools.product(PaymentState, PaymentState)
        if pair[1] not in TRANSITIONS[pair[0]] and pair[1] is not PaymentState.AUTHORISED
    ],
)
def test_every_other_transition_is_refused(start: PaymentState, wanted: PaymentState) -> None:
    """What the table does not list cannot happen."""
    with pytest.raises(InvalidTransitionError) as refusal:
        _reach(payment(state=start), wanted)

    assert refusal.value.context["state"] == start.value
    assert refusal.value.context["wanted"] == wanted.value


@pytest.mark.requirement("PAY-3.1", "PAY-3.2")
def test_refunds_add_up_until_nothing_is_left() -> None:
    """A part leaves the payment captured; the last part makes it refunded."""
    captured = payment(1000, state=PaymentState.CAPTURED)

    part = captured.refund(euros(400), LATER)
    rest = part.refund(euros(600), LATER)

    assert (part.state, part.refundable) == (PaymentState.CAPTURED, euros(600))
    assert (rest.state, rest.refundable, rest.version) == (PaymentState.REFUNDED, euros(0), 3)


@pytest.mark.requirement("PAY-3.3")
def test_one_cent_too_much_is_refused() -> None:
    """A refund beyond what is left is refused and says what is left."""
    part = payment(1000, state=PaymentState.CAPTURED).refund(euros(400), LATER)

    with pytest.raises(RefundExceedsBalanceError) as refusal:
        part.refund(euros(601), LATER)

    assert refusal.value.context["refundable_minor"] == 600


def test_a_refund_of_nothing_is_refused() -> None:
    """Zero is an amount, but not a refund."""
    with pytest.raises(InvalidAmountError, match="more than zero"):
        payment(state=PaymentState.CAPTURED).refund(euros(0), LATER)
