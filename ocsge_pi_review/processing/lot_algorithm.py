# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms of the review have in common: a lot as input, our errors as theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterFile,
    QgsProcessingParameterVectorLayer,
)

from inference_backend.contracts.errors import OcsgeError
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.edits import EditLog


class LotAlgorithm(QgsProcessingAlgorithm):
    """An algorithm on one lot."""

    LOT, JOURNAL = "LOT", "JOURNAL"

    def createInstance(self) -> QgsProcessingAlgorithm:
        """A fresh one of the same class."""
        return type(self)()

    def group(self) -> str:
        """Shown in the toolbox."""
        return tr("Lots under review")

    def groupId(self) -> str:
        """Fixed."""
        return "lots"

    def add_lot_parameter(self) -> None:
        """The lot."""
        parameter = QgsProcessingParameterFile(self.LOT, tr("Lot (GeoPackage)"), extension="gpkg")
        if not self.addParameter(parameter):
            raise QgsProcessingException(self.LOT)

    def add_journal_parameters(self) -> None:
        """A lot in a file, or the layer on the journal of a lot that is kept in a database."""
        lot = QgsProcessingParameterFile(self.LOT, tr("Lot (GeoPackage)"), extension="gpkg", optional=True)
        journal = QgsProcessingParameterVectorLayer(
            self.JOURNAL,
            tr("Journal of a lot in a database (layer “Edits” of the second look)"),
            optional=True,
        )
        for parameter in (lot, journal):
            if not self.addParameter(parameter):
                raise QgsProcessingException(parameter.name())

    @contextmanager
    def journal(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Iterator[EditLog]:
        """The journal chosen; the lot counts where both are."""
        path = self.parameterAsFile(parameters, self.LOT, context)
        with processing_errors():
            if path:
                log = EditLog.of_file(Path(path))
            else:
                layer = self.parameterAsVectorLayer(parameters, self.JOURNAL, context)
                if layer is None:
                    raise QgsProcessingException(tr("Choose a lot or a journal."))
                log = EditLog.of_layer(layer)
            with closing(log):
                yield log

    def lot_path(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Path:
        """The file chosen."""
        return Path(self.parameterAsFile(parameters, self.LOT, context))


@contextmanager
def processing_errors() -> Iterator[None]:
    """Turn our errors into those of Processing, in the user's language."""
    try:
        yield
    except OcsgeError as error:
        raise QgsProcessingException(error.text(user_language())) from error
