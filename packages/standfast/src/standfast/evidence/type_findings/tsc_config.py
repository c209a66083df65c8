"""What ``tsc --showConfig`` says: which files are checked, and what is weaker than strict."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.type_findings.schema import Relaxation

# What `strict` turns on in TypeScript 5.
STRICT = (
    "alwaysStrict",
    "noImplicitAny",
    "noImplicitThis",
    "strictBindCallApply",
    "strictBuiltinIteratorReturn",
    "strictFunctionTypes",
    "strictNullChecks",
    "strictPropertyInitialization",
    "useUnknownInCatchVariables",
)


class TscConfig(msgspec.Struct, frozen=True, rename={"options": "compilerOptions"}):
    """The effective configuration."""

    options: dict[str, msgspec.Raw] = {}
    files: tuple[str, ...] = ()

    def is_on(self, option: str) -> bool | None:
        """Return whether *option* is on; None where it is not set."""
        found = self.options.get(option)
        return None if found is None else bytes(found) == b"true"

    def relaxations(self) -> tuple[Relaxation, ...]:
        """Return each setting that is weaker than strict."""
        return tuple(self._weaker())

    def _weaker(self) -> Iterator[Relaxation]:
        strict = self.is_on("strict") is True
        if not strict:
            yield Relaxation("strict = false")
        for option in STRICT:
            if self.is_on(option) is False:
                yield Relaxation(f"{option} = false")


def tsc_config(shown: bytes) -> TscConfig | None:
    """Return the configuration; None where *shown* is none."""
    try:
        return msgspec.json.decode(shown, type=TscConfig)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
