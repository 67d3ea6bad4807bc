# SPDX-License-Identifier: GPL-2.0-or-later
"""A finished lot in the project: a group with its layers in official colours, the image underneath."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsMapLayer,
    QgsMapLayerStyle,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from inference_backend.contracts.locate import resources_dir
from inference_backend.contracts.lot import OCCUPATION_SOL, REVIEW_ITEM, ZONE_CONSTRUITE
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.on_completion import AfterLoading

SEE_THROUGH = 0.6
"""Opacity of filled polygons, so that the image stays readable under them."""


@dataclass(frozen=True)
class ShownLayer:
    """One layer of the group.

    Attributes:
        table: of the lot.
        title: in the legend, translated.
        style: file in resources/styles.
        visible: whether it is drawn at first.
        expanded: whether its legend is unfolded at first.
        opacity: 0..1.
    """

    table: str
    title: str
    style: str
    visible: bool = True
    expanded: bool = False
    opacity: float = 1.0


def shown_layers() -> list[ShownLayer]:
    """The layers of a lot, from the top."""
    cover = OCCUPATION_SOL.name
    return [
        ShownLayer(REVIEW_ITEM.name, tr("Review queue, by reason"), "review_reasons.qml", expanded=True),
        ShownLayer(ZONE_CONSTRUITE.name, tr("Built-up zone"), "zone_construite.qml"),
        ShownLayer(cover, tr("Land cover"), "cover.qml", expanded=True, opacity=SEE_THROUGH),
        ShownLayer(cover, tr("Land use"), "use.qml", visible=False, opacity=SEE_THROUGH),
        ShownLayer(cover, tr("Confidence"), "confidence.qml", visible=False, opacity=SEE_THROUGH),
    ]


def load_lot(lot: Path, name: str, context: QgsProcessingContext, image: str = "") -> None:
    """Have Processing add the group once the algorithm has ended; nothing happens without a project.

    Args:
        lot: the GeoPackage.
        name: of the lot.
        context: of the algorithm.
        image: source of a raster to put at the bottom of the group, unless the project has it.
    """
    project = context.project()
    if project is None:
        return
    group = tr("Lot {}").format(name)
    entries: list[tuple[QgsMapLayer, str, Callable[[QgsMapLayer], None]]] = []
    options = QgsVectorLayer.LayerOptions()
    # The style comes from here; one stored in the file may bring forms and actions that run code.
    options.loadDefaultStyle = False
    for shown in shown_layers():
        layer = QgsVectorLayer(f"{lot}|layername={shown.table}", shown.title, "ogr", options)
        entries.append((layer, shown.title, lambda added, shown=shown: dress(added, shown, project)))
    if image and not _is_shown(image, project):
        layer = QgsRasterLayer(image, Path(image).stem)
        entries.append((layer, layer.name(), lambda added: _fold(added, project)))
    for depth, (layer, title, finish) in enumerate(entries):
        is_empty = isinstance(layer, QgsVectorLayer) and layer.featureCount() == 0
        if is_empty or not layer.isValid():
            continue
        context.temporaryLayerStore().addMapLayer(layer)
        details = QgsProcessingContext.LayerDetails(title, project, title)
        details.forceName = True
        details.groupName = group
        details.layerSortKey = len(entries) - depth  # each goes on top of those before it
        details.setPostProcessor(AfterLoading(finish))
        context.addLayerToLoadOnCompletion(layer.id(), details)


def dress(layer: QgsVectorLayer, shown: ShownLayer, project: QgsProject) -> None:
    """Give a layer its style, and its node in the legend its state."""
    style = (resources_dir() / "styles" / shown.style).read_text(encoding="utf-8")
    # Not loadNamedStyle: it would prefer the style that the GeoPackage opens with.
    QgsMapLayerStyle(style).writeToLayer(layer)
    layer.setName(shown.title)
    layer.setOpacity(shown.opacity)
    layer.triggerRepaint()
    node = project.layerTreeRoot().findLayer(layer.id())
    if node is not None:
        node.setItemVisibilityChecked(shown.visible)
        node.setExpanded(shown.expanded)


def _fold(layer: QgsMapLayer, project: QgsProject) -> None:
    node = project.layerTreeRoot().findLayer(layer.id())
    if node is not None:
        node.setExpanded(False)


def _is_shown(source: str, project: QgsProject) -> bool:
    return any(layer.source() == source for layer in project.mapLayers().values())
