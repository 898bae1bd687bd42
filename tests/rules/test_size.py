"""A function that does not fit on a screen does more than one thing."""

from __future__ import annotations

import ast

import pytest

from tests.rules.house import named, parse, python_files, rooms

LINES = 60


def too_long(where: str, tree: ast.AST) -> list[str]:
    """Each function of more than LINES lines, its docstring counted, its decorators not."""
    return [
        f"{where}:{node.lineno} {node.name} has {length} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for length in [(node.end_lineno or node.lineno) - node.lineno + 1]
        if length > LINES
    ]


@pytest.mark.parametrize("room", rooms())
def test_a_function_fits_on_a_screen(room: str) -> None:
    assert [fault for path in python_files(room) for fault in too_long(named(path), parse(path))] == []


def test_a_long_function_is_found() -> None:
    long = "def f():\n" + "    x = 1\n" * LINES
    assert too_long("somewhere.py", ast.parse(long)) == ["somewhere.py:1 f has 61 lines"]
