"""A stand-in for the fraud provider; refused outside the sandbox."""

from payments.ports import Screening, ScreeningRequest

DECLINED_PREFIX = "tok_decline"


class SandboxScreener:
    """Implements `FraudScreener` without asking anybody: declines tokens made to be declined."""

    def screen(self, request: ScreeningRequest) -> Screening:
        """Return an approval, or a refusal for tokens that start with `tok_decline`."""
        if request.card_token.startswith(DECLINED_PREFIX):
            return Screening(approved=False, reason="sandbox_decline")
        return Screening(approved=True, reason="sandbox_approve")

    def close(self) -> None:
        """Do nothing; there is no connection."""
