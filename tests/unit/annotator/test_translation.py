# SPDX-License-Identifier: GPL-2.0-or-later
"""French is complete, for the texts of the interface and for the errors."""

import ast
import inspect
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from ocsge_annotator import errors

PLUGIN = Path(inspect.getfile(errors)).parent


def texts_of_the_code():
    for path in sorted(PLUGIN.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr":
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}: tr() takes a literal"
                yield node.args[0].value


def french():
    tree = ElementTree.parse(PLUGIN / "resources" / "i18n" / "ocsge_annotator_fr.ts")
    return {m.findtext("source"): m.find("translation") for m in tree.iter("message")}


def test_every_text_has_a_finished_translation():
    translations = french()
    for text in texts_of_the_code():
        assert text in translations, text
        assert translations[text].get("type") is None, text
        assert translations[text].text.count("{}") == text.count("{}"), text


OWN_WORDS = [error for error in errors.AnnotatorError.__subclasses__() if error.templates["en"] != "{detail}"]
"""Not those that pass on what the backend said, which has its words in both languages itself."""


@pytest.mark.parametrize("error", OWN_WORDS)
def test_every_error_speaks_both_languages(error):
    values = {"path": "/a/b.tif", "reason": "x", "holder": "marie"}
    for language in ("en", "fr"):
        values |= {f"problem_{language}": f"p {language}", f"remedy_{language}": f"r {language}"}
    texts = {language: error(**values).text(language) for language in ("en", "fr")}
    assert texts["en"] != texts["fr"]
    assert all("/a/b.tif" in text for text in texts.values())
