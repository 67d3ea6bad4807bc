# SPDX-License-Identifier: GPL-2.0-or-later
"""The journal as a layer: who did what, when, how long it took, and where."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QMetaType

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.changed_ground import geometry_of
from ocsge_pi_review.adapters.edits import EditLog
from ocsge_pi_review.domain.edits import polygon_changes
from ocsge_pi_review.domain.journal import JournalRow
from ocsge_pi_review.processing.lot_algorithm import LotAlgorithm

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
    ("reasons", QMetaType.Type.QString),
    ("changed_m2", QMetaType.Type.Double),
    ("in_force", QMetaType.Type.Int),
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
            "Writes one row per gesture: when, who, what, for how long, why, on which polygons, how much "
            "ground changed its code, and the codes of the first polygon before and after; its geometry is "
            "the ground touched. Undone gestures and their undo are there too (in_force = 0)."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters and outputs."""
        self.add_journal_parameters()
        kind = QgsProcessing.SourceType.TypeVectorPolygon
        if not self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, tr("Journal"), kind)):
            raise QgsProcessingException(self.OUTPUT)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Read the journal, write the table."""
        with self.journal(parameters, context) as log:
            return {self.OUTPUT: self._write(log, parameters, context, feedback)}

    def _write(
        self,
        log: EditLog,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> str:
        fields = QgsFields()
        for name, kind in COLUMNS:
            fields.append(QgsField(name, kind))
        sink, target = self.parameterAsSink(
            parameters, self.OUTPUT, context, fields, QgsWkbTypes.Type.MultiPolygon, log.layer.crs()
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, self.OUTPUT))
        last_seq = max(log.last_seq(), 1)
        for row in log.rows():
            if feedback.isCanceled():
                break
            if not sink.addFeature(_feature(row, fields), QgsFeatureSink.Flag.FastInsert):
                raise QgsProcessingException(self.writeFeatureError(sink, parameters, self.OUTPUT))
            feedback.setProgress(100 * row.seq / last_seq)
        return str(target)


def _feature(row: JournalRow, fields: QgsFields) -> QgsFeature:
    gesture, changes = row.gesture, polygon_changes(row)
    first = changes[0] if changes else None
    before, after = (None, None) if first is None else (first.before, first.after)
    feature = QgsFeature(fields)
    feature.setAttributes(
        [
            row.seq,
            gesture.gesture_id,
            row.time_utc,
            row.operator,
            gesture.operation.value,
            gesture.item_id,
            row.duration_s,
            ", ".join(gesture.patch.ids),
            before and before.cs,
            after and after.cs,
            before and before.us,
            after and after.us,
            ",".join(gesture.reasons) or None,
            gesture.changed_m2,
            int(row.is_in_force),
        ]
    )
    feature.setGeometry(QgsGeometry.collectGeometry([geometry_of(found) for found in gesture.patch.touched]))
    return feature
