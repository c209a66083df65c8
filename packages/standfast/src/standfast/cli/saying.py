"""Print what others wrote (reports, settings, names of files) so that it cannot write over what we say."""

import click

from standfast.report.parts.text import clean


def say(*lines: str, err: bool = False) -> None:
    """Print *lines*, each as one line; what would move the cursor, hide or turn around is shown as its code."""
    for line in lines:
        click.echo(clean(line), err=err)
