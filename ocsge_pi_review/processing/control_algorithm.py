# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms of a control have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingContext

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.settings import review_settings
from ocsge_pi_review.processing.backend_algorithm import BackendAlgorithm


class ControlAlgorithm(BackendAlgorithm):
    """An algorithm on a lot under control."""

    def group(self) -> str:
        """Shown in the toolbox."""
        return tr("Control of a lot")

    def groupId(self) -> str:
        """Fixed."""
        return "control"

    def operator(self) -> str:
        """The name in the settings of the review."""
        return review_settings().load().operator_name

    def files(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> list[Path]:
        """Files of a list, without the empty entry that QGIS gives for none."""
        return [Path(path) for path in self.parameterAsFileList(parameters, name, context) if path]

    def double(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> float | None:
        """A number, None where none was given."""
        return None if parameters.get(name) is None else self.parameterAsDouble(parameters, name, context)
