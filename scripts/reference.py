"""Generate the reference pages from the code: `python scripts/reference.py out/reference`.

They are generated and not committed, so that they cannot describe yesterday's controls, commands or errors.
"""

import ast
import inspect
import json
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import click

from standfast.app.modules.control_cases import cases_of
from standfast.app.modules.discovery import bundled_controls
from standfast.app.modules.evidence_modules import collectors, importers, kind_types
from standfast.app.modules.reports import formats
from standfast.cli.main import cli
from standfast.gates.bind import Control
from standfast.model import Outcome

SOURCE = Path(__file__).parents[1] / "packages/standfast/src/standfast"


def pages() -> dict[str, str]:
    """Return every reference page by its path."""
    return dict(
        [
            *(control_page(control) for control in bundled_controls()),
            *command_pages(),
            *kind_pages(),
            ("formats.md", formats_page()),
            ("errors.md", errors_page()),
        ]
    )


def control_page(control: Control) -> tuple[str, str]:
    """Return the page of one control: its text, its parameters, its probe and one case of each outcome."""
    spec = control.spec
    folder = files(f"standfast.controls.{control.id.replace('-', '_')}")
    lines = [
        f"# {control.id}",
        "",
        f"{spec.title}.",
        "",
        f"**Why.** {spec.why}",
        "",
        f"**How to fix.** {spec.remediation}",
        "",
    ]
    lines += [f"- clause `{clause}`" for clause in spec.clauses]
    lines += [f"- needs evidence `{kind}`" for kind in sorted({need.kind.KIND for need in control.needs})]
    lines += [f"- applies when `{flag}`" for flag in spec.applies_when]
    lines += [f"- effort {spec.effort}, enforcement {spec.enforcement}"]
    lines += [f"- {framework}: {', '.join(ids)}" for framework, ids in spec.mappings.items()]
    if control.params_type is not None:
        defaults = control.params_type()
        lines += ["", "## Parameters", ""]
        lines += [f"- `{name}`: {getattr(defaults, name)!r}" for name in control.params_type.__struct_fields__]
    lines += ["", "## What the probe promises", "", "```text", inspect.cleandoc(control.probe.__doc__ or ""), "```"]
    shown: set[Outcome] = set()
    for case in cases_of(folder):
        if case.expected not in shown:
            shown.add(case.expected)
            lines += ["", f"## A case that is {case.expected}: {case.name}", "", "```json"]
            lines += [json.dumps(case.content, indent=2), "```"]
    return f"controls/{control.id}.md", "\n".join(lines) + "\n"


def command_pages() -> Iterator[tuple[str, str]]:
    """Yield one page per command with its help."""
    context = click.Context(cli, info_name="standfast")
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if command is not None:
            yield from _command_page(command, click.Context(command, info_name=f"standfast {name}"))


def _command_page(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    name = str(context.info_name)
    slug = name.removeprefix("standfast ").replace(" ", "-")
    yield f"commands/{slug}.md", f"# {name}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from _command_page(found, click.Context(found, info_name=f"{name} {inner}"))


def kind_pages() -> Iterator[tuple[str, str]]:
    """Yield one page per evidence kind: its facts with units, its importers and its collectors."""
    for kind, schema in kind_types().items():
        lines = [f"# {kind}", "", f"{schema.TITLE}.", "", inspect.cleandoc(schema.__doc__ or ""), "", "## Facts", ""]
        lines += [f"- `{kind}.{field}` in {unit}" for field, unit in schema.UNITS.items()]
        reading = [found.module.FORMAT for found in importers() if found.kind == kind]
        running = [found.module.TOOL for found in collectors() if kind in found.module.TOOL.kinds]
        if reading:
            lines += ["", "## Reports that are read", ""]
            for form in reading:
                lines.append(f"- {form.title} (`{form.name}`)")
                lines += [f"  - {stack}: `{line}`" for stack, line in form.produced_with.items()]
        if running:
            lines += ["", "## Tools that are run", ""]
            lines += [f"- {tool.name} {tool.requirement}".rstrip() for tool in running]
        yield f"evidence/{kind}.md", "\n".join(lines) + "\n"


def formats_page() -> str:
    """Return the page of the report formats."""
    rows = [f"| `{form.name}` | `{form.suffix}` |" for form in formats()]
    return "\n".join(["# Report formats", "", "| format | file suffix |", "|---|---|", *rows, ""])


def errors_page() -> str:
    """Return the page of the error codes: each with the exit code, the message and the next step."""
    found = sorted({row for path in SOURCE.rglob("*.py") for row in _errors_in(path)})
    lines = ["# Errors", ""]
    for code, family, message, hint in found:
        lines += [f"## {code}", "", f"{family}: {message}", *(["", f"Next: {hint}"] if hint else []), ""]
    return "\n".join(lines)


def _errors_in(path: Path) -> Iterator[tuple[str, str, str, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
            continue
        first = node.args[0]
        named = isinstance(first, ast.Constant) and isinstance(first.value, str) and "-" in first.value
        if node.func.id.endswith("Error") and named and len(node.args) > 1:
            hints = [ast.unparse(word.value) for word in node.keywords if word.arg == "hint"]
            yield ast.literal_eval(first), node.func.id, ast.unparse(node.args[1]), hints[0] if hints else ""


def main(folder: Path) -> None:
    """Write every page below *folder*."""
    for name, text in pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    print(f"{len(pages())} pages in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out/reference"))
