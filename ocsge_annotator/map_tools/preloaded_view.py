# SPDX-License-Identifier: GPL-2.0-or-later
"""The view on the next patch, rendered while the annotator works on this one, shown at once when it comes.

The canvas renders the view again all the same; what was prepared covers it until then.
"""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsMapRendererParallelJob, QgsMapSettings
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, QTimer
from qgis.PyQt.QtGui import QImage, QPainter
from qgis.PyQt.QtWidgets import QStyleOptionGraphicsItem, QWidget

from ocsge_annotator.adapters.image import window_of_patch
from ocsge_annotator.adapters.machine_segments import coming_patches
from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.campaign import Patch
from ocsge_common.slots import guarded

Z_VIEW = -5
"""Between the map (-10) and everything drawn on it."""
REST_MS = 300
"""Quiet time on the canvas before the next view is rendered, ms: the patch in hand comes first."""


@dataclass(frozen=True)
class View:
    """A rendered view.

    Attributes:
        patch_id: which patch it shows.
        settings: with which it was rendered.
        image: the picture.
    """

    patch_id: str
    settings: QgsMapSettings
    image: QImage

    def fits(self, patch: Patch, settings: QgsMapSettings) -> bool:
        """Whether this is what the canvas is about to show."""
        ours = self.settings
        return (
            patch.patch_id == self.patch_id
            and ours.outputSize() == settings.outputSize()
            and ours.devicePixelRatio() == settings.devicePixelRatio()
            and ours.destinationCrs() == settings.destinationCrs()
            and ours.rotation() == settings.rotation()
            and [layer.id() for layer in ours.layers()] == [layer.id() for layer in settings.layers()]
            and _is_close(ours, settings)
        )


class PreloadedView(QgsMapCanvasItem):
    """Renders the next view ahead and shows it when its patch is taken.

    Args:
        canvas: the map.
        session: the work.
    """

    def __init__(self, canvas: QgsMapCanvas, session: AnnotationSession) -> None:
        super().__init__(canvas)
        self._canvas, self._session = canvas, session
        self._job: QgsMapRendererParallelJob | None = None
        self._view: View | None = None
        self._wanted = ""
        self._shown: QImage | None = None
        self._expected = canvas.mapSettings().visibleExtent()
        self._rest = QTimer()
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._render_next)
        self.setZValue(Z_VIEW)
        self._connections = [
            (session.patch_changed, self._on_patch),
            (canvas.mapCanvasRefreshed, self._on_refreshed),
        ]
        for signal, slot in self._connections:
            signal.connect(slot)

    @property
    def is_ready(self) -> bool:
        """Whether the view on the next patch is there."""
        coming = coming_patches(self._session)
        return self._view is not None and len(coming) > 1 and coming[1].patch_id == self._view.patch_id

    @property
    def is_shown(self) -> bool:
        """Whether the prepared view covers the map now."""
        return self._shown is not None

    def remove(self) -> None:
        """Take the view off the canvas for good."""
        for signal, slot in self._connections:
            signal.disconnect(slot)
        self._connections = []
        self._stop()
        self._canvas.scene().removeItem(self)

    def boundingRect(self) -> QRectF:
        """The whole canvas."""
        return QRectF(0, 0, self._canvas.width(), self._canvas.height())

    def updatePosition(self) -> None:
        """The map moved: what is shown is not there any more."""
        self.prepareGeometryChange()
        if self._shown is not None and not self._is_expected():
            self._hide()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem | None = None, widget: QWidget | None = None
    ) -> None:
        """Draw; called by Qt."""
        if self._shown is not None:
            painter.drawImage(QPointF(0, 0), self._shown)

    @guarded
    def _on_patch(self) -> None:
        """The canvas has been told to show another patch: show it at once where it is prepared."""
        self._stop()
        patch = self._session.patch
        self._shown = None
        if patch is None or self._view is None:
            return
        if self._view.fits(patch, self._canvas.mapSettings()):
            self._shown = self._view.image
            self._expected = self._canvas.mapSettings().visibleExtent()
        self.update()

    @guarded
    def _on_refreshed(self) -> None:
        """The map itself is there; later, when all is quiet, the next one is prepared."""
        self._hide()
        self._rest.start()

    def _is_expected(self) -> bool:
        return self._canvas.mapSettings().visibleExtent() == self._expected

    def _hide(self) -> None:
        if self._shown is not None:
            self._shown = None
            self.update()

    def _stop(self) -> None:
        self._rest.stop()
        job, self._job = self._job, None
        if job is not None:
            job.finished.disconnect(self._on_rendered)
            job.cancelWithoutBlocking()

    @guarded
    def _render_next(self) -> None:
        coming = coming_patches(self._session)
        if len(coming) < 2 or self._job is not None or self.is_ready:
            return
        session, patch = self._session, coming[1]
        window = window_of_patch(session.image, session.campaign, patch)
        settings = QgsMapSettings(self._canvas.mapSettings())
        place = PatchPlace(session.image, window, settings.destinationCrs())
        settings.setExtent(place.extent(session.settings.context_percent / 100))
        job = QgsMapRendererParallelJob(settings)
        job.finished.connect(self._on_rendered)
        self._job, self._wanted = job, patch.patch_id
        job.start()

    @guarded
    def _on_rendered(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            self._view = View(self._wanted, job.mapSettings(), job.renderedImage())


def _is_close(first: QgsMapSettings, second: QgsMapSettings) -> bool:
    """Whether two views show the same place, to a tenth of a pixel."""
    a, b = first.visibleExtent(), second.visibleExtent()
    pairs = (
        (a.xMinimum(), b.xMinimum()),
        (a.yMinimum(), b.yMinimum()),
        (a.xMaximum(), b.xMaximum()),
        (a.yMaximum(), b.yMaximum()),
    )
    return max(abs(one - other) for one, other in pairs) < 0.1 * second.mapUnitsPerPixel()
