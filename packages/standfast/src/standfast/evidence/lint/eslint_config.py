"""What ``eslint --print-config`` says about the rules that are on."""

import msgspec


class _Config(msgspec.Struct, frozen=True):
    rules: dict[str, str | int | list[msgspec.Raw]]


def active_rules(config: bytes) -> tuple[str, ...] | None:
    """Return the names of the rules that are not off, sorted; None where *config* does not say."""
    try:
        rules = msgspec.json.decode(config, type=_Config).rules
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return tuple(sorted(name for name, setting in rules.items() if _is_on(setting)))


def _is_on(setting: str | int | list[msgspec.Raw]) -> bool:
    level = setting
    if isinstance(setting, list):
        level = msgspec.json.decode(setting[0]) if setting else 0
    return level not in (0, "off", "0")
