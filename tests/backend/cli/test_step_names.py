# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import ast
from pathlib import Path

import inference_backend
from inference_backend.step_names import step_name

PACKAGE = Path(inference_backend.__file__).parent
SILENT = {"scene"}
"""Packages whose progress only developers see."""


def named_steps():
    """Literals given to `....update(share, "name")` anywhere in the backend."""
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] in SILENT:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", "") == "update"
                and len(node.args) == 2
            ):
                name = node.args[1]
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    yield name.value


def test_every_step_has_a_french_name():
    same_in_both = {"partition", "simplification", "zone construite"}
    steps = set(named_steps())
    assert "review queue" in steps
    assert {name for name in steps if step_name(name, "fr") == name} <= same_in_both


def test_an_unknown_step_keeps_its_name():
    assert step_name("window 3/40", "fr") == "window 3/40"
    assert step_name("reading", "en") == "reading"
