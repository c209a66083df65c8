"""The service starts only with settings that make sense."""

import pytest
from pydantic import ValidationError

from payments.access import Role
from payments.settings import Environment, Settings
from support.values import MERCHANT

TOKENS = f'[{{"subject":"shop","role":"merchant","merchant":"{MERCHANT}","sha256":"{"0" * 64}"}}]'


def _production(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Settings:
    values = {
        "DATABASE": "payments.db",
        "FRAUD_URL": "https://fraud.example",
        "FRAUD_API_KEY": "not-a-real-key",  # pragma: allowlist secret
        "API_TOKENS": TOKENS,
    }
    for name, value in (values | changes).items():
        monkeypatch.setenv(f"PAYMENTS_{name}", value)
    return Settings()


def test_production_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forgetting the environment gives the strict one."""
    settings = _production(monkeypatch)

    assert settings.environment is Environment.PRODUCTION
    assert settings.api_tokens[0].role is Role.MERCHANT


def test_production_names_everything_that_is_missing() -> None:
    """One refusal lists all missing settings."""
    with pytest.raises(ValidationError) as refusal:
        Settings()

    for name in ("DATABASE", "FRAUD_URL", "FRAUD_API_KEY", "API_TOKENS"):
        assert f"PAYMENTS_{name}" in str(refusal.value)


def test_the_fraud_provider_is_reached_over_https(monkeypatch: pytest.MonkeyPatch) -> None:
    """Card tokens never travel in the clear."""
    with pytest.raises(ValidationError, match="must be https"):
        _production(monkeypatch, FRAUD_URL="http://fraud.example")


def test_the_sandbox_needs_nothing() -> None:
    """Trying the service out takes one setting."""
    assert Settings(environment=Environment.SANDBOX).database is None


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing settings does not print the provider's key."""
    assert "not-a-real-key" not in repr(_production(monkeypatch))


@pytest.mark.parametrize(
    ("name", "value"), [("FRAUD_DEADLINE_S", "21"), ("PORT", "0"), ("LOG_LEVEL", "TRACE")]
)
def test_values_out_of_range_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Limits hold for what operators set, too."""
    with pytest.raises(ValidationError):
        _production(monkeypatch, **{name: value})
