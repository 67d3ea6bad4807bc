# SPDX-License-Identifier: GPL-2.0-or-later
"""The ortho-image of a lot under its polygons.

A file is shown as the lot opens; a map service waits to be asked, so that a lot opens without network and
from nowhere reaches one unasked.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsRasterLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QTimer

from inference_backend.contracts.lot import ImageryRole
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.references import remove_layers
from ocsge_pi_review.adapters.views import ViewSources


class LotImages:
    """The lot's own background.

    Args:
        sources: of the lot's views.
        group: of the lot in the project.
        project: takes the layer.
    """

    def __init__(self, sources: ViewSources, group: QgsLayerTreeGroup, project: QgsProject) -> None:
        self._sources, self._group, self._project = sources, group, project
        self._layer_id = ""

    @property
    def layer(self) -> QgsRasterLayer | None:
        """The background, as far as it is in the project."""
        return self._project.mapLayer(self._layer_id)

    @property
    def is_remote(self) -> bool:
        """Whether the background comes from a map service."""
        found = self._sources.of(ImageryRole.ORTHO)
        return bool(found) and found[0].is_remote

    def show(self, refuse: Callable[[BaseException], object], ask_network: bool = False) -> None:
        """Put the first ortho-image of the lot under its polygons, unless the project shows it already.

        Args:
            refuse: takes the error where it cannot be read.
            ask_network: whether a map service may be asked.
        """
        found = self._sources.of(ImageryRole.ORTHO)
        if not found or self.layer is not None or (self.is_remote and not ask_network):
            return
        name = self._sources.title(ImageryRole.ORTHO, tr("Ortho-image"))
        self._sources.make(ImageryRole.ORTHO, name, self._add, refuse)

    def remove(self, *, layers_are_leaving: bool = False) -> None:
        """Take it out of the project; safe to call again.

        Args:
            layers_are_leaving: the project removes layers now, perhaps this one.
        """
        ids, self._layer_id = [self._layer_id], ""
        if layers_are_leaving:
            QTimer.singleShot(0, lambda: remove_layers(self._project, ids))
        else:
            remove_layers(self._project, ids)

    def _add(self, layer: QgsRasterLayer) -> None:
        if sip.isdeleted(self._group) or self._is_there(layer):
            return
        self._project.addMapLayer(layer, False)
        self._group.addLayer(layer).setExpanded(False)
        self._layer_id = layer.id()

    def _is_there(self, layer: QgsRasterLayer) -> bool:
        rasters = (other for other in self._project.mapLayers().values() if isinstance(other, QgsRasterLayer))
        return any(Path(other.source()) == Path(layer.source()) for other in rasters)
