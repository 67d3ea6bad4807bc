# SPDX-License-Identifier: GPL-2.0-or-later
"""The page in Settings > Options."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from ocsge_annotator.adapters.settings import AnnotatorSettings
from ocsge_annotator.gui.gestures import GestureTable
from ocsge_common.backend_section import BackendSection
from ocsge_common.options_page import SettingsForm
from ocsge_common.settings import SettingsStore
from ocsge_common.translation import tr


class KeyForm(QGroupBox):
    """Keys of the gestures; an empty field brings the default back.

    Args:
        store: of the plugin's settings.
        table: all gestures.
    """

    def __init__(self, store: SettingsStore[AnnotatorSettings], table: GestureTable) -> None:
        super().__init__(tr("Keys"))
        self._store, self._table = store, table
        self.editors: dict[str, QKeySequenceEdit] = {}
        columns = QHBoxLayout(self)
        current = table.load(store.load().key_changes)
        half = (len(current) + 1) // 2
        forms = [QFormLayout(), QFormLayout()]
        for form in forms:
            columns.addLayout(form)
        for position, gesture in enumerate(current.values()):
            editor = QKeySequenceEdit(QKeySequence(gesture.key))
            editor.setObjectName(f"key_{gesture.name}")
            forms[position >= half].addRow(gesture.label, editor)
            self.editors[gesture.name] = editor

    def save(self) -> None:
        """Store the keys that differ from the default."""
        defaults = self._table.load({})
        changes = []
        for name, editor in self.editors.items():
            key = editor.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
            if key and key != defaults[name].key:
                changes.append(f"{name}={key}")
        self._store.save(dataclasses.replace(self._store.load(), keys=tuple(changes)))


class Section(QGroupBox):
    """A titled form of settings."""

    def __init__(self, title: str, form: SettingsForm, note: str = "") -> None:
        super().__init__(title)
        self.form = form
        layout = QVBoxLayout(self)
        layout.addWidget(form)
        if note:
            label = QLabel(note)
            label.setWordWrap(True)
            layout.addWidget(label)

    def save(self) -> None:
        """Store what the form shows."""
        self.form.save()


class Changed(QWidget):
    """Invisible last section: tells the plugin that the settings were stored."""

    def __init__(self, then: Callable[[], object]) -> None:
        super().__init__()
        self._then = then

    def save(self) -> None:
        """Called after the others."""
        self._then()


def make_sections(
    store: SettingsStore[AnnotatorSettings], table: GestureTable, then: Callable[[], object]
) -> list[QWidget]:
    """Sections of the page, built each time the dialog opens.

    Args:
        store: of the plugin's settings.
        table: all gestures.
        then: called once everything is stored.
    """
    work = SettingsForm(
        store,
        {
            "annotator": (tr("Annotator"), tr("Name written in the patches; empty for the system's user")),
            "brush_px": (tr("Brush size (px)"), tr("Diameter when QGIS starts")),
            "opacity_percent": (tr("Opacity of the labels (%)"), tr("0 shows the image alone")),
            "context_percent": (tr("Image around the patch (%)"), tr("In percent of the patch's size")),
            "autosave_s": (
                tr("Save every (s)"),
                tr("0: at each change of patch only. The journal loses nothing in between."),
            ),
            "line_width_m": (tr("Line width (m)"), tr("Width of the road tool when QGIS starts")),
            "wand_tolerance": (
                tr("Tolerance of the wand"),
                tr("Difference of colour when QGIS starts, 0 to 255"),
            ),
            "tidy_px": (
                tr("Smallest area (px)"),
                tr("Gaps up to this area are closed, specks under it removed"),
            ),
            "smooth_px": (
                tr("Smoothing (px)"),
                tr("Half the side of the square in which borders are smoothed"),
            ),
            "keep_labelled": (tr("Paint only where there is no label"), tr("Also a box in the dock")),
        },
    )
    note = tr(
        "Every manual tool works without backend; predictions, new segments, the learner and interactive "
        "models need it."
    )
    return [Section(tr("Work"), work), BackendSection(note), KeyForm(store, table), Changed(then)]
