# SPDX-License-Identifier: GPL-2.0-or-later
"""The provider `ocsge_review`."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ocsge_common.translation import tr
from ocsge_pi_review.processing.alg_check_conformity import CheckConformity
from ocsge_pi_review.processing.alg_check_coverage import CheckCoverage
from ocsge_pi_review.processing.alg_control_collect import CollectControl
from ocsge_pi_review.processing.alg_control_decide import DecideControl
from ocsge_pi_review.processing.alg_control_report import ReportControl
from ocsge_pi_review.processing.alg_control_sample import SampleControl
from ocsge_pi_review.processing.alg_cut_lots import CutLots
from ocsge_pi_review.processing.alg_export_corrections import ExportCorrections
from ocsge_pi_review.processing.alg_export_journal import ExportJournal
from ocsge_pi_review.processing.alg_import import ImportLayer
from ocsge_pi_review.processing.alg_lot_state import SetLotState
from ocsge_pi_review.processing.alg_merge_lots import MergeLots
from ocsge_pi_review.processing.alg_postprocess import Postprocess
from ocsge_pi_review.processing.alg_predict import Predict
from ocsge_pi_review.processing.alg_replay_journal import ReplayJournal
from ocsge_pi_review.processing.alg_signalements_import import ImportSignalements
from ocsge_pi_review.processing.alg_signalements_statistics import SignalementStatistics

ALGORITHMS = (
    Predict,
    Postprocess,
    CheckConformity,
    ImportLayer,
    CutLots,
    MergeLots,
    SetLotState,
    SampleControl,
    CollectControl,
    DecideControl,
    ReportControl,
    CheckCoverage,
    ExportCorrections,
    ExportJournal,
    ReplayJournal,
    ImportSignalements,
    SignalementStatistics,
)


class ReviewProvider(QgsProcessingProvider):
    """Algorithms that make lots, and algorithms on lots under review.

    Args:
        icon: path of the icon.
    """

    def __init__(self, icon: Path) -> None:
        super().__init__()
        self._icon = icon

    def id(self) -> str:
        """Fixed."""
        return "ocsge_review"

    def name(self) -> str:
        """Shown in the toolbox."""
        return tr("OCS GE review")

    def icon(self) -> QIcon:
        """Shown in the toolbox."""
        return QIcon(str(self._icon))

    def loadAlgorithms(self) -> None:
        """Register each."""
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
