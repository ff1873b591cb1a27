"""Every rule that the software keeps is named by a test that shows it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[1]

BUILT = (
    *("R1", "R2", "R3", "R4"),
    *("I1", "I2", "I3", "I4", "I5", "I6"),
    *("C1", "C2", "C3", "C4", "C5", "C6", "C8", "C9", "C10", "C12"),
    *("O1", "O2", "O7", "O8", "O10"),
    *("SIG-1", "SIG-2", "SIG-3", "SIG-4", "SIG-5"),
    *("ACC-1", "ACC-2", "ACC-3", "ACC-4", "ACC-5", "ACC-6", "ACC-7", "ACC-8"),
    *("ACC-9", "ACC-10", "ACC-11", "ACC-12", "ACC-13", "ACC-15"),
    *("LST-1", "LST-2", "LST-3", "IMP-1"),
    *("PER-1", "PER-2", "PER-3", "PER-4"),
    *("POR-1", "POR-2", "POR-3", "POR-4", "POR-5", "POR-6", "POR-7"),
    *("NOT-1", "NOT-2", "NOT-3", "NOT-4", "NOT-5", "NOT-6"),
    *("TSK-2", "DOC-1", "DOC-2", "DOC-3", "DOC-4", "DOC-5", "DOC-6", "DOC-7", "DOC-8", "DOC-9"),
)
"""The rules that are built, by hand: a new one is written here, and then a test has to name it."""

_RULE = re.compile(r"\b(?:[RICO]\d+|[A-Z]{3}-\d+)\b")


def test_every_rule_that_is_built_is_named_by_a_test() -> None:
    named = {rule for text in _docstrings_of_tests() for rule in _RULE.findall(text)}
    assert [rule for rule in BUILT if rule not in named] == []


def _docstrings_of_tests() -> Iterator[str]:
    """What the functions that are tests say of themselves; neither comments nor modules count."""
    for path in TESTS.rglob("test_*.py"):
        for found in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(found, ast.FunctionDef) and found.name.startswith("test_"):
                yield ast.get_docstring(found) or ""
