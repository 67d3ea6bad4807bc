# SPDX-License-Identifier: GPL-2.0-or-later
"""The campaign's image and patches as layers of the project."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsProject,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsVectorLayer,
)

from inference_backend.contracts.campaign import PATCH, PatchState
from ocsge_annotator.domain.campaign import Campaign
from ocsge_common.translation import tr

LABEL_OPACITY = 0.6
STATE_COLOURS = {
    PatchState.TODO: "#9AA5B1",
    PatchState.IN_PROGRESS: "#F2A900",
    PatchState.SUBMITTED: "#2E9E5B",
    PatchState.IN_CONTROL: "#7A5CC2",
    PatchState.ACCEPTED: "#1B7A43",
    PatchState.REJECTED: "#D23B3B",
}


def state_label(state: PatchState) -> str:
    """State for people."""
    return {
        PatchState.TODO: tr("To do"),
        PatchState.IN_PROGRESS: tr("In progress"),
        PatchState.SUBMITTED: tr("Submitted"),
        PatchState.IN_CONTROL: tr("In control"),
        PatchState.ACCEPTED: tr("Accepted"),
        PatchState.REJECTED: tr("Rejected"),
    }[state]


def show_campaign(campaign: Campaign) -> QgsVectorLayer:
    """Add the campaign's image and patches to the project, unless they are there; the layer of patches."""
    project = QgsProject.instance()
    image = next((lyr for lyr in project.mapLayers().values() if lyr.source() == str(campaign.image)), None)
    if image is None:
        image = QgsRasterLayer(str(campaign.image), campaign.image.stem)
        project.addMapLayer(image, False)
        project.layerTreeRoot().addLayer(image)
    if not project.crs().isValid():
        project.setCrs(image.crs())
    source = f"{campaign.path}|layername={PATCH.name}"
    patches = next((lyr for lyr in project.mapLayers().values() if lyr.source() == source), None)
    if patches is None:
        patches = QgsVectorLayer(source, tr("Patches of {}").format(campaign.name), "ogr")
        patches.setRenderer(_renderer())
        patches.setReadOnly(True)
        project.addMapLayer(patches, False)
        project.layerTreeRoot().insertLayer(0, patches)
    return patches


def show_labels(path: Path, title: str) -> None:
    """Show a label raster over the image, in the colours that it carries; the same one once."""
    project = QgsProject.instance()
    if any(layer.source() == str(path) for layer in project.mapLayers().values()):
        return
    layer = QgsRasterLayer(str(path), title)
    layer.setOpacity(LABEL_OPACITY)
    project.addMapLayer(layer, False)
    project.layerTreeRoot().insertLayer(0, layer)


def refresh_patches(layer: QgsVectorLayer) -> None:
    """Show the states as they are now in the file."""
    layer.dataProvider().reloadData()
    layer.triggerRepaint()


def _renderer() -> QgsCategorizedSymbolRenderer:
    categories = []
    for state, colour in STATE_COLOURS.items():
        symbol = QgsFillSymbol.createSimple(
            {"style": "no", "outline_color": colour, "outline_width": "0.5", "outline_style": "solid"}
        )
        categories.append(QgsRendererCategory(state.value, symbol, state_label(state)))
    return QgsCategorizedSymbolRenderer("state", categories)
