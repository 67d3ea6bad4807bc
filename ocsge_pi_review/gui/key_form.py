# SPDX-License-Identifier: GPL-2.0-or-later
"""Keys of the gestures in Settings > Options."""

from __future__ import annotations

import dataclasses

from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import QFormLayout, QHBoxLayout, QKeySequenceEdit, QLabel, QVBoxLayout, QWidget

from ocsge_common.settings import SettingsStore
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.domain.keymap import changes, doubles
from ocsge_pi_review.gui.gestures import gesture_words, spoken_key

COLUMNS = 2
WARNING_STYLE = "QLabel { color: #b00020; }"


class KeyForm(QWidget):
    """One editor per gesture; an empty one brings the default back, and a key given twice is told at once.

    Args:
        store: of the plugin's settings.
    """

    def __init__(self, store: SettingsStore[ReviewSettings]) -> None:
        super().__init__()
        self._store = store
        self.editors: dict[str, QKeySequenceEdit] = {}
        self.warning = QLabel()
        self.warning.setWordWrap(True)
        self.warning.setStyleSheet(WARNING_STYLE)
        columns = QHBoxLayout()
        forms = [QFormLayout() for _ in range(COLUMNS)]
        for form in forms:
            columns.addLayout(form)
        keys, words = store.load().keys, gesture_words()
        names = [name for name in words if name in keys]
        for position, name in enumerate(names):
            editor = QKeySequenceEdit(QKeySequence(keys[name]))
            editor.setObjectName(f"key_{name}")
            editor.setToolTip(words[name].tip)
            editor.keySequenceChanged.connect(self._on_changed)
            forms[position * COLUMNS // len(names)].addRow(words[name].label, editor)
            self.editors[name] = editor
        layout = QVBoxLayout(self)
        layout.addLayout(columns)
        layout.addWidget(self.warning)
        self._on_changed()

    def keys(self) -> dict[str, str]:
        """What the editors show."""
        portable = QKeySequence.SequenceFormat.PortableText
        return {name: editor.keySequence().toString(portable) for name, editor in self.editors.items()}

    def save(self) -> None:
        """Store the keys that differ from the default."""
        entries = tuple(f"{name}={key}" for name, key in changes(self.keys()).items())
        self._store.save(dataclasses.replace(self._store.load(), key_changes=entries))

    @guarded
    def _on_changed(self) -> None:
        words = gesture_words()
        lines = [
            tr("{}: {}; only one of them will answer.").format(
                spoken_key(key), ", ".join(words[name].label for name in names)
            )
            for key, names in doubles(self.keys()).items()
        ]
        self.warning.setText("\n".join(lines))
        self.warning.setVisible(bool(lines))
