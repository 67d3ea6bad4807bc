# SPDX-License-Identifier: GPL-2.0-or-later
"""Superpixels of what the map shows, from the backend's live service."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from qgis.core import (
    QgsCoordinateTransform,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QObject, QSize, pyqtSignal
from qgis.PyQt.QtGui import QColor, QImage

from inference_backend.contracts.live import BandRole
from inference_backend.contracts.profile import Profile
from ocsge_common.backend.live_arrays import live_patch
from ocsge_common.backend.live_client import LiveClient
from ocsge_common.backend.live_reply import LiveReply
from ocsge_common.slots import guarded
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.adapters.segment_source import SegmentSource
from ocsge_pi_review.adapters.segments import SegmentGrid

SIDE_PX = 1024
"""Longer side of what is sent, px."""
SMALLEST_PX = 40
"""Finer segments than this follow the noise of the pixels, px."""
SIZES = ("built_considered", "built", "inside_zone_construite", "outside_zone_construite")
"""Minimum areas of the profile that are the sizes of segments, after one as fine as the pixels allow."""
RGB = (BandRole.RED, BandRole.GREEN, BandRole.BLUE)
View = Callable[[], QgsMapSettings]


class LiveSegments(SegmentSource):
    """Asks for the segments of the view when a box lies in it, once for each view.

    Signals:
        failed(object): a `BackendError`: why there are none.

    Args:
        view: gives the map as it is shown.
        store: the lot.
        profile: minimum areas, which are the sizes of segments, and how smooth outlines are.
        client: of the live service; one of its own where None.
    """

    failed = pyqtSignal(object)

    def __init__(
        self,
        view: View,
        store: LotStore,
        profile: Profile,
        client: LiveClient | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._view, self._store = view, store
        self._tolerance_px = profile.number("drawing", "segment_tolerance")
        self._sizes_m2 = [profile.number("minimum_area", name) for name in SIZES]
        self._client = client or LiveClient(parent=self)
        self._asked = QgsRectangle()
        self._box = QgsRectangle()
        self._stack: np.ndarray | None = None
        self._job: QgsMapRendererParallelJob | None = None
        self._reply: LiveReply | None = None
        self.step_count = len(SIZES) + 1
        self.scale = self.step_count - 2

    @property
    def is_waiting(self) -> bool:
        """Whether segments are on their way."""
        return self._job is not None or self._reply is not None

    def grid(self, box: QgsRectangle) -> SegmentGrid | None:
        """Segments of the view, asked for where it has changed; None until they are there."""
        settings = self._of_lot()
        if settings is None:
            return None
        view = settings.visibleExtent()
        if view != self._asked:
            self._ask(settings)
        if self._stack is None or self._box != view:
            return None
        ids = self._stack[min(self.scale, len(self._stack) - 1)]
        pixel_m = self._box.width() / ids.shape[1]
        top = self._box.yMaximum()
        return SegmentGrid(ids, self._box.xMinimum(), top, pixel_m, self._tolerance_px, lambda value: "")

    def step(self, steps: int) -> bool:
        """Coarser or finer segments."""
        self.scale = min(max(self.scale + steps, 0), self.step_count - 1)
        self.changed.emit()
        return True

    def stop(self) -> None:
        """Wait for nothing any more, and let a backend started here end."""
        self._drop()
        self._client.stop()

    def _of_lot(self) -> QgsMapSettings | None:
        """The images of the view, in the lot's CRS and not larger than the service takes."""
        shown = self._view()
        images = [layer for layer in shown.layers() if isinstance(layer, QgsRasterLayer)]
        if not images or shown.visibleExtent().isEmpty():
            return None
        settings = QgsMapSettings()
        settings.setLayers(images)
        settings.setDestinationCrs(self._store.crs)
        settings.setTransformContext(shown.transformContext())
        settings.setBackgroundColor(QColor(0, 0, 0, 0))
        size = shown.outputSize()
        share = min(1.0, SIDE_PX / max(size.width(), size.height()))
        settings.setOutputSize(
            QSize(max(1, round(size.width() * share)), max(1, round(size.height() * share)))
        )
        settings.setExtent(_box_of_lot(shown, settings))
        return settings

    def _ask(self, settings: QgsMapSettings) -> None:
        self._drop()
        self._asked, self._stack = settings.visibleExtent(), None
        self._job = QgsMapRendererParallelJob(settings)
        self._job.finished.connect(self._on_rendered)
        self._job.start()

    @guarded
    def _on_rendered(self) -> None:
        job, self._job = self._job, None
        if job is None:
            return
        pixels = _pixels(job.renderedImage())
        job.deleteLater()
        patch = live_patch(pixels[:3], pixels[3] > 0, RGB)
        reply = self._reply = self._client.segments(patch, self._counts(pixels.shape[1] * pixels.shape[2]))
        reply.done.connect(lambda stack: self._on_stack(reply, stack))
        reply.failed.connect(lambda error: self._on_failed(reply, error))

    def _counts(self, pixels: int) -> list[int]:
        """How many segments each size has, falling; the larger ones are unions of the finest."""
        most = max(2 * self.step_count, pixels // SMALLEST_PX)
        view_m2 = self._asked.width() * self._asked.height()
        counts = [most]
        for size_m2 in self._sizes_m2:
            most = max(1, min(round(view_m2 / size_m2), most - 1))
            counts.append(most)
        return counts

    @guarded
    def _on_stack(self, reply: LiveReply, stack: np.ndarray) -> None:
        if reply is self._reply:
            self._reply, self._stack, self._box = None, stack, self._asked
            self.changed.emit()

    @guarded
    def _on_failed(self, reply: LiveReply, error: BaseException) -> None:
        if reply is self._reply:
            self._reply = None
            self.failed.emit(error)

    def _drop(self) -> None:
        """Forget what was asked."""
        job, self._job = self._job, None
        if job is not None:
            job.finished.disconnect(self._on_rendered)
            job.cancelWithoutBlocking()
            job.finished.connect(job.deleteLater)
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.cancel()
        self._asked = QgsRectangle()


def _box_of_lot(shown: QgsMapSettings, wanted: QgsMapSettings) -> QgsRectangle:
    """The extent shown, in the CRS of other settings."""
    way = QgsCoordinateTransform(shown.destinationCrs(), wanted.destinationCrs(), shown.transformContext())
    return way.transformBoundingBox(shown.visibleExtent())


def _pixels(image: QImage) -> np.ndarray:
    """(4, H, W) uint8: red, green, blue, opacity."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    rows = np.frombuffer(bits, np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)
    return np.ascontiguousarray(np.moveaxis(pixels, -1, 0))
