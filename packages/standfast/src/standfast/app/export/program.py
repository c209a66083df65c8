"""The auditor's program as one file: the modules of `standfast.app.export.auditor`, then `verify`, joined in order.

What signatures prove is one text for the ledger and the auditor: `standfast.ledger.signatures.offline`.

An auditor who does not believe us reads and runs one file; whoever writes it reads modules. They share one namespace
once they are joined, so no two of them may give one name two meanings, and they import nothing of ours but each other.
"""

import ast
from functools import cache
from pathlib import Path

SHARED = "offline"
PARTS = (
    "findings",
    "files",
    "notes",
    SHARED,
    "signatures",
    "tree",
    "events",
    "handovers",
    "changes",
    "chains",
    "objects",
    "assessment",
    "listing",
    "time_stamps",
    "stamps",
    "vouching",
    "people",
    "verification",
    "deployments",
    "excerpts",
    "samples",
    "page",
    "forger",
    "harms",
    "selftest",
)
"""The modules in their order: each needs only what stands before it."""

_HERE = Path(__file__).parent
_OURS = "standfast."
_OTHERS = "cryptography"
_WIDTH = 120
_MISSING = """\
except ImportError:
    print("could not check: install the Python package `cryptography`", file=sys.stderr)
    sys.exit(3)
"""


@cache
def program() -> bytes:
    """Return the one file."""
    sources = [*(part(name).read_text() for name in PARTS), (_HERE / "verify.py").read_text()]
    trees = [ast.parse(source) for source in sources]
    wanted = _wanted(trees)
    ours = [line for origin, line in wanted if not origin.startswith(_OTHERS)]
    others = [f"    {line}" for origin, line in wanted if origin.startswith(_OTHERS)]
    title = f'"""{ast.get_docstring(trees[-1], clean=False)}"""'
    return "\n".join([title, "", *ours, "", "try:", *others, _MISSING, *map(_section, sources, trees)]).encode()


def part(name: str) -> Path:
    """Return where the module is that is the part of that *name*."""
    folder = _HERE.parents[1] / "ledger" / "signatures" if name == SHARED else _HERE / "auditor"
    return folder / f"{name}.py"


def _wanted(trees: list[ast.Module]) -> list[tuple[str, str]]:
    """Return (origin, import line), in order, for all that is imported and not ours."""
    plain, named = {"sys"}, dict[str, set[str]]()
    for node in (node for tree in trees for node in tree.body):
        if isinstance(node, ast.Import):
            plain |= {ast.unparse(name) for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith(_OURS):
            named.setdefault(node.module, set()).update(map(ast.unparse, node.names))
    lines = [(origin, f"from {origin} import {', '.join(sorted(names))}") for origin, names in sorted(named.items())]
    return [*((name, f"import {name}") for name in sorted(plain)), *lines]


def _section(source: str, tree: ast.Module) -> str:
    """Return what *source* holds after its imports, under its title."""
    title = (ast.get_docstring(tree) or "").split("\n")[0].rstrip(".")
    after = max(node.end_lineno or 0 for node in tree.body[:1] + [one for one in tree.body if _is_import(one)])
    rest = "".join(source.splitlines(keepends=True)[after:]).strip("\n")
    return f"\n# {title} ".ljust(_WIDTH - 1, "-") + f"\n\n\n{rest}\n"


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)
