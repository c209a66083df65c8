"""The closed set of live probes: what each one shows when it holds."""

from enum import StrEnum


class ProbeName(StrEnum):
    """A probe; its name is ``<area>.<what holds>``."""

    # access
    MFA_REQUIRED = "access.second_factor_required"
    MFA_REPLAY_REFUSED = "access.second_factor_replay_refused"
    RECOVERY_KEEPS_MFA = "access.recovery_needs_second_factor"
    ANONYMOUS_REFUSED = "access.anonymous_refused"
    ROLES_HOLD = "access.roles_hold"
    OWNERSHIP_HOLDS = "access.foreign_objects_refused"
    LOGIN_LIMITED = "access.login_attempts_limited"
    DENIALS_LOGGED = "access.denials_logged"
    # sessions
    SESSION_RENEWED = "session.renewed_at_login"
    SESSION_ENDS = "session.ends_at_logout"
    SESSION_IDLE = "session.ends_when_idle"
    SESSION_ABSOLUTE = "session.ends_at_absolute_limit"
    COOKIES_GUARDED = "session.cookies_guarded"
    # input and output
    INPUT_REFUSED = "input.outside_schema_refused"
    FIELDS_NAMED = "input.offending_field_named"
    OUTPUT_ENCODED = "output.injected_markup_encoded"
    NO_SNIFFING = "output.content_type_fixed"
    HEADERS_SET = "output.security_headers_set"
    CORS_CLOSED = "output.foreign_origins_refused"
    # errors
    ERROR_FORMAT = "errors.format_complete"
    ERROR_SILENT = "errors.reveal_no_internals"
    ERROR_GUIDES = "errors.give_recovery_guidance"
    REQUEST_ID = "errors.request_id_echoed"
    LAST_RESORT = "errors.unhandled_is_caught"
    # logs
    LOGS_STRUCTURED = "logs.structured"
    CORRELATION = "logs.correlation_propagated"
    LOGS_PRIVATE = "logs.hold_no_personal_data"
    # stored data
    FIELDS_ENCRYPTED = "storage.personal_data_encrypted"
    CARD_ABSENT = "storage.card_number_absent"
    CARD_MASKED = "output.card_number_masked"
    # rights of people
    EXPORT_COMPLETE = "privacy.export_complete"
    ERASURE_COMPLETE = "privacy.erasure_complete"
    RECTIFIED = "privacy.rectification_takes_effect"
    CONSENT_REQUIRED = "privacy.consent_required"
    CONSENT_WITHDRAWN = "privacy.withdrawal_takes_effect"
    EXPIRED_PURGED = "privacy.expired_data_purged"
    # network
    ZONES_SEPARATED = "network.zones_separated"
    PLAINTEXT_REFUSED = "network.plaintext_refused"
    SCRIPTS_LISTED = "pages.scripts_inventoried"
    # operation
    LIVENESS = "health.liveness_independent"
    READINESS = "health.readiness_follows_dependencies"
    HEALTH_SILENT = "health.reveals_no_secrets"
    SHUTDOWN = "shutdown.requests_drained"
    SHUTDOWN_READINESS = "shutdown.readiness_fails_first"
    TIMEOUT = "resilience.request_timeout_enforced"
    OUTBOUND_TIMEOUT = "resilience.outbound_timeout_enforced"
    BREAKER = "resilience.circuit_opens"
    DEGRADES = "resilience.degrades_gracefully"
    RETRIES = "resilience.retries_bounded"
    POOL = "resilience.pool_bounded"
