"""Settings, read from `PAYMENTS_*` environment variables and checked before anything starts."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from payments.access import Principal, Role, TokenRegistry
from payments.domain.payment import MerchantId


class Environment(StrEnum):
    """Where the service runs. Only the sandbox may do without a database and a fraud provider."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


class TokenEntry(BaseModel):
    """One accepted API token, by the SHA-256 of its text; see `python -m payments token`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Annotated[str, Field(min_length=1, max_length=64)]
    role: Role
    merchant: Annotated[str, Field(min_length=1, max_length=64)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Settings(BaseSettings):
    """Everything that differs between deployments. Unset means the safe value or a refusal to start."""

    model_config = SettingsConfigDict(env_prefix="PAYMENTS_", extra="forbid", frozen=True)

    environment: Environment = Environment.PRODUCTION
    database: Path | None = None
    api_tokens: tuple[TokenEntry, ...] = ()
    fraud_url: HttpUrl | None = None
    fraud_api_key: SecretStr | None = None
    fraud_timeout_s: Annotated[float, Field(gt=0, le=10)] = 2.0
    fraud_deadline_s: Annotated[float, Field(gt=0, le=20)] = 5.0
    fraud_attempts: Annotated[int, Field(ge=1, le=5)] = 3
    personal_data_keep_days: Annotated[int, Field(ge=1, le=3650)] = 540
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    shutdown_grace_s: Annotated[int, Field(ge=1, le=60)] = 20
    log_level: Annotated[str, Field(pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"

    @model_validator(mode="after")
    def _complete_for_production(self) -> Self:
        if self.environment is Environment.SANDBOX:
            return self
        needed = ("database", "fraud_url", "fraud_api_key", "api_tokens")
        missing = [f"PAYMENTS_{name.upper()}" for name in needed if not getattr(self, name)]
        if missing:
            raise ValueError(f"production needs {', '.join(missing)}")
        if self.fraud_url is not None and self.fraud_url.scheme != "https":
            raise ValueError("PAYMENTS_FRAUD_URL must be https in production")
        return self

    def token_registry(self) -> TokenRegistry:
        """Return the accepted tokens."""
        return TokenRegistry(
            (entry.sha256, Principal(entry.subject, entry.role, MerchantId(entry.merchant)))
            for entry in self.api_tokens
        )
