"""The lint: code is held against the subset before anything of it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from actwright.inert import inert, visible
from actwright.sandbox.finding import MOST_FINDINGS, Finding
from actwright.sandbox.letters import foreign, unseen
from actwright.sandbox.subset import (
    BANNED_METHODS,
    BANNED_NAMES,
    BANNED_SYNTAX,
    BUILTINS,
    IMPORTABLE,
)
from actwright.sandbox.surface import Surface


def lint(
    source: str, *, entry: str, surface: Surface, signature: str | None = None
) -> tuple[Finding, ...]:
    """Return what of the code may not run, in the order of the lines; at most `MOST_FINDINGS`.

    Args:
        source: The code; its size was checked before.
        entry: The name of the one function to be called.
        surface: What it may call.
        signature: The ``def`` line the entry must have; where it is None, any.
    """
    hidden = unseen(source)
    if hidden is not None:
        return (hidden,)
    try:
        tree = ast.parse(source)
        unlike = foreign(source)
        if unlike:
            return unlike
        found = list(_Lint(tree, entry, surface, signature).findings())
    except (SyntaxError, ValueError) as error:
        return (_no_python(error),)
    except (MemoryError, RecursionError):
        return (
            Finding("nested", "The code is nested too deeply; write shorter expressions.", 0, 0),
        )
    found.sort(key=lambda each: (each.line, each.column))
    return tuple(found[:MOST_FINDINGS])


def _no_python(error: SyntaxError | ValueError) -> Finding:
    line = getattr(error, "lineno", None) or 0
    column = getattr(error, "offset", None) or 0
    said = inert(str(getattr(error, "msg", error)))
    return Finding("syntax", f"This is no Python: {said}.", line, column)


class _Lint:
    """One reading of one tree."""

    def __init__(
        self, tree: ast.Module, entry: str, surface: Surface, signature: str | None
    ) -> None:
        self._tree, self._entry = tree, entry
        self._surface, self._signature = surface, signature
        self._nodes = list(ast.walk(tree))
        self._bound = {name for node in self._nodes for name in _binds(node)}
        self._modules = dict(_imported(self._nodes))

    def findings(self) -> Iterator[Finding]:
        """Go through the tree once by each rule."""
        yield from self._top_level()
        for node in self._nodes:
            yield from self._syntax(node)
            yield from self._names(node)

    def _top_level(self) -> Iterator[Finding]:
        entries = 0
        for node in self._tree.body:
            if isinstance(node, ast.FunctionDef):
                entries += node.name == self._entry
            elif not isinstance(node, (ast.Import, ast.ImportFrom)) and not _is_text(node):
                text = f"Only imports and functions stand at the top level; move this into {self._entry}."
                yield _at(node, "top_level", text)
        if entries != 1:
            wanted = self._signature or f"def {self._entry}(...)"
            yield Finding("entry", f"Define {self._entry} exactly once, as {wanted}.", 0, 0)
        elif self._signature is not None:
            yield from self._check_signature(self._signature)

    def _check_signature(self, signature: str) -> Iterator[Finding]:
        wanted = ast.parse(f"{signature.rstrip(':')}: ...").body[0]
        found = next(
            each
            for each in self._tree.body
            if isinstance(each, ast.FunctionDef) and each.name == self._entry
        )
        if not isinstance(wanted, ast.FunctionDef) or _head(found) != _head(wanted):
            yield _at(found, "signature", f"Write it exactly as {signature}.")

    def _syntax(self, node: ast.AST) -> Iterator[Finding]:
        banned = BANNED_SYNTAX.get(type(node))
        if banned is not None:
            yield _at(node, "syntax_banned", f"{banned[0]} does not exist here. {banned[1]}")
        if isinstance(node, ast.FunctionDef):
            yield from self._function(node)
        if isinstance(node, ast.Import):
            yield from self._imports(node, [each.name for each in node.names])
        if isinstance(node, ast.ImportFrom):
            yield from self._from(node)

    def _function(self, node: ast.FunctionDef) -> Iterator[Finding]:
        if node.decorator_list:
            yield _at(node.decorator_list[0], "decorator", "Decorators are not allowed; call it.")
        for each in (*node.args.defaults, *node.args.kw_defaults):
            if each is not None and not isinstance(each, ast.Constant):
                text = "A default is a plain value; use None, and work it out inside."
                yield _at(each, "default", text)

    def _imports(self, node: ast.AST, names: list[str]) -> Iterator[Finding]:
        if node not in self._tree.body:
            yield _at(node, "import_inside", "Write imports at the top.")
        for name in names:
            if name not in IMPORTABLE and name not in self._surface.modules:
                may = ", ".join([*self._surface.modules, *IMPORTABLE])
                yield _at(node, "import", f"{visible(name)} cannot be imported. There are: {may}.")

    def _from(self, node: ast.ImportFrom) -> Iterator[Finding]:
        module = node.module or ""
        if node.level:
            yield _at(node, "import", "There are no packages; import by the module's name.")
            return
        yield from self._imports(node, [module])
        offered = self._offered(module)
        for each in node.names:
            if each.name == "*":
                yield _at(each, "import_star", "Name what is imported.")
            elif offered is not None and each.name not in offered:
                yield _at(
                    each,
                    "import",
                    f"{module} has no {visible(each.name)}. There are: {', '.join(sorted(offered))}.",
                )

    def _offered(self, module: str) -> frozenset[str] | None:
        if module in self._surface.modules:
            return frozenset(each.name for each in self._surface.modules[module])
        return IMPORTABLE.get(module)

    def _names(self, node: ast.AST) -> Iterator[Finding]:
        for name in _spelt(node):
            if not name.isascii():
                yield _at(
                    node, "name", f"Write the name {visible(name, limit=60)} in plain letters."
                )
            elif name.startswith(("__", "_actwright")):
                yield _at(
                    node,
                    "name_reserved",
                    f"{visible(name, limit=60)} is out of reach; use another name.",
                )
            elif name in BANNED_NAMES:
                yield _at(node, "name_banned", f"{name} is not available. {BANNED_NAMES[name]}")
        if isinstance(node, ast.Attribute) and node.attr in BANNED_METHODS:
            yield _at(
                node, "method_banned", f".{node.attr} is not available. {BANNED_METHODS[node.attr]}"
            )
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield from self._lacking(node, self._modules.get(node.value.id, ""))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield from self._unknown(node)

    def _lacking(self, node: ast.Attribute, module: str) -> Iterator[Finding]:
        """Find what a module lacks inside, though Python's own has it; a capability's are the type check's."""
        offered = IMPORTABLE.get(module)
        if offered is not None and node.attr not in offered:
            there = ", ".join(sorted(offered))
            yield _at(node, "import", f"{module} has no {visible(node.attr)}. There are: {there}.")

    def _unknown(self, node: ast.Name) -> Iterator[Finding]:
        known = node.id in self._bound or node.id in BUILTINS or node.id in BANNED_NAMES
        if not known and node.id not in self._surface.type_names and not node.id.startswith("__"):
            yield _at(node, "name_unknown", f"{visible(node.id)} is defined nowhere.")


def _binds(node: ast.AST) -> Iterator[str]:
    """Yield the names a node makes known anywhere in the code."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.arg(arg=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.split(".", maxsplit=1)[0]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name


def _imported(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield each name a module is imported under, with the module."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for each in node.names:
                yield each.asname or each.name, each.name


def _spelt(node: ast.AST) -> Iterator[str]:
    """Yield every name that is written at a node."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.keyword) and node.arg is not None:
        yield node.arg
    else:
        yield from _binds(node)
        if isinstance(node, ast.MatchClass):
            yield from node.kwd_attrs


def _is_text(node: ast.stmt) -> bool:
    """Tell whether a statement is a docstring."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _head(node: ast.FunctionDef) -> tuple[str, str, str]:
    returns = ast.unparse(node.returns) if node.returns else ""
    return node.name, ast.unparse(node.args), returns


def _at(node: ast.AST, code: str, message: str) -> Finding:
    line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
    return Finding(code, message, line, column)
