"""The entry point: lazy sub-commands, and the one place where an error becomes a message and an exit code."""

import gc
import os
import sys
from importlib import import_module
from importlib.resources import files
from keyword import iskeyword
from typing import NoReturn

import click

from standfast import __version__
from standfast.model.errors import StandfastError


class LazyGroup(click.Group):
    """A group whose sub-commands are the modules of `standfast.cli.commands`; ``import_`` is the command import."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all sub-commands."""
        names = (entry.name for entry in files("standfast.cli.commands").iterdir())
        return sorted(
            name.removesuffix(".py").rstrip("_").replace("_", "-")
            for name in names
            if name.endswith(".py") and not name.startswith("_")
        )

    def invoke(self, ctx: click.Context) -> object:
        """Run the sub-command; an answer that nobody reads any more is none: exit 3, and not click's 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered goes nowhere
            sys.exit(3)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one sub-command, or None where there is none of that name."""
        module = cmd_name.replace("-", "_")
        module += "_" if iskeyword(module) else ""
        if not module.isidentifier() or not files("standfast.cli.commands").joinpath(f"{module}.py").is_file():
            return None
        command: click.Command = import_module(f"standfast.cli.commands.{module}").command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="standfast")
def cli() -> None:
    """Decide, with proof, whether a change may go to production.

    Exit codes: 0 pass, 1 a gate failed, 2 usage or configuration, 3 undecidable, 4 ledger integrity.
    """


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    # A command makes hundreds of thousands of values without cycles and is gone: looking for cycles among them every
    # few hundred costs a tenth of its time.
    gc.set_threshold(100_000, 50, 50)
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("aborted: nothing was decided", err=True)
        sys.exit(3)
    except StandfastError as error:
        show_error(error)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001  # Python would exit with 1, which means that a gate failed
        show_fault(error)
        sys.exit(3)
    sys.exit(code if isinstance(code, int) else 0)


def show_error(error: StandfastError) -> None:
    """Write *error* to standard error: what was found, what was expected, the next step."""
    from standfast.cli.saying import say

    # Lines after the first are set in, so that no text within an error passes for a line of its own.
    first, *more = f"{error} [{error.code}]".split("\n")
    say(f"error: {first}", *(f"  {line.strip()}" for line in more), err=True)
    if error.hint:
        say(f"hint: {error.hint}", err=True)


def show_fault(error: Exception) -> None:
    """Write *error*, which nobody raised on purpose, to standard error with the place where it happened."""
    import traceback

    traceback.print_exception(error)
    click.echo(f"error: {type(error).__name__}: {error} [internal-fault]", err=True)
    click.echo("hint: nothing was decided; this is a fault of Standfast: please report the lines above", err=True)
