# SPDX-License-Identifier: GPL-2.0-or-later
"""Styles agree with the nomenclature and with the tables they dress."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inference_backend.contracts.control import CONTROL_OUTLINE
from inference_backend.contracts.lot import TABLES
from inference_backend.contracts.profile import Profile

ROOT = Path(__file__).resolve().parents[2]
STYLES = ROOT / "resources" / "styles"


def categories(name: str) -> dict[str, tuple[str, str]]:
    """Value to (label, #RRGGBB) of a categorised style."""
    root = ElementTree.parse(STYLES / name).getroot()
    colours = {}
    for symbol in root.iter("symbol"):
        option = next(o for o in symbol.iter("Option") if o.get("name") == "color")
        red, green, blue, _ = (int(v) for v in option.get("value").split(","))
        colours[symbol.get("name")] = f"#{red:02X}{green:02X}{blue:02X}"
    return {c.get("value"): (c.get("label"), colours[c.get("symbol")]) for c in root.iter("category")}


@pytest.mark.parametrize(("file", "dimension"), [("cover.qml", "cs"), ("use.qml", "us")])
def test_style_has_the_official_colour_and_label_of_every_leaf(file, dimension):
    expected = {
        code.code: (f"{code.code} {code.label('fr')}", code.colour.upper())
        for code in Profile.load().nomenclature.leaves(dimension)
    }

    assert categories(file) == expected


def test_committed_styles_are_those_the_script_writes():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "build_styles.py", "--check"], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_column_of_a_lot_has_a_french_alias():
    aliases = json.loads((STYLES / "aliases_fr.json").read_text(encoding="utf-8"))

    tables = (*TABLES, CONTROL_OUTLINE)

    assert {t.name: set(t.column_names) for t in tables} == {name: set(a) for name, a in aliases.items()}
