"""The dialogue broken at random: one small change at a time, as a slip of the hand might make it.

The files changed are those that decide where a conversation goes and what is said and caused there. Left out are what
decides nothing (`types`, `catalog`, `phrases`, `errors`, `ports`) and what is a function of one text or prompt and has
tests of its own (`commands`, `render`, `speech`, `sms`, `codes`, `state`).

Which changes are tried follows from a seed and from what is changed alone: work on one function does not deal out
other changes to all the others.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

from core import types

FILES = (
    "dialogue.py",
    "obeying.py",
    "places.py",
    "asking.py",
    "answers.py",
    "forms.py",
    "correcting.py",
    "handoffs.py",
    "trouble.py",
    "danger.py",
    "desk.py",
    "explaining.py",
)
"""The dialogue, in core/."""

_ELSEWHERE = frozenset({"NEXT"})
"""Tables in these files that the dialogue does not read: the desk does, and its tests hold them."""

_KEYS = (*"0123456789", "*", "**")
_WORDS = {"yes": "no", "no": "yes"}
_STEPS = frozenset({"calm", "pop", "push", "swap", "go", "with_answer", "without_answer", "helped", "slower"})
"""Functions that make a state, or what is asked, from another: left out, the other stays."""
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_NAMED = {name: kind for name, kind in vars(types).items() if isinstance(kind, type) and issubclass(kind, StrEnum)}
_RECORDS = {name: kind for name, kind in vars(types).items() if isinstance(kind, type) and is_dataclass(kind)}
_NOT_RUN = frozenset({"annotation", "returns", "decorator_list", "type_comment", "ctx"})
_LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change: where, what, and the file as it then reads."""

    file: str
    function: str
    what: str
    source: str

    @property
    def name(self) -> str:
        """What it is known by, whatever else in the file changes."""
        return f"{self.file} {self.function}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """A place in the tree, and what comes there instead."""

    name: str
    file: str
    function: str
    owner: ast.AST
    field: str
    index: int | None
    new: object


def mutants(core: Path, seed: int, count: int) -> list[Mutant]:
    """The first `count` of the shuffled changes that still are Python and read differently from all others."""
    return list(islice(_drawn(core, seed), count))


def _drawn(core: Path, seed: int) -> Iterator[Mutant]:
    trees = {file: ast.parse((core / file).read_text(encoding="utf-8")) for file in FILES}
    seen = {ast.unparse(tree) for tree in trees.values()}
    spots = [spot for file, tree in trees.items() for spot in _spots(file, tree)]
    spots.sort(key=lambda spot: hashlib.sha256(f"{seed} {spot.name}".encode()).digest())
    for spot in spots:
        source = _changed(spot, trees[spot.file])
        if source not in seen and _is_python(source):
            seen.add(source)
            what = spot.name.partition(": ")[2]
            yield Mutant(file=spot.file, function=spot.function, what=what, source=source)


def _is_python(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _changed(spot: _Spot, tree: ast.Module) -> str:
    """The file with this one change; the tree is as before afterwards."""
    held = getattr(spot.owner, spot.field)
    if spot.index is None:
        setattr(spot.owner, spot.field, spot.new)
    else:
        kept = held[: spot.index] + ([] if spot.new is None else [spot.new]) + held[spot.index + 1 :]
        setattr(spot.owner, spot.field, kept)
    source = ast.unparse(ast.fix_missing_locations(tree))
    setattr(spot.owner, spot.field, held)
    return source


# --- where ---------------------------------------------------------------------------------------------------


def _spots(file: str, tree: ast.Module) -> Iterator[_Spot]:
    """Every change of a file. Two that read alike are numbered."""
    alike = Counter[str]()
    for function, body in _pieces(tree):
        for owner, field, index, what, new in _changes_below(body):
            name = f"{file} {function}: {what}"
            alike[name] += 1
            name += f" (no. {alike[name]})" if alike[name] > 1 else ""
            yield _Spot(name=name, file=file, function=function, owner=owner, field=field, index=index, new=new)


def _pieces(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """The functions, and the tables at the top."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name):
                yield name, node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if name not in _ELSEWHERE and isinstance(node.value, ast.Dict | ast.Call | ast.Constant):
                    yield name, node


_Place = tuple[ast.AST, str, "int | None", str, object]


def _changes_below(node: ast.AST) -> Iterator[_Place]:
    """Every change within a node: of its parts, and of what stands in it."""
    for field, value in ast.iter_fields(node):
        if field in _NOT_RUN:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _says_nothing(child):
                continue
            for what, new in _instead(child):
                yield node, field, index, what, new
            yield from _changes_below(child)
    for field, index, what, new in _parts(node):
        yield node, field, index, what, new


def _says_nothing(node: ast.AST) -> bool:
    """Docstrings, and assertions for the type checker."""
    return isinstance(node, ast.Assert) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


# --- what ----------------------------------------------------------------------------------------------------


def _instead(node: ast.AST) -> Iterator[tuple[str, object]]:
    """What may come instead of a node."""
    was = _shown(node)
    for kind, new in _others(node):
        yield f"{kind}: {was} -> {_shown(new)}", new


def _others(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.BoolOp(values=values):
            for n in range(len(values)):
                yield "condition dropped", _joined(node, values[:n] + values[n + 1 :])
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "and/or swapped", ast.BoolOp(op=other, values=values)
        case ast.Compare(ops=[op]) if type(op) in _COMPARED:
            swapped: list[ast.cmpop] = [_COMPARED[type(op)]()]
            yield "comparison changed", ast.Compare(left=node.left, ops=swapped, comparators=node.comparators)
        case ast.Constant(value=value):
            yield from (("constant changed", ast.Constant(value=new)) for new in _other_constant(value))
        case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner in _NAMED:
            yield "another one", ast.Attribute(value=node.value, attr=_next_in(owner, attr), ctx=ast.Load())
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _STEPS:
            yield f"{name} left out", first
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield "left alone", left
            yield "right alone", right


def _joined(node: ast.BoolOp, values: list[ast.expr]) -> ast.expr:
    return values[0] if len(values) == 1 else ast.BoolOp(op=node.op, values=values)


def _other_constant(value: object) -> Iterator[str | int | bool]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str) and value in _KEYS:
        yield _KEYS[(_KEYS.index(value) + 1) % len(_KEYS)]
    elif isinstance(value, str) and value in _WORDS:
        yield _WORDS[value]


def _next_in(owner: str, attr: str) -> str:
    names = [member.name for member in _NAMED[owner]]
    return names[(names.index(attr) + 1) % len(names)] if attr in names else attr


_Part = tuple[str, "int | None", str, object]


def _parts(node: ast.AST) -> Iterator[_Part]:
    """Parts of a node that may be turned round or left out."""
    match node:
        case ast.If(test=test):
            yield "test", None, f"guard negated: {_shown(test)}", _negated(test)
            yield "test", None, f"branch removed: {_shown(test)}", ast.Constant(value=False)
        case ast.IfExp(test=test):
            yield "test", None, f"guard negated: {_shown(test)}", _negated(test)
        case ast.comprehension(ifs=ifs):
            yield from (("ifs", n, f"guard negated: {_shown(one)}", _negated(one)) for n, one in enumerate(ifs))
            yield from (("ifs", n, f"guard removed: {_shown(one)}", None) for n, one in enumerate(ifs))
        case ast.Tuple(elts=elts, ctx=ast.Load()) | ast.Set(elts=elts) if not _is_pair(elts):
            yield from (("elts", n, f"dropped: {_shown(one)} of {_shown(node)}", None) for n, one in enumerate(elts))
        case ast.Call(func=ast.Name(id=name)):
            yield from _of_call(node, name)


def _is_pair(elts: list[ast.expr]) -> bool:
    """A name with what it names: half of one is no slip but nonsense."""
    return len(elts) == 2 and isinstance(elts[0], ast.Constant) and not isinstance(elts[1], ast.Constant)


def _negated(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(op=ast.Not(), operand=test)


def _of_call(node: ast.Call, name: str) -> Iterator[_Part]:
    least = {"telling": 0, "show": 2, "settled": 2}.get(name)
    if least is not None:
        yield from (
            ("args", n, f"dropped: {_shown(one)} of {_shown(node)}", None)
            for n, one in enumerate(node.args)
            if n >= least
        )
    for n, keyword in enumerate(node.keywords):
        if name == "replace" or keyword.arg in _optional(name) or (name, keyword.arg) == ("settled", "forced"):
            yield "keywords", n, f"left out: {_shown(keyword)} of {_shown(node)}", None


def _optional(name: str) -> set[str]:
    """The fields of a record that need not be given."""
    kind = _RECORDS.get(name)
    known = fields(kind) if kind else ()
    return {one.name for one in known if one.default is not MISSING or one.default_factory is not MISSING}


def _shown(node: ast.AST) -> str:
    text = f"{node.arg}={ast.unparse(node.value)}" if isinstance(node, ast.keyword) else ast.unparse(node)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
