# SPDX-License-Identifier: GPL-2.0-or-later
"""Algorithm: how far two annotators agree, and where they differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)
from qgis.PyQt.QtCore import QMetaType

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.agreement_report import write_agreement_report
from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.comparison import ComparedPatch, compare_campaign, outlines, total
from ocsge_annotator.domain.campaign import Campaign
from ocsge_annotator.processing.base import errors_for_processing, reporter
from ocsge_annotator.processing.campaign_algorithm import CampaignAlgorithm
from ocsge_common.translation import tr, user_language

BORDER_PX = 2
"""Default distance up to which two drawings of one border count as the same, px."""


class CompareAnnotators(CampaignAlgorithm):
    """Agreement of two people on the patches that both labelled."""

    CAMPAIGN = "CAMPAIGN"
    BORDER = "BORDER"
    DISAGREEMENTS = "DISAGREEMENTS"
    REPORT = "REPORT"
    PATCHES = "PATCHES"
    AGREEMENT = "AGREEMENT"
    KAPPA = "KAPPA"

    def name(self) -> str:
        """Fixed name."""
        return "compareannotators"

    def displayName(self) -> str:
        """Title."""
        return tr("Compare two annotators")

    def shortHelpString(self) -> str:
        """What it does."""
        return tr(
            "Compares the patches of a campaign that two people labelled: share of pixels with one class for "
            "both, Cohen's kappa with its interval, intersection over union of each class, who confuses what "
            "with what, as a page that prints; and the areas on which they differ as polygons, the largest "
            "first, to be arbitrated. Two drawings of one border are marked as such."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters."""
        self.addParameter(QgsProcessingParameterFile(self.CAMPAIGN, tr("Campaign"), extension="gpkg"))
        self.addParameter(
            QgsProcessingParameterNumber(
                self.BORDER,
                tr("Two drawings of one border lie this near (px)"),
                Qgis.ProcessingNumberParameterType.Integer,
                BORDER_PX,
                minValue=0,
            )
        )
        self.addParameter(QgsProcessingParameterFeatureSink(self.DISAGREEMENTS, tr("Areas to arbitrate")))
        self.addParameter(
            QgsProcessingParameterFileDestination(self.REPORT, tr("Report"), "HTML (*.html)", optional=True)
        )
        self.addOutput(QgsProcessingOutputNumber(self.PATCHES, tr("Patches labelled twice")))
        self.addOutput(QgsProcessingOutputNumber(self.AGREEMENT, tr("Share of pixels agreed on")))
        self.addOutput(QgsProcessingOutputNumber(self.KAPPA, tr("Cohen's kappa")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Compare, write."""
        report = self.parameterAsFileOutput(parameters, self.REPORT, context)
        with errors_for_processing():
            campaign = read_campaign(Path(self.parameterAsFile(parameters, self.CAMPAIGN, context)))
            border_px = self.parameterAsInt(parameters, self.BORDER, context)
            compared = compare_campaign(campaign, border_px, reporter(feedback))
            crs = QgsCoordinateReferenceSystem.fromWkt(campaign.crs_wkt)
            sink, layer = self.parameterAsSink(
                parameters, self.DISAGREEMENTS, context, _fields(), Qgis.WkbType.Polygon, crs
            )
            if sink is None:
                raise QgsProcessingException(self.invalidSinkError(parameters, self.DISAGREEMENTS))
            for one in compared:
                _write(sink, campaign, one)
            if report:
                write_agreement_report(Path(report), campaign, compared)
        whole = total(compared)
        return {
            self.DISAGREEMENTS: layer,
            self.REPORT: report,
            self.PATCHES: len(compared),
            self.AGREEMENT: whole.overall,
            self.KAPPA: whole.kappa,
        }


def _fields() -> QgsFields:
    fields = QgsFields()
    for name, kind in (
        ("patch_id", QMetaType.Type.QString),
        ("first", QMetaType.Type.QString),
        ("second", QMetaType.Type.QString),
        ("area_px", QMetaType.Type.Int),
        ("is_border", QMetaType.Type.Bool),
    ):
        fields.append(QgsField(name, kind))
    return fields


def _write(sink: QgsFeatureSink, campaign: Campaign, one: ComparedPatch) -> None:
    names = {entry.value: entry.label(user_language()) for entry in campaign.classes}
    names[UNLABELLED] = ""
    for area, wkb in outlines(campaign, one):
        feature = QgsFeature(_fields())
        geometry = QgsGeometry()
        geometry.fromWkb(wkb)
        feature.setGeometry(geometry)
        feature.setAttributes(
            [one.patch.patch_id, names[area.first], names[area.second], area.area_px, area.is_border]
        )
        sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
