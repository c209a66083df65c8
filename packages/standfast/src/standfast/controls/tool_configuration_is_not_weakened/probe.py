"""Decide whether any tool is configured less strictly than in the base commit."""

from collections.abc import Iterator

from standfast.evidence.tool_configuration.schema import ToolConfiguration
from standfast.model import Doubt, Finding


def probe(configuration: ToolConfiguration) -> Iterator[Finding | Doubt]:
    """Yield each setting that asks less than in the base commit; a doubt for a file that cannot be compared.

    Args:
        configuration: How the configuration files differ from the base commit.

    Clause:
        mandatory_quality_gates.code_quality
    """
    yield from configuration.items.listed
    for path in configuration.uncompared:
        yield Doubt(f"{path} changed and is a programme, which cannot be compared; a reviewer has to")
