"""`standfast doctor`: is everything there that a run needs?"""

from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option
from standfast.cli.saying import say


@click.command(name="doctor", short_help="Say what a run will miss on this machine.")
@project_option
@click.option("--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(root: Path | None, format_name: str) -> int:
    """Look at this machine and this project, and say what a run will miss.

    Exit codes: 0 nothing stands in the way, 2 something does.
    """
    from standfast.app.doctor import examine
    from standfast.cli.evidence_tables import print_json

    signs = tuple(examine(root))
    if format_name == "json":
        print_json(signs)
    else:
        marks = {"good": "ok  ", "note": "note", "bad": "BAD "}
        for sign in signs:
            say(f"{marks[sign.state]}  {sign.what:<26}  {sign.said}")
            if sign.hint:
                say(f"      {'':<26}  hint: {sign.hint}")
    return 2 if any(sign.state == "bad" for sign in signs) else 0
