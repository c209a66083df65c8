"""What there is to collect about."""

from collections.abc import Mapping
from typing import Any

import msgspec

from standfast.app.repository.subject import WorkingCopy
from standfast.model import Profile


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What to collect about: the working copy, its profile and the ``[collect.<tool>]`` tables."""

    copy: WorkingCopy
    profile: Profile = Profile()
    tables: Mapping[str, Mapping[str, Any]] = {}
