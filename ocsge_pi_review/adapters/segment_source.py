# SPDX-License-Identifier: GPL-2.0-or-later
"""Where segments come from: the prediction of a lot."""

from __future__ import annotations

import json
from collections.abc import Iterable

from osgeo import gdal
from qgis.core import QgsRectangle
from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.lot import ImageryRole
from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, decode_classes
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.adapters.imagery import entries_of, image_source, imagery_entries, lot_folder
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.adapters.segments import AROUND_PX, SegmentGrid, open_in, read_grid

MOST_PX = 2000
"""Side of what is read at once, px: a hover stays under a tenth of a second."""


class SegmentSource(QObject):
    """Gives a grid of segments for a box.

    Signals:
        changed(): other segments may be there now.
    """

    changed = pyqtSignal()
    step_count = 1
    """Numbers of sizes of segments."""

    def grid(self, box: QgsRectangle) -> SegmentGrid | None:
        """Segments of a box in the lot's CRS, None where there are none, or not yet."""
        raise NotImplementedError

    def step(self, steps: int) -> bool:
        """Coarser (positive) or finer segments; False where there is one size alone."""
        return False

    def stop(self) -> None:
        """Wait for nothing any more."""


class PredictionSource(SegmentSource):
    """Connected regions of one class of a prediction.

    Args:
        raster: in the lot's CRS.
        classes: what its values mean.
        profile: covers of the classes.
    """

    def __init__(
        self,
        raster: gdal.Dataset,
        classes: Iterable[PredictedClass],
        profile: Profile,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._raster: gdal.Dataset | None = raster
        self._profile = profile
        self._classes = {entry.index: entry for entry in classes}
        self._tolerance_px = profile.number("drawing", "segment_tolerance")
        self._last: tuple[QgsRectangle, SegmentGrid | None] | None = None

    def grid(self, box: QgsRectangle) -> SegmentGrid | None:
        """The classes of a box; one as large as can be read at once where it is larger."""
        if self._last is not None and self._last[0].contains(box):
            return self._last[1]
        if self._raster is None:
            return None
        pixel_m = abs(float(self._raster.GetGeoTransform()[1]))
        wanted = QgsRectangle(box).buffered(AROUND_PX * pixel_m)
        if max(wanted.width(), wanted.height()) > MOST_PX * pixel_m:
            side_m = MOST_PX * pixel_m
            wanted = QgsRectangle.fromCenterAndSize(wanted.center(), side_m, side_m)
        found = read_grid(self._raster, wanted)
        grid = None if found is None else SegmentGrid(*found, self._tolerance_px, self._cover_of)
        self._last = QgsRectangle(wanted), grid
        return grid

    def stop(self) -> None:
        """Close the raster: one still open when QGIS ends brings it down."""
        self._raster = self._last = None

    def _cover_of(self, value: int) -> str:
        entry = self._classes.get(value)
        return "" if entry is None else entry.code_cs or self._profile.cover_of_class(entry.name) or ""


def prediction_of(
    store: LotStore, profile: Profile, parent: QObject | None = None
) -> PredictionSource | None:
    """The prediction among a lot's images, None where none can be read."""
    folder = lot_folder(store)
    for entry in entries_of(imagery_entries(store), ImageryRole.PREDICTION):
        path = image_source(entry, folder)
        classes = _classes(path) if entry.provider == "gdal" else ()
        raster = open_in(path, store.crs.toWkt()) if classes else None
        if raster is not None:
            return PredictionSource(raster, classes, profile, parent)
    return None


def _classes(path: str) -> tuple[PredictedClass, ...]:
    """The class table of a raster; empty where it does not open or has none."""
    dataset = gdal.OpenEx(path, gdal.OF_RASTER)
    text = dataset.GetMetadataItem(TAG_CLASSES) if dataset is not None else None
    try:
        return decode_classes(text) if text else ()
    except (ValueError, json.JSONDecodeError):
        return ()
