# SPDX-License-Identifier: GPL-2.0-or-later
"""French is complete, and reaches the window."""

from __future__ import annotations

import re

import pytest
from qgis.PyQt.QtCore import QTranslator

from ocsge_common import translation
from scripts import build_i18n

PACKAGES = (build_i18n.COMMON, *build_i18n.PLUGINS)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_of_the_code_has_a_finished_french_translation(package):
    missing = [text.source for text in build_i18n.untranslated(build_i18n.ROOT / package)]
    assert missing == [], "run scripts/build_i18n.py --update, then translate"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_translation_keeps_the_placeholders(package):
    for (_, source), french in build_i18n.read_translations(
        build_i18n.ts_path(build_i18n.ROOT / package)
    ).items():
        assert sorted(re.findall(r"{[^}]*}", source)) == sorted(re.findall(r"{[^}]*}", french)), source


@pytest.mark.parametrize("package", PACKAGES)
def test_no_translation_outlives_its_text(package):
    folder = build_i18n.ROOT / package
    used = {(text.context, text.source) for text in build_i18n.texts_of_package(folder)}
    assert set(build_i18n.read_translations(build_i18n.ts_path(folder))) <= used


@pytest.mark.parametrize("plugin", build_i18n.PLUGINS)
def test_the_compiled_file_speaks_for_the_plugin_and_the_shared_code(plugin, monkeypatch, qgis_app):
    compiled = build_i18n.compile_package(build_i18n.ROOT / plugin, build_i18n.ROOT / build_i18n.COMMON)
    monkeypatch.setattr(translation, "user_language", lambda: "fr")
    installed = translation.install_translator(compiled.parents[2])
    try:
        assert isinstance(installed, QTranslator)
        assert translation.tr("Looking for Python") == "Recherche de Python"
        for text in build_i18n.texts_of_package(build_i18n.ROOT / plugin):
            if text.context == translation.CONTEXT:
                known = build_i18n.read_translations(build_i18n.ts_path(build_i18n.ROOT / plugin))
                assert translation.tr(text.source) == known[text.context, text.source]
    finally:
        translation.remove_translator(installed)
    assert translation.tr("Looking for Python") == "Looking for Python"


def test_another_language_stays_english(monkeypatch, qgis_app):
    monkeypatch.setattr(translation, "user_language", lambda: "de")
    assert translation.install_translator(build_i18n.ROOT / build_i18n.PLUGINS[0]) is None


@pytest.mark.parametrize("call", ['tr(f"{count} items")', "tr(name)", 'tr("a" + "b")'])
def test_a_text_that_cannot_be_collected_is_an_error_with_its_place(tmp_path, call):
    (tmp_path / "module.py").write_text(f"x = 1\ny = {call}\n")
    with pytest.raises(build_i18n.NotALiteralError, match=r"module\.py:2"):
        build_i18n.texts_of_package(tmp_path)


def test_texts_of_forms_are_collected_with_their_class(tmp_path):
    (tmp_path / "dock.ui").write_text(
        '<ui><class>Dock</class><widget><property name="text"><string>Next</string></property>'
        '<property name="code"><string notr="true">CS1</string></property></widget></ui>'
    )
    assert build_i18n.texts_of_package(tmp_path) == [build_i18n.Text("Dock", "Next")]


def test_an_update_keeps_what_was_translated(tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    (package / "module.py").write_text('a = tr("Old")\n')
    build_i18n.update(package)
    path = build_i18n.ts_path(package)
    path.write_text(
        path.read_text().replace('<translation type="unfinished" />', "<translation>Vieux</translation>")
    )
    (package / "module.py").write_text('a = tr("Old")\nb = tr("New")\n')
    assert [text.source for text in build_i18n.update(package)] == ["New"]
    assert build_i18n.read_translations(path) == {("ocsge", "Old"): "Vieux"}
