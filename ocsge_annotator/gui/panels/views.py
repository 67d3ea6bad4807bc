# SPDX-License-Identifier: GPL-2.0-or-later
"""Which views stand beside the map."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSignalBlocker
from qgis.PyQt.QtWidgets import QCheckBox, QLabel, QPushButton, QVBoxLayout, QWidget

from ocsge_annotator.gui.gestures import Gesture, shown_key
from ocsge_annotator.map_tools.views import Views
from ocsge_common.slots import guarded
from ocsge_common.translation import tr

MOST_KEYS = 6


def view_gestures() -> list[Gesture]:
    """Gestures of the views."""
    rows = [
        Gesture("views", "Shift+W", tr("Views"), tr("Show or hide the views beside the map")),
        Gesture("view_labels", "Alt+0", tr("Labels in views"), tr("Draw the labels in the views too")),
    ]
    for number in range(1, MOST_KEYS + 1):
        label = tr("View {}").format(number)
        rows.append(
            Gesture(f"view{number}", f"Alt+{number}", label, tr("Show or hide this view beside the map"))
        )
    return rows


class ViewsPanel(QWidget):
    """A box to tick for each view of the campaign.

    Args:
        views: shows them.
        parent: owner.
    """

    def __init__(self, views: Views, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views = views
        self.boxes: dict[str, QCheckBox] = {}
        self.all_button = QPushButton()
        self.all_button.setObjectName("views_button")  # the dock wires these two to their gestures
        self.labels_box = QCheckBox(tr("Labels in the views"))
        self.labels_box.setObjectName("view_labels_button")
        self.none_label = QLabel(tr("Open a campaign to look at its patches in other ways."))
        self.none_label.setWordWrap(True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(4, 0, 4, 4)
        self._layout.addWidget(self.none_label)
        self._layout.addWidget(self.labels_box)
        self._layout.addWidget(self.all_button)
        views.changed.connect(self.show_views)
        self.show_views()

    @guarded
    def show_views(self) -> None:
        """Boxes of the views that the campaign has, ticked where they are on."""
        names = [choice.name for choice in self._views.choices]
        if list(self.boxes) != names:
            self._make_boxes()
        for name, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(name in self._views.shown)
            readable = name not in self._views.unreadable
            box.setEnabled(readable)
            if not readable:
                box.setToolTip(tr("This layer cannot be read: see the campaign's sources."))
        with QSignalBlocker(self.labels_box):
            self.labels_box.setChecked(self._views.shows_labels)
        self.labels_box.setVisible(bool(names))
        self.all_button.setVisible(bool(names))
        self.none_label.setVisible(not names)

    def _make_boxes(self) -> None:
        for box in self.boxes.values():
            self._layout.removeWidget(box)
            box.deleteLater()
        self.boxes = {}
        keys = {row.name: shown_key(row) for row in view_gestures()}
        for position, choice in enumerate(self._views.choices):
            key = keys.get(f"view{position + 1}")
            box = QCheckBox(f"{choice.title} ({key})" if key else choice.title)
            box.toggled.connect(lambda wanted, name=choice.name: self._on_box(name, wanted))
            self._layout.insertWidget(position, box)
            self.boxes[choice.name] = box

    @guarded
    def _on_box(self, name: str, wanted: bool) -> None:
        self._views.want(name, wanted)
