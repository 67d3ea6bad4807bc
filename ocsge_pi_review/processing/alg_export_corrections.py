# SPDX-License-Identifier: GPL-2.0-or-later
"""The corrections of a lot in the form of IGN's corrective patches."""

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

from inference_backend.contracts.lot import DELIVERED_COLUMNS
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.edits import EditLog
from ocsge_pi_review.adapters.edits_corrections import corrections
from ocsge_pi_review.domain.corrections import CORRECTION_COLUMNS, Correction
from ocsge_pi_review.processing.lot_algorithm import LotAlgorithm

ORIGINAL_COLUMNS = tuple(column for column in DELIVERED_COLUMNS if column.name != "id")


class ExportCorrections(LotAlgorithm):
    """One polygon per piece of an object that the review changed."""

    OUTPUT = "OUTPUT"

    def name(self) -> str:
        """Fixed."""
        return "exportcorrections"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Export corrections as a corrective patch")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Writes what the review changed in the form of IGN's corrective patches: ground of a "
            "delivered object (id_ocs and its attributes as they were), cs_corr, us_corr and os_corr with "
            "the new value or RAS, and decoup_geo = 1 where the ground is a part of the object alone. "
            "Several patches may name one object."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters and outputs."""
        self.add_journal_parameters()
        kind = QgsProcessing.SourceType.TypeVectorPolygon
        sink = QgsProcessingParameterFeatureSink(self.OUTPUT, tr("Corrections"), kind)
        if not self.addParameter(sink):
            raise QgsProcessingException(self.OUTPUT)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Read the journal, write the corrections."""
        with self.journal(parameters, context) as log:
            target, count = self._write(log, parameters, context, feedback)
        feedback.pushInfo(tr("{} corrections.").format(count))
        return {self.OUTPUT: target}

    def _write(
        self,
        log: EditLog,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> tuple[str, int]:
        fields, count = _fields(), 0
        sink, target = self.parameterAsSink(
            parameters, self.OUTPUT, context, fields, QgsWkbTypes.Type.Polygon, log.layer.crs()
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, self.OUTPUT))
        for correction, ground in corrections(row.gesture.patch for row in log.rows()):
            if feedback.isCanceled():
                break
            if not sink.addFeature(_feature(correction, ground, fields), QgsFeatureSink.Flag.FastInsert):
                raise QgsProcessingException(self.writeFeatureError(sink, parameters, self.OUTPUT))
            count += 1
        return str(target), count


def _fields() -> QgsFields:
    fields = QgsFields()
    fields.append(QgsField("id_ocs", QMetaType.Type.QString))
    for column in ORIGINAL_COLUMNS:
        kind = QMetaType.Type.Int if column.type == "integer" else QMetaType.Type.QString
        fields.append(QgsField(column.name, kind))
    for name in CORRECTION_COLUMNS:
        fields.append(QgsField(name, QMetaType.Type.QString))
    return fields


def _feature(correction: Correction, ground: QgsGeometry, fields: QgsFields) -> QgsFeature:
    feature = QgsFeature(fields)
    originals = [correction.original[column.name] for column in ORIGINAL_COLUMNS]
    changes = [correction.values[name] for name in CORRECTION_COLUMNS]
    feature.setAttributes([correction.id_ocs, *originals, *changes])
    feature.setGeometry(ground)
    return feature
