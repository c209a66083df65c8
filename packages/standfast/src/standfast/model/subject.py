"""What evidence and verdicts are about."""

import msgspec


class Subject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One state of one repository, and what was built and deployed from it.

    ``tree`` names the content that was looked at: the git tree id of the working copy, or a digest of
    the files where there is no git. ``dirty`` says that it differs from the tree of ``commit``.
    """

    repository: str
    tree: str
    commit: str | None = None
    dirty: bool = False
    artifact: str | None = None
    service: str | None = None
    environment: str | None = None

    def mismatch(self, other: "Subject") -> str | None:
        """Return how evidence about *other* fails to be about this subject, or None.

        The content must be the same; a commit, artifact, service or environment that both name must agree.
        """
        if other.tree != self.tree:
            return f"describes content {other.tree:.19}, not {self.tree:.19}"
        for name in ("commit", "artifact", "service", "environment"):
            theirs, ours = getattr(other, name), getattr(self, name)
            if theirs is not None and ours is not None and theirs != ours:
                return f"describes {name} {theirs:.19}, not {ours:.19}"
        return None
