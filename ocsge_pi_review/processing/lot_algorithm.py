# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms of the review have in common: a lot as input, our errors as theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterFile,
)

from inference_backend.contracts.errors import OcsgeError
from ocsge_common.translation import tr, user_language


class LotAlgorithm(QgsProcessingAlgorithm):
    """An algorithm on one lot."""

    LOT = "LOT"

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
