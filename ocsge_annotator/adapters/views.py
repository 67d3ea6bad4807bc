# SPDX-License-Identifier: GPL-2.0-or-later
"""What else a patch can be looked at as: infrared, index, height, another date, other labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal
from qgis.core import (
    QgsColorRampShader,
    QgsHillshadeRenderer,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsPalettedRasterRenderer,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from inference_backend.contracts.campaign import SourceRole
from inference_backend.contracts.prediction import TAG_CLASSES, decode_classes
from ocsge_annotator.adapters.gdal_calls import attempt
from ocsge_annotator.domain.campaign import Campaign, Source
from ocsge_common.translation import tr

COLOUR, INFRARED, INDEX, HEIGHT = "colour", "infrared", "index", "height"
NIR_BAND = 4
SUN_AZIMUTH_DEG, SUN_HEIGHT_DEG = 315.0, 45.0
INDEX_COLOURS = ((-0.3, "#5B4A3A"), (0.0, "#D9C89B"), (0.2, "#E8F0A0"), (0.4, "#7FC25C"), (0.8, "#0E5C2F"))
"""From soil and roofs to dense vegetation."""
_LOOKS = (SourceRole.OTHER_DATE, SourceRole.OTHER_LABELS, SourceRole.BACKGROUND)


@dataclass(frozen=True)
class ViewChoice:
    """One way to look at a patch.

    Attributes:
        name: in settings and keys.
        title: translated.
        make: builds its layer when it is first shown; None where it cannot be read.
    """

    name: str
    title: str
    make: Callable[[], QgsMapLayer | None]


def view_choices(campaign: Campaign) -> tuple[ViewChoice, ...]:
    """What a campaign can show, in the order of the keys."""
    return tuple(_choices(campaign))


def _choices(campaign: Campaign) -> Iterator[ViewChoice]:
    yield ViewChoice(COLOUR, tr("True colour"), lambda: _colour(str(campaign.image), (1, 2, 3)))
    nir = _infrared(campaign)
    if nir is not None:
        yield ViewChoice(INFRARED, tr("Infrared"), lambda: _false_colour(campaign, nir))
        yield ViewChoice(INDEX, tr("Vegetation index"), lambda: _index(campaign, nir))
    for source in campaign.sources_of(SourceRole.HEIGHT)[:1]:
        yield ViewChoice(HEIGHT, tr("Relief"), lambda s=source: _relief(campaign, s))
    for number, source in enumerate(campaign.sources_of(*_LOOKS), start=1):
        yield ViewChoice(
            f"source{number}", source.title or source.role.value, lambda s=source: _of_source(campaign, s)
        )


def _infrared(campaign: Campaign) -> tuple[str, int] | None:
    """Raster and band of the near infrared."""
    for source in campaign.sources_of(SourceRole.INFRARED):
        if source.is_file and Path(campaign.place_of(source)).exists():
            return campaign.place_of(source), _bands(source, (1,))[0]
    image = QgsRasterLayer(str(campaign.image), "")
    return (str(campaign.image), NIR_BAND) if image.isValid() and image.bandCount() >= NIR_BAND else None


def _bands(source: Source, default: tuple[int, ...]) -> tuple[int, ...]:
    given = source.options.get("bands")
    return tuple(int(band) for band in given) if given else default


def _colour(path: str, bands: tuple[int, ...]) -> QgsRasterLayer | None:
    layer = QgsRasterLayer(path, Path(path).stem)
    if not layer.isValid():
        return None
    if len(bands) >= 3 and layer.bandCount() >= max(bands):
        renderer = layer.renderer()
        if isinstance(renderer, QgsMultiBandColorRenderer):
            for give, band in zip((renderer.setRedBand, renderer.setGreenBand, renderer.setBlueBand), bands):
                give(band)
        layer.setDefaultContrastEnhancement()
    return layer


def _false_colour(campaign: Campaign, nir: tuple[str, int]) -> QgsRasterLayer | None:
    """Infrared as red, red as green, green as blue: what interpreters are used to."""
    path, band = nir
    if path == str(campaign.image):
        return _colour(path, (band, 1, 2))
    source = campaign.sources_of(SourceRole.INFRARED)[0]
    return _colour(path, _bands(source, (1, 2, 3)))


def _index(campaign: Campaign, nir: tuple[str, int]) -> QgsRasterLayer | None:
    """(infrared - red) / (infrared + red), computed as it is drawn."""
    path, band = nir
    image = QgsRasterLayer(str(campaign.image), "image")
    other = image if path == str(campaign.image) else QgsRasterLayer(path, "infrared")
    if not image.isValid() or not other.isValid():
        return None
    names = {"image": image, "infrared": other}
    high, low = (f'"{name}@{number}"' for name, number in (("infrared", band), ("image", 1)))
    wanted = QgsRasterDataProvider.VirtualRasterParameters()
    wanted.crs, wanted.extent = image.crs(), image.extent()
    wanted.width, wanted.height = image.width(), image.height()
    wanted.formula = f"({high} - {low}) / ({high} + {low} + 0.001)"
    inputs = []
    for name, layer in names.items():
        entry = QgsRasterDataProvider.VirtualRasterInputLayers()
        entry.name, entry.uri, entry.provider = name, layer.source(), layer.providerType()
        inputs.append(entry)
    wanted.rInputLayers = inputs
    uri = QgsRasterDataProvider.encodeVirtualRasterProviderUri(wanted)
    layer = QgsRasterLayer(uri, "index", "virtualraster")
    if not layer.isValid():
        return None
    layer.setRenderer(_index_renderer(layer))
    return layer


def _index_renderer(layer: QgsRasterLayer) -> QgsSingleBandPseudoColorRenderer:
    ramp = QgsColorRampShader(INDEX_COLOURS[0][0], INDEX_COLOURS[-1][0])
    ramp.setColorRampItemList(
        [QgsColorRampShader.ColorRampItem(value, QColor(colour)) for value, colour in INDEX_COLOURS]
    )
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    return QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)


def _relief(campaign: Campaign, source: Source) -> QgsRasterLayer | None:
    layer = QgsRasterLayer(campaign.place_of(source), source.title)
    if not layer.isValid():
        return None
    band = _bands(source, (1,))[0]
    layer.setRenderer(QgsHillshadeRenderer(layer.dataProvider(), band, SUN_AZIMUTH_DEG, SUN_HEIGHT_DEG))
    return layer


def _labels(campaign: Campaign, source: Source) -> QgsRasterLayer | None:
    """Labels in their own colours; failing those, in the colours of the campaign's classes."""
    path = campaign.place_of(source)
    layer = QgsRasterLayer(path, source.title)
    if not layer.isValid():
        return None
    if isinstance(layer.renderer(), QgsPalettedRasterRenderer):
        return layer
    dataset, _ = attempt(gdal.OpenEx, path, gdal.OF_RASTER)
    tag = dataset.GetMetadataItem(TAG_CLASSES) if dataset is not None else None
    colours = {entry.value: (entry.colour, entry.name) for entry in campaign.classes}
    try:
        told = decode_classes(tag) if tag else ()
    except ValueError:
        told = ()
    if told:
        colours = {entry.index: (entry.colour or "#808080", entry.name) for entry in told}
    entries = [
        QgsPalettedRasterRenderer.Class(value, QColor(colour), name)
        for value, (colour, name) in colours.items()
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries))
    return layer


def _of_source(campaign: Campaign, source: Source) -> QgsMapLayer | None:
    if source.provider == "ogr":
        layer: QgsMapLayer = QgsVectorLayer(campaign.place_of(source), source.title, "ogr")
        return layer if layer.isValid() else None
    if source.role is SourceRole.OTHER_LABELS:
        return _labels(campaign, source)
    if source.provider == "gdal":
        return _colour(campaign.place_of(source), _bands(source, (1, 2, 3)))
    layer = QgsRasterLayer(source.uri, source.title, source.provider)
    return layer if layer.isValid() else None
