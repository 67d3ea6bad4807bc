# SPDX-License-Identifier: GPL-2.0-or-later
"""Background images of a lot, from its table `imagery`.

A lot comes from outside: an image is opened by its source alone, never with a style or a project that lies
beside it, and nothing reaches the network before the operator asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    NULL,
    QgsContrastEnhancement,
    QgsHillshadeRenderer,
    QgsMultiBandColorRenderer,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorLayer,
)

from inference_backend.contracts.lot import IMAGERY, ImageryRole
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.adapters.prediction_style import style_prediction
from ocsge_pi_review.adapters.virtual_images import names_other_places
from ocsge_pi_review.domain.errors import LotError
from ocsge_pi_review.domain.imagery_errors import ImageSourceRefusedError, ImageUnreadableError

PROVIDERS = ("gdal", "wms")
"""QGIS providers of images; another one is not opened."""
SUN_AZIMUTH_DEG, SUN_HEIGHT_DEG = 315.0, 45.0
INFRARED_BANDS = (4, 1, 2)
"""Infrared as red, red as green, green as blue, in an image of red, green, blue, infrared."""


@dataclass(frozen=True)
class ImageryEntry:
    """One row of `imagery`.

    Attributes:
        role: what it shows.
        uri: as the table has it.
        provider: `gdal` or `wms`.
        title: for people; the role's name is shown where it is empty.
        millesime: year, empty where unknown.
        bands: 1-based, red, green, blue; empty for the file's own.
    """

    role: ImageryRole
    uri: str
    provider: str
    title: str = ""
    millesime: str = ""
    bands: tuple[int, ...] = ()

    @property
    def is_remote(self) -> bool:
        """Whether showing it needs a network."""
        if self.provider == "wms" or self.uri.startswith(("/vsicurl", "http://", "https://")):
            return True
        # A share of a computer of its own choice, to which Windows would send the operator's name.
        return self.uri.replace("\\", "/").startswith("//")


def imagery_entries(store: LotStore) -> tuple[ImageryEntry, ...]:
    """The images of a lot in the order of the table; empty where it has none."""
    try:
        table = store.layer(IMAGERY.name, IMAGERY.name)
    except LotError:
        return ()
    return tuple(entry for entry in map(_entry, _rows(table)) if entry is not None)


def lot_folder(store: LotStore) -> Path | None:
    """Where relative paths of a lot begin; None for a lot in a database."""
    path = Path(store.label)
    return path.parent if path.is_file() else None


def entries_of(entries: Iterable[ImageryEntry], role: ImageryRole) -> tuple[ImageryEntry, ...]:
    """Those of a role."""
    return tuple(entry for entry in entries if entry.role is role)


def make_image(entry: ImageryEntry, folder: Path | None, name: str) -> QgsRasterLayer:
    """A layer on an image, in the look of its role, not yet in a project.

    Args:
        entry: which.
        folder: where relative paths begin.
        name: of the layer.

    Raises:
        ImageSourceRefusedError: neither a file, an address in http nor a map service.
        ImageUnreadableError: it does not open.
    """
    if entry.provider not in PROVIDERS:
        raise ImageSourceRefusedError(name=name, source=entry.provider)
    if entry.provider == "gdal" and not _is_plain(entry.uri):
        raise ImageSourceRefusedError(name=name, source=entry.uri[:60])
    source = image_source(entry, folder)
    if entry.provider == "gdal" and not entry.is_remote and names_other_places(Path(source)):
        raise ImageSourceRefusedError(name=name, source=entry.uri[:60])
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False
    layer = QgsRasterLayer(source, name, entry.provider, options)
    if not layer.isValid():
        raise ImageUnreadableError(name=name, source=_without_secrets(entry.provider, source))
    dress(layer, entry)
    return layer


def image_source(entry: ImageryEntry, folder: Path | None) -> str:
    """The source as QGIS takes it: a relative path begins at the lot's folder."""
    if entry.provider != "gdal":
        return entry.uri
    if entry.uri.startswith(("http://", "https://")):
        return f"/vsicurl/{entry.uri}"
    if folder is not None and not entry.is_remote and not Path(entry.uri).is_absolute():
        return str(folder / entry.uri)
    return entry.uri


def _is_plain(uri: str) -> bool:
    """Whether a GDAL source is a path or an address in http: not a driver's text, which may hold anything.

    What follows a bar are options of the driver, among them SQL to run at opening.
    """
    if "|" in uri or "authcfg" in uri.lower():
        return False
    address = uri.removeprefix("/vsicurl/")
    if address.startswith(("http://", "https://")):
        return True
    # A drive letter is the only colon of a path.
    return bool(uri) and not uri.startswith(("<", "/vsi")) and ":" not in uri[2:]


def _entry(row: dict[str, object]) -> ImageryEntry | None:
    try:
        role = ImageryRole(str(row.get("role") or ""))
    except ValueError:
        return None  # a role of a later version
    bands = [part.strip() for part in str(row.get("bands") or "").split(",")]
    return ImageryEntry(
        role,
        str(row.get("uri") or ""),
        str(row.get("provider") or "gdal"),
        str(row.get("title") or ""),
        str(row.get("millesime") or ""),
        tuple(int(part) for part in bands if part.isdigit()),
    )


def _rows(table: QgsVectorLayer) -> list[dict[str, object]]:
    names = [field.name() for field in table.fields()]
    return [
        {name: None if feature[name] == NULL else feature[name] for name in names}
        for feature in table.getFeatures()
    ]


def dress(layer: QgsRasterLayer, entry: ImageryEntry) -> None:
    """Give an image the look of its role."""
    if entry.role is ImageryRole.PREDICTION:
        style_prediction(layer)
    elif entry.provider != "gdal":
        return
    elif entry.role is ImageryRole.HEIGHT:
        band = entry.bands[0] if entry.bands else 1
        layer.setRenderer(QgsHillshadeRenderer(layer.dataProvider(), band, SUN_AZIMUTH_DEG, SUN_HEIGHT_DEG))
    else:
        _colour(layer, entry)


def _colour(layer: QgsRasterLayer, entry: ImageryEntry) -> None:
    bands = entry.bands
    if not bands and entry.role is ImageryRole.INFRARED and layer.bandCount() >= max(INFRARED_BANDS):
        bands = INFRARED_BANDS
    if len(bands) < 3 and layer.bandCount() >= 3:
        bands = (1, 2, 3)
    if len(bands) < 3 or layer.bandCount() < max(bands):
        layer.setDefaultContrastEnhancement()
        return
    layer.setRenderer(QgsMultiBandColorRenderer(layer.dataProvider(), *bands[:3]))
    if layer.dataProvider().dataType(bands[0]) == 1:  # Byte: as it is, the same for both dates
        layer.setContrastEnhancement(QgsContrastEnhancement.ContrastEnhancementAlgorithm.NoEnhancement)
    else:
        layer.setDefaultContrastEnhancement()


def _without_secrets(provider: str, source: str) -> str:
    """A source that may be shown: without user, password or authentication."""
    parts = QgsProviderRegistry.instance().decodeUri(provider, source)
    return str(parts.get("url") or parts.get("path") or source)
