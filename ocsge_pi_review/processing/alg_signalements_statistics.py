# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of the remarks of a lot: how many by motive, and each with its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFileDestination,
)

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.lot_lock import lock_lot
from ocsge_pi_review.adapters.settings import review_settings
from ocsge_pi_review.adapters.text_file import write_text
from ocsge_pi_review.domain.signalement_statistics import remarks_csv, statistics_csv
from ocsge_pi_review.processing.lot_algorithm import LotAlgorithm, processing_errors


class SignalementStatistics(LotAlgorithm):
    """Writes two tables."""

    STATISTICS, LIST = "STATISTICS", "LIST"

    def name(self) -> str:
        """Fixed."""
        return "signalementstatistics"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Statistics of the remarks of a lot")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "One line per motive: how many remarks by the status of their answer, how many were "
            "sent, and the median number of days from a remark to its answer. The list has every remark "
            "with its answer, for whoever has no access to the service."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters."""
        self.add_lot_parameter()
        kinds = tr("Tables (*.csv)")
        for name, title in (
            (self.STATISTICS, tr("Statistics by motive")),
            (self.LIST, tr("List of remarks")),
        ):
            parameter = QgsProcessingParameterFileDestination(name, title, kinds, optional=True)
            if not self.addParameter(parameter):
                raise QgsProcessingException(name)

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Write them."""
        path = self.lot_path(parameters, context)
        with processing_errors():
            lock = lock_lot(path)
            try:
                store = GpkgStore(path, review_settings().load().operator_name)
                try:
                    remarks = store.signalements.all()
                finally:
                    store.close()
            finally:
                lock.unlock()
            results = {}
            for name, table in ((self.STATISTICS, statistics_csv), (self.LIST, remarks_csv)):
                target = self.parameterAsFileOutput(parameters, name, context)
                if target:
                    write_text(Path(target), table(remarks))
                    results[name] = target
        return results
