# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's algorithms."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ocsge_annotator.processing.alg_compare_annotators import CompareAnnotators
from ocsge_annotator.processing.alg_create_campaign import CreateCampaign
from ocsge_annotator.processing.alg_cut_lots import CutLots
from ocsge_annotator.processing.alg_draw_more_patches import DrawMorePatches
from ocsge_annotator.processing.alg_export_dataset import ExportDataset
from ocsge_annotator.processing.alg_import_dataset import ImportDataset
from ocsge_annotator.processing.alg_merge_lots import MergeLots
from ocsge_annotator.processing.alg_prelabel_campaign import PrelabelCampaign
from ocsge_common.translation import tr


class AnnotatorProvider(QgsProcessingProvider):
    """Provider `ocsge_annotator`.

    Args:
        icon: path of its icon.
    """

    def __init__(self, icon: Path) -> None:
        super().__init__()
        self._icon = icon

    def id(self) -> str:
        """Fixed name."""
        return "ocsge_annotator"

    def name(self) -> str:
        """Name for people."""
        return tr("OCS GE annotation")

    def icon(self) -> QIcon:
        """Icon in the toolbox."""
        return QIcon(str(self._icon))

    def loadAlgorithms(self) -> None:
        """Add the algorithms."""
        for algorithm in (
            CreateCampaign(),
            DrawMorePatches(),
            CutLots(),
            MergeLots(),
            PrelabelCampaign(),
            CompareAnnotators(),
            ExportDataset(),
            ImportDataset(),
        ):
            self.addAlgorithm(algorithm)
