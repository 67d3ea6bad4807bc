# SPDX-License-Identifier: GPL-2.0-or-later
"""Changing the state of a lot: handing it over, delivering it, sending it back."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterEnum,
    QgsProcessingParameterString,
)

from inference_backend.contracts.lot import LotState
from inference_backend.contracts.lot_states import state_of
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.lot_handover import change_state, reject
from ocsge_pi_review.adapters.lot_lock import lock_lot
from ocsge_pi_review.adapters.settings import review_settings
from ocsge_pi_review.processing.lot_algorithm import LotAlgorithm, processing_errors


class SetLotState(LotAlgorithm):
    """Gives a lot another state."""

    STATE = "STATE"
    BY = "BY"
    COMMENT = "COMMENT"
    REDO = "REDO"

    def name(self) -> str:
        """Fixed."""
        return "setlotstate"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Change the state of a lot")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Prepared, assigned, in interpretation, delivered, in control, accepted or rejected; a rejected "
            "lot names the items to decide again. A lot that is delivered is checked against its journal."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters and outputs."""
        self.add_lot_parameter()
        names = [
            tr("Prepared"),
            tr("Assigned"),
            tr("In interpretation"),
            tr("Delivered"),
            tr("In control"),
            tr("Accepted"),
            tr("Rejected"),
        ]
        for parameter in (
            QgsProcessingParameterEnum(self.STATE, tr("New state"), names, defaultValue=3),
            QgsProcessingParameterString(self.BY, tr("Who says so"), optional=True),
            QgsProcessingParameterString(self.COMMENT, tr("Why, or to whom"), optional=True),
            QgsProcessingParameterString(self.REDO, tr("Items to decide again, if rejected"), optional=True),
        ):
            if not self.addParameter(parameter):
                raise QgsProcessingException(parameter.name())
        self.addOutput(QgsProcessingOutputString("STATE_NAME", tr("State")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Change it."""
        path = self.lot_path(parameters, context)
        wanted = tuple(LotState)[self.parameterAsEnum(parameters, self.STATE, context)]
        by = self.parameterAsString(parameters, self.BY, context) or review_settings().load().operator_name
        comment = self.parameterAsString(parameters, self.COMMENT, context)
        words = self.parameterAsString(parameters, self.REDO, context).replace(",", " ").split()
        with processing_errors():
            lock = lock_lot(path)
            try:
                store = GpkgStore(path, by)
                try:
                    if wanted is LotState.REJECTED:
                        reject(store, [int(word) for word in words if word.isdigit()], comment)
                    else:
                        change_state(store, wanted, comment)
                    return {"STATE_NAME": state_of(store.metadata).value}
                finally:
                    store.close()
            finally:
                lock.unlock()
