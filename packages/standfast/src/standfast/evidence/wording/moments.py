"""Times as tools write them."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with a zone; in a schema, one without is refused."""


def moment(text: str) -> datetime | None:
    """Return the moment (UTC) that *text* says in ISO 8601, with a fraction of any length.

    A time without a zone is not a moment: it gives None, as does anything else.
    """
    try:
        found = datetime.fromisoformat(text.strip().replace(" UTC", "Z"))
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
