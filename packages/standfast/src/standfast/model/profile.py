"""What the project is: the flags that say which controls apply."""

import msgspec

FLAGS = (
    "service",
    "library",
    "web_pages",
    "api",
    "database",
    "external_services",
    "personal_data",
    "card_data",
    "financial_reporting",
    "container",
    "infrastructure",
    "authentication",
)


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The ``[profile]`` table of ``standfast.toml``.

    A flag that is not written is None: whether a control that depends on it applies is then unknown.
    ``lines`` gives, by flag, the line of the settings file that says so, as a quotation.
    """

    service: bool | None = None
    library: bool | None = None
    web_pages: bool | None = None
    api: bool | None = None
    database: bool | None = None
    external_services: bool | None = None
    personal_data: bool | None = None
    card_data: bool | None = None
    financial_reporting: bool | None = None
    container: bool | None = None
    infrastructure: bool | None = None
    authentication: bool | None = None
    critical_paths: tuple[str, ...] = ()
    test_levels: dict[str, tuple[str, ...]] = {}
    lines: dict[str, str] = {}

    def flag(self, name: str) -> bool | None:
        """Return the flag of that name; None where the profile does not say."""
        value = getattr(self, name) if name in FLAGS else None
        return value if isinstance(value, bool) else None
