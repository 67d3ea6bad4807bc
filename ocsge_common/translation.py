# SPDX-License-Identifier: GPL-2.0-or-later
"""The interface's language: English in the code, French in one compiled file per plugin.

Every text goes through `tr` when it is shown, never at import. `scripts/build_i18n.py` collects the literals
given to `tr` and compiles `resources/i18n/<plugin>_fr.ts`, together with those of `ocsge_common`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

CONTEXT = "ocsge"
"""Context of every string of both plugins; `.ui` files have their class name instead, as Qt wants."""


def tr(text: str) -> str:
    """`text` in the user's language; a literal, without f-string, formatted afterwards."""
    return QCoreApplication.translate(CONTEXT, text)


@lru_cache(maxsize=1)
def user_language() -> str:
    """Two letters, for instance `fr`; as QGIS began, whose texts do not change while it runs."""
    # QGIS opens its settings at each question, some thirty times for each gesture.
    return (QgsApplication.locale() or "en")[:2]


def install_translator(plugin_folder: Path) -> QTranslator | None:
    """Install the plugin's translation of the user's language.

    Args:
        plugin_folder: folder of the plugin, whose name begins the file's name.

    Returns:
        The translator to give back to `remove_translator` in `unload`, None where there is no translation.
    """
    file = Path(plugin_folder) / "resources" / "i18n" / f"{Path(plugin_folder).name}_{user_language()}.qm"
    translator = QTranslator()
    if not file.is_file() or not translator.load(str(file)):
        return None
    QCoreApplication.installTranslator(translator)
    return translator


def remove_translator(translator: QTranslator | None) -> None:
    """Undo `install_translator`; None is allowed."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)
