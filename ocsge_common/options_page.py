# SPDX-License-Identifier: GPL-2.0-or-later
"""Pages of Settings > Options: one row per field of a settings dataclass, and the backend's own part."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from qgis.gui import QgsFileWidget, QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from .settings import SettingsStore


class SettingsForm(QWidget):
    """Edits the fields of a settings dataclass that have a label.

    Args:
        store: where the settings are.
        labels: field name to (label, tooltip), already translated, in the order of display.
        paths: fields that hold a file path.
    """

    def __init__(
        self, store: SettingsStore[Any], labels: Mapping[str, tuple[str, str]], paths: tuple[str, ...] = ()
    ) -> None:
        super().__init__()
        self._store = store
        self.editors: dict[str, QWidget] = {}
        form = QFormLayout(self)
        settings = store.load()
        for name, (label, tooltip) in labels.items():
            editor = _editor(getattr(settings, name), is_path=name in paths)
            editor.setToolTip(tooltip)
            editor.setObjectName(name)
            form.addRow(label, editor)
            self.editors[name] = editor

    def save(self) -> None:
        """Store what the editors show, and leave the other fields as they are."""
        values = {name: _value(editor) for name, editor in self.editors.items()}
        self._store.save(dataclasses.replace(self._store.load(), **values))


class OptionsPage(QgsOptionsPageWidget):
    """A page made of forms (anything with `save`) one above the other.

    Args:
        sections: the forms, in order.
    """

    def __init__(self, sections: list[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sections = sections
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for section in sections:
            layout.addWidget(section)
        layout.addStretch(1)

    def apply(self) -> None:
        """Called by QGIS when the user confirms the dialog."""
        for section in self._sections:
            section.save()


class OptionsPageFactory(QgsOptionsWidgetFactory):
    """What `iface.registerOptionsWidgetFactory` takes; unregister the same object in `unload`.

    Args:
        title: entry in the list of the options dialog, translated.
        icon: path of the entry's icon.
        make_sections: called each time the dialog opens.
    """

    def __init__(self, title: str, icon: Path, make_sections: Callable[[], list[QWidget]]) -> None:
        super().__init__(title, QIcon(str(icon)))
        self._make_sections = make_sections

    def createWidget(self, parent: QWidget | None = None) -> QgsOptionsPageWidget:
        """Build the page."""
        page = OptionsPage(self._make_sections(), parent)
        page.setObjectName(self.title())  # what `iface.showOptionsDialog` opens at
        return page


def _editor(value: Any, is_path: bool) -> QWidget:
    if isinstance(value, bool):
        box = QCheckBox()
        box.setChecked(value)
        return box
    if isinstance(value, (int, float)):
        spin = QSpinBox() if isinstance(value, int) else QDoubleSpinBox()
        spin.setRange(0, 1_000_000)
        spin.setValue(value)
        return spin
    if is_path:
        chooser = QgsFileWidget()
        chooser.setFilePath(value)
        return chooser
    return QLineEdit(", ".join(value) if isinstance(value, tuple) else value)


def _value(editor: QWidget) -> Any:
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, (QSpinBox, QDoubleSpinBox)):
        return editor.value()
    return editor.filePath() if isinstance(editor, QgsFileWidget) else editor.text()
