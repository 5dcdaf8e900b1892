"""Mutants of a module: its text with one operator, number or condition changed.

Only what a hand could have written wrong: a comparison one step off, its opposite, another
operator, a condition turned round, a number one more, a smallest for a largest.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}


Key = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module's tree with one change: *was* became *becomes* in *where* (a function, or "").

    `nth` counts the same change in the same place from 1.
    """

    module: str
    where: str
    line: int
    was: str
    becomes: str
    nth: int
    tree: ast.Module

    @property
    def key(self) -> Key:
        """What the list of equivalents knows it by; lines move, these do not."""
        return self.module, self.where, self.was, self.becomes, self.nth

    def __str__(self) -> str:
        nth = f" (number {self.nth})" if self.nth > 1 else ""
        return f"{self.module}:{self.line} {self.where}: {self.was} -> {self.becomes}{nth}"


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Every mutant of *source*, in the order of its text."""
    tree, seen = ast.parse(source), Counter[tuple[str, str, str]]()
    for path, node, where in _nodes(tree, (), ""):
        for changed in _changes(node):
            was, becomes = ast.unparse(node), ast.unparse(changed)
            seen[where, was, becomes] += 1
            yield Mutant(
                module=module,
                where=where,
                line=getattr(node, "lineno", 0),
                was=was,
                becomes=becomes,
                nth=seen[where, was, becomes],
                tree=_replaced(tree, path, changed),
            )


Path = tuple[tuple[str, int | None], ...]


def _nodes(node: ast.AST, path: Path, where: str) -> Iterator[tuple[Path, ast.AST, str]]:
    """Every expression with the way to it; annotations, asserts and imports are not run."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        where = f"{where}.{node.name}".lstrip(".")
    yield path, node, where
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or isinstance(value, ast.Assert):
            continue
        for n, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and not isinstance(child, ast.Assert | ast.ImportFrom):
                step = (name, n if isinstance(value, list) else None)
                yield from _nodes(child, (*path, step), where)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BinOp() if type(node.op) in OPERATORS:
            yield _with(node, op=OPERATORS[type(node.op)]())
        case ast.BoolOp():
            yield _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.If() | ast.IfExp() | ast.While():
            yield _with(node, test=ast.UnaryOp(op=ast.Not(), operand=node.test))
        case _:
            yield from _leaves(node)


def _leaves(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.comprehension() if node.ifs:
            yield _with(node, ifs=[])
        case ast.Constant(value=bool()):
            yield ast.Constant(value=not node.value)
        case ast.Constant(value=int() | float()):
            yield ast.Constant(value=node.value + 1)
        case ast.Name(id=name) if name in NAMES:
            yield ast.Name(id=NAMES[name], ctx=node.ctx)


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for n, op in enumerate(node.ops):
        for other in COMPARISONS.get(type(op), ()):
            yield _with(node, ops=[*node.ops[:n], other(), *node.ops[n + 1 :]])


def _with(node: ast.AST, **changes: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def _replaced(tree: ast.Module, path: Path, changed: ast.AST) -> ast.Module:
    whole = copy.deepcopy(tree)
    node: ast.AST = whole
    for name, n in path[:-1]:
        found = getattr(node, name)
        node = found if n is None else found[n]
    name, n = path[-1]
    if n is None:
        setattr(node, name, changed)
    else:
        getattr(node, name)[n] = changed
    return ast.fix_missing_locations(whole)
