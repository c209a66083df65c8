"""Tell the forge of what a command recorded, where one is named; whatever comes of it changes nothing in the ledger."""

from pathlib import Path

from standfast.cli.saying import say


def tell_forge(root: Path) -> None:
    """Return after the forge of *root* was told what it does not show yet, or it was said why it was not."""
    from standfast.app.written.settings import FILE_NAME, read_settings
    from standfast.model import StandfastError

    try:
        named = read_settings(root / FILE_NAME)[0].forge
    except StandfastError:
        return
    if named is not None:
        from standfast.app.forge.syncing import told_after

        for line in told_after(root):
            say(line, err=True)
