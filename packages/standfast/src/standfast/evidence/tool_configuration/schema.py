"""How the configuration of tools differs from that of the base commit."""

from typing import ClassVar

from standfast.model import Evidence, Unit


class ToolConfiguration(Evidence, frozen=True, kw_only=True):
    """Each way in which a configuration file asks less of a tool than it did in the base commit, as one item.

    ``changed`` are the configuration files that differ; those in a language (``eslint.config.js``) cannot be compared
    and are ``uncompared``.
    """

    KIND: ClassVar[str] = "tool_configuration"
    TITLE: ClassVar[str] = "Changes of tool configuration"
    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(("weakened", "files_changed"), Unit.COUNT)

    base: str
    changed: tuple[str, ...] = ()
    uncompared: tuple[str, ...] = ()

    @property
    def weakened(self) -> int:
        """How many settings ask less than before."""
        return self.items.total

    @property
    def files_changed(self) -> int:
        """How many configuration files differ."""
        return len(self.changed)
