# SPDX-License-Identifier: GPL-2.0-or-later
"""Gaps, overlaps and unmatched vertices of a polygon layer, without any backend."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsPointXY,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QMetaType

from ocsge_common.translation import tr
from ocsge_pi_review.domain.coverage_check import check_coverage
from ocsge_pi_review.domain.errors import WkbError
from ocsge_pi_review.domain.rings import Polygon, signed_area
from ocsge_pi_review.domain.wkb import decode


class CheckCoverage(QgsProcessingAlgorithm):
    """Reports whether polygons partition their ground."""

    INPUT, OUTPUT = "INPUT", "OUTPUT"
    VALID, GAPS, OVERLAP_M2, UNMATCHED = "VALID", "GAPS", "OVERLAP_M2", "UNMATCHED"

    def createInstance(self) -> QgsProcessingAlgorithm:
        """A fresh one."""
        return CheckCoverage()

    def name(self) -> str:
        """Fixed."""
        return "checkcoverage"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Check the coverage of a lot")

    def group(self) -> str:
        """Shown in the toolbox."""
        return tr("Lots under review")

    def groupId(self) -> str:
        """Fixed."""
        return "lots"

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Looks for gaps, overlaps and vertices that only one side of a border has, on the edges "
            "of the polygons "
            "alone: exact, in seconds for 100,000 polygons, without backend. The output holds each gap; one "
            "without area is a missing vertex."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters and outputs."""
        kind = QgsProcessing.SourceType.TypeVectorPolygon
        source = QgsProcessingParameterFeatureSource(self.INPUT, tr("Layer occupation_sol"), [kind])
        sink = QgsProcessingParameterFeatureSink(self.OUTPUT, tr("Gaps"), kind)
        if not (self.addParameter(source) and self.addParameter(sink)):
            raise QgsProcessingException(self.INPUT)
        self.addOutput(QgsProcessingOutputBoolean(self.VALID, tr("Valid coverage")))
        self.addOutput(QgsProcessingOutputNumber(self.GAPS, tr("Number of gaps")))
        self.addOutput(QgsProcessingOutputNumber(self.OVERLAP_M2, tr("Overlap (m²)")))
        self.addOutput(QgsProcessingOutputNumber(self.UNMATCHED, tr("Edges held twice")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Read, check, write the gaps."""
        source = self.parameterAsSource(parameters, self.INPUT, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.INPUT))
        report = check_coverage(_polygons(source, feedback))
        fields = QgsFields()
        fields.append(QgsField("area_m2", QMetaType.Type.Double))
        sink, target = self.parameterAsSink(
            parameters, self.OUTPUT, context, fields, QgsWkbTypes.Type.Polygon, source.sourceCrs()
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, self.OUTPUT))
        for ring in report.gaps:
            feature = QgsFeature(fields)
            feature.setAttributes([abs(signed_area(ring))])
            feature.setGeometry(QgsGeometry.fromPolygonXY([[QgsPointXY(x, y) for x, y in ring]]))
            if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                raise QgsProcessingException(self.writeFeatureError(sink, parameters, self.OUTPUT))
        feedback.pushInfo(
            tr("{} polygons: {} gaps, {} m² of overlap, {} edges held twice.").format(
                report.count, len(report.gaps), round(report.overlap_m2, 3), report.doubled_edges
            )
        )
        return {
            self.OUTPUT: target,
            self.VALID: report.is_valid,
            self.GAPS: len(report.gaps),
            self.OVERLAP_M2: report.overlap_m2,
            self.UNMATCHED: report.doubled_edges,
        }


def _polygons(source: QgsProcessingFeatureSource, feedback: QgsProcessingFeedback) -> dict[str, Polygon]:
    """Every part of every feature, multipart ones taken apart."""
    polygons: dict[str, Polygon] = {}
    total = max(source.featureCount(), 1)
    for done, feature in enumerate(source.getFeatures()):
        if feedback.isCanceled():
            break
        for number, part in enumerate(feature.geometry().asGeometryCollection()):
            try:
                polygons[f"{feature.id()}.{number}"] = decode(bytes(part.asWkb()))
            except WkbError as error:
                raise QgsProcessingException(tr("Feature {}: {}").format(feature.id(), error)) from error
        feedback.setProgress(80 * done / total)
    return polygons
