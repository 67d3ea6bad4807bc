# SPDX-License-Identifier: GPL-2.0-or-later
"""What to copy from another layer: which layer, which field, which class for each value."""

from __future__ import annotations

from qgis.core import Qgis, QgsMapLayer, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsFieldComboBox, QgsMapLayerComboBox
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from inference_backend.contracts.errors import ProfileError
from inference_backend.contracts.profile import Profile
from ocsge_annotator.adapters.layer_values import raster_values, vector_values
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.copied_labels import LayerValues, propose_classes
from ocsge_annotator.errors import LayerError
from ocsge_annotator.gui.icons import swatch
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language

NO_VALUES = LayerValues((), None)
WIDTH_PX, HEIGHT_PX = 460, 480


class CopyDialog(QDialog):
    """A layer of the project, and a class for each value that it has on the patch in hand.

    Args:
        session: the work, with a patch in hand.
        kept: class value by layer id, field and value, from the last time; the choice is put into it.
        parent: owner.
    """

    def __init__(
        self,
        session: AnnotationSession,
        kept: dict[tuple[str, str, str], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Copy labels from a layer"))
        self.resize(WIDTH_PX, HEIGHT_PX)
        self._session, self._kept = session, kept
        self.values = NO_VALUES
        self.layers, self.fields = QgsMapLayerComboBox(), QgsFieldComboBox()
        self.layers.setFilters(
            Qgis.LayerFilters(
                Qgis.LayerFilter.RasterLayer | Qgis.LayerFilter.PolygonLayer | Qgis.LayerFilter.LineLayer
            )
        )
        self.fields.setAllowEmptyFieldName(True)
        self.table = QTableWidget(0, 2)
        self.table.setHorizontalHeaderLabels([tr("Value"), tr("Class")])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        form = QFormLayout(self)
        form.addRow(tr("Layer"), self.layers)
        form.addRow(tr("Field"), self.fields)
        form.addRow(self.table)
        form.addRow(self.problem)
        form.addRow(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.layers.layerChanged.connect(self._on_layer)
        self.fields.fieldChanged.connect(self.read)
        self._on_layer(self.layers.currentLayer())

    @property
    def mapping(self) -> dict[str, int]:
        """Class value by value of the layer; what is left as it is lacks."""
        chosen = (
            (name, self.table.cellWidget(row, 1).currentData()) for row, name in enumerate(self.values.names)
        )
        return {name: value for name, value in chosen if value is not None}

    def accept(self) -> None:
        """Remember the choice for the next time."""
        for name, value in self.mapping.items():
            self._kept[(*self._source(), name)] = value
        super().accept()

    @guarded
    def _on_layer(self, layer: QgsMapLayer | None) -> None:
        is_vector = isinstance(layer, QgsVectorLayer)
        self.fields.setEnabled(is_vector)
        self.fields.setLayer(layer if is_vector else None)  # changes the field, which reads
        self.read()

    @guarded
    def read(self) -> None:
        """Show what the layer has on the patch."""
        layer, image = self.layers.currentLayer(), self._session.image
        opened = self._session.opened
        self.values, text = NO_VALUES, ""
        if layer is not None and opened is not None:
            try:
                if isinstance(layer, QgsRasterLayer):
                    self.values = raster_values(layer, image, opened.window)
                else:
                    field = self.fields.currentField()
                    self.values = vector_values(layer, field, image, opened.window)
            except LayerError as error:
                text = error.text(user_language())
            if not self.values.names and not text:
                text = tr("This layer has nothing on the patch in hand.")
        self.problem.setText(text)
        self._fill()
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.values.names))

    def _fill(self) -> None:
        names, classes = self.values.names, self._session.campaign.classes
        proposed = propose_classes(names, classes, self._profile())
        self.table.setRowCount(len(names))
        for row, name in enumerate(names):
            self.table.setItem(row, 0, QTableWidgetItem(name or tr("(none)")))
            box = QComboBox()
            box.addItem(tr("leave as it is"), None)
            for entry in classes:
                box.addItem(swatch(entry.rgb), entry.label(user_language()), entry.value)
            wanted = self._kept.get((*self._source(), name), proposed.get(name))
            box.setCurrentIndex(0 if wanted is None else max(0, box.findData(wanted)))
            self.table.setCellWidget(row, 1, box)

    def _source(self) -> tuple[str, str]:
        layer = self.layers.currentLayer()
        return layer.id() if layer is not None else "", self.fields.currentField()

    def _profile(self) -> Profile | None:
        try:
            return Profile.load(self._session.campaign.profile)
        except (ProfileError, FileNotFoundError):
            return None
