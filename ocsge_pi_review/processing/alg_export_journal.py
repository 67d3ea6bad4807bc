# SPDX-License-Identifier: GPL-2.0-or-later
"""The journal as a table: who did what, when, how long it took."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QMetaType

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.lot_file import LotFile
from ocsge_pi_review.processing.lot_algorithm import LotAlgorithm, processing_errors

COLUMNS = (
    ("seq", QMetaType.Type.Int),
    ("gesture_id", QMetaType.Type.QString),
    ("time_utc", QMetaType.Type.QString),
    ("operator", QMetaType.Type.QString),
    ("operation", QMetaType.Type.QString),
    ("item_id", QMetaType.Type.Int),
    ("duration_s", QMetaType.Type.Double),
    ("polygons", QMetaType.Type.QString),
    ("cs_before", QMetaType.Type.QString),
    ("cs_after", QMetaType.Type.QString),
    ("us_before", QMetaType.Type.QString),
    ("us_after", QMetaType.Type.QString),
    ("state", QMetaType.Type.QString),
)


class ExportJournal(LotAlgorithm):
    """One row per gesture."""

    OUTPUT = "OUTPUT"

    def name(self) -> str:
        """Fixed."""
        return "exportjournal"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Export the journal of a lot")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Writes one row per gesture: when, who, what, for how long, on which polygons, and the "
            "codes of the first "
            "one before and after. Undone gestures and their undo are there too."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters and outputs."""
        self.add_lot_parameter()
        kind = QgsProcessing.SourceType.TypeVector
        if not self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, tr("Journal"), kind)):
            raise QgsProcessingException(self.OUTPUT)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Read the journal, write the table."""
        with processing_errors():
            lot = LotFile(self.lot_path(parameters, context))
            try:
                rows = lot.journal_table()
            finally:
                lot.close()
        fields = QgsFields()
        for name, kind in COLUMNS:
            fields.append(QgsField(name, kind))
        sink, target = self.parameterAsSink(
            parameters,
            self.OUTPUT,
            context,
            fields,
            QgsWkbTypes.Type.NoGeometry,
            QgsCoordinateReferenceSystem(),
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, self.OUTPUT))
        for row in rows:
            if feedback.isCanceled():
                break
            feature = QgsFeature(fields)
            feature.setAttributes([row[name] for name, _ in COLUMNS])
            if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                raise QgsProcessingException(self.writeFeatureError(sink, parameters, self.OUTPUT))
        return {self.OUTPUT: target}
