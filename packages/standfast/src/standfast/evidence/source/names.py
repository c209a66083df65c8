"""What a name in one module stands for, as far as its imports and simple assignments say."""

import ast

from standfast.evidence.source.syntax import FUNCTIONS, Source


class Names:
    """Resolves expressions of one module to dotted names.

    An imported name is what it was imported as. A variable or attribute that was assigned the result of a call of a
    known name (``client = httpx.Client()``, ``with requests.Session() as s``, ``self.http = ...``) is that name with
    ``()``, so that ``s.get`` is ``requests.Session().get``.
    """

    def __init__(self, source: Source) -> None:
        self._imported: dict[str, str] = {}
        self._assigned: dict[str, str] = {}
        self._take_imports(source)
        self._take_assignments(source)

    @property
    def modules(self) -> frozenset[str]:
        """The top-level modules that are imported."""
        return frozenset(name.partition(".")[0] for name in self._imported.values())

    def resolve(self, node: ast.expr) -> str:
        """Return the dotted name that *node* stands for; ``""`` where that is not known."""
        parts: list[str] = []
        current: ast.expr = node
        while isinstance(current, ast.Attribute):
            parts.append(current.attr)
            spelled = _spelled(current)
            if spelled in self._assigned:
                parts.pop()
                return ".".join([self._assigned[spelled], *reversed(parts)])
            current = current.value
        if isinstance(current, ast.Call):
            inner = self.resolve(current.func)
            return ".".join([f"{inner}()", *reversed(parts)]) if inner else ""
        if not isinstance(current, ast.Name):
            return ""
        base = self._assigned.get(current.id) or self._imported.get(current.id) or ""
        return ".".join([base, *reversed(parts)]) if base else ""

    def _take_imports(self, source: Source) -> None:
        for node in source.nodes(ast.Import):
            for alias in node.names:
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                self._imported[alias.asname or name] = name
        for origin in source.nodes(ast.ImportFrom):
            module = "." * origin.level + (origin.module or "")
            for alias in origin.names:
                self._imported[alias.asname or alias.name] = f"{module}.{alias.name}"

    def _take_assignments(self, source: Source) -> None:
        pairs: list[tuple[ast.expr, ast.expr | None]] = []
        for assign in source.nodes(ast.Assign):
            pairs.extend((target, assign.value) for target in assign.targets)
        pairs.extend((node.target, node.value) for node in source.nodes(ast.AnnAssign))
        pairs.extend((item.optional_vars, item.context_expr) for item in _with_items(source) if item.optional_vars)
        for target, value in pairs:
            called = value.value if isinstance(value, ast.Await) else value
            spelled = _spelled(target)
            if spelled and isinstance(called, ast.Call):
                resolved = self.resolve(called.func)
                if resolved:
                    self._assigned[spelled] = f"{resolved}()"


def _with_items(source: Source) -> list[ast.withitem]:
    plain = [item for statement in source.nodes(ast.With) for item in statement.items]
    return plain + [item for statement in source.nodes(ast.AsyncWith) for item in statement.items]


def _spelled(node: ast.expr) -> str:
    """Return ``name`` or ``self.name`` as it is written; nothing for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def function_of(source: Source, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Return the innermost function around *node*; None at module or class level."""
    owner: ast.AST | None = source.owner[node]
    while owner is not None and not isinstance(owner, FUNCTIONS):
        owner = None if isinstance(owner, ast.Module) else source.owner.get(owner)
    return owner
