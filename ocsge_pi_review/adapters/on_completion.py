# SPDX-License-Identifier: GPL-2.0-or-later
"""What happens to a layer once Processing has put it into the project, on the main thread."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
)

from inference_backend.contracts.errors import OcsgeError
from ocsge_common.translation import user_language

Finish = Callable[[QgsMapLayer], None]
_kept: list[AfterLoading] = []
"""QGIS owns none of them, and may ask for one as long as it keeps the context of the run."""


class AfterLoading(QgsProcessingLayerPostProcessorInterface):
    """Calls a function with the layer."""

    def __init__(self, finish: Finish) -> None:
        super().__init__()
        self._finish = finish
        _kept.append(self)

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Called by Processing."""
        try:
            self._finish(layer)
        except OcsgeError as error:  # the layer is there, if plain
            feedback.pushWarning(error.text(user_language()))


def after_loading(source: str, context: QgsProcessingContext, finish: Finish) -> None:
    """Have `finish` called with the layer of an output, if Processing is going to load it."""
    if context.willLoadLayerOnCompletion(source):
        context.layerToLoadOnCompletionDetails(source).setPostProcessor(AfterLoading(finish))
