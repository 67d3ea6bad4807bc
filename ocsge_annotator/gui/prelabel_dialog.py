# SPDX-License-Identifier: GPL-2.0-or-later
"""What to ask before predicting: model, other rasters, and what becomes of the prediction."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QWidget,
)

from ocsge_annotator.adapters.prelabel import DEFAULT_FLOOR
from ocsge_annotator.adapters.prelabel_run import PreLabelChoice
from ocsge_common.translation import tr


class PreLabelDialog(QDialog):
    """Choices of a pre-labelling.

    Args:
        image: the campaign's image; a height raster of the same name beside it is proposed.
        parent: owner.
    """

    def __init__(self, image: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Predict and pre-label"))
        form = QFormLayout(self)
        explanation = QLabel(
            tr(
                "The backend predicts a class for each pixel of the image. The surest pixels become labels "
                "of the patches that are still to be done, or the whole is proposed patch by patch."
            )
        )
        explanation.setWordWrap(True)
        form.addRow(explanation)
        self.rasters = QgsFileWidget()
        self.rasters.setStorageMode(QgsFileWidget.StorageMode.GetMultipleFiles)
        height = image.with_name(image.name.replace("ortho", "height"))
        if height != image and height.is_file():
            self.rasters.setFilePath(str(height))
        self.flat = QCheckBox(tr("No height raster: take 0 everywhere (less accurate)"))
        self.model = QgsFileWidget()
        self.model.setFilter(tr("ONNX models (*.onnx)"))
        self.model.lineEdit().setPlaceholderText(tr("the embedded model"))
        self.label_box = QCheckBox(tr("Label the patches at once"))
        self.label_box.setChecked(True)
        self.floor = QDoubleSpinBox()
        self.floor.setRange(0.0, 1.0)
        self.floor.setSingleStep(0.05)
        self.floor.setValue(DEFAULT_FLOOR)
        self.replace = QCheckBox(tr("Replace labels that exist"))
        form.addRow(tr("Other rasters (height…)"), self.rasters)
        form.addRow(self.flat)
        form.addRow(tr("Model"), self.model)
        form.addRow(self.label_box)
        form.addRow(tr("Least confidence"), self.floor)
        form.addRow(self.replace)
        for widget in (self.floor, self.replace):
            self.label_box.toggled.connect(widget.setEnabled)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def choice(self) -> PreLabelChoice:
        """What was chosen."""
        paths = QgsFileWidget.splitFilePaths(self.rasters.filePath())
        rasters = tuple(Path(path) for path in paths if path)
        model = self.model.filePath()
        return PreLabelChoice(
            rasters,
            self.flat.isChecked(),
            self.floor.value(),
            self.replace.isChecked(),
            Path(model) if model else None,
            self.label_box.isChecked(),
        )
