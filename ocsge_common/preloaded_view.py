# SPDX-License-Identifier: GPL-2.0-or-later
"""The view that comes next, rendered while this one is looked at, shown at once when it comes.

The canvas renders the view again all the same; what was prepared covers it until then.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from qgis.core import QgsMapRendererParallelJob, QgsMapSettings, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, QTimer
from qgis.PyQt.QtGui import QImage, QPainter
from qgis.PyQt.QtWidgets import QStyleOptionGraphicsItem, QWidget

from .slots import guarded

Z_VIEW = -5
"""Between the map (-10) and everything drawn on it."""
REST_MS = 300
"""Quiet time on the canvas before the next view is rendered, ms: what is in front comes first."""


@dataclass(frozen=True)
class View:
    """A rendered view.

    Attributes:
        key: what it shows.
        settings: with which it was rendered.
        image: the picture.
    """

    key: Hashable
    settings: QgsMapSettings
    image: QImage

    def fits(self, key: Hashable, settings: QgsMapSettings) -> bool:
        """Whether this is what the canvas is about to show."""
        ours = self.settings
        return (
            key == self.key
            and ours.outputSize() == settings.outputSize()
            and ours.devicePixelRatio() == settings.devicePixelRatio()
            and ours.destinationCrs() == settings.destinationCrs()
            and ours.rotation() == settings.rotation()
            and [layer.id() for layer in ours.layers()] == [layer.id() for layer in settings.layers()]
            and _is_close(ours, settings)
        )


class PreloadedView(QgsMapCanvasItem):
    """Renders the next view ahead and shows it when it comes.

    Args:
        canvas: the map.
        coming: what will probably be shown next, by a key, and its extent in the canvas's CRS; None for
            nothing. Asked once the canvas rests.
    """

    def __init__(
        self, canvas: QgsMapCanvas, coming: Callable[[], tuple[Hashable, QgsRectangle] | None]
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._coming = canvas, coming
        self._job: QgsMapRendererParallelJob | None = None
        self._ended: QgsMapRendererParallelJob | None = None
        self._view: View | None = None
        self._wanted: Hashable = None
        self._shown: QImage | None = None
        self._expected = canvas.mapSettings().visibleExtent()
        self._rest = QTimer()
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._render_next)
        self.setZValue(Z_VIEW)
        canvas.mapCanvasRefreshed.connect(self._on_refreshed)
        self._is_connected = True

    @property
    def prepared(self) -> Hashable:
        """Key of the view that is there, None for none."""
        return None if self._view is None else self._view.key

    @property
    def is_shown(self) -> bool:
        """Whether the prepared view covers the map now."""
        return self._shown is not None

    def take(self, key: Hashable) -> None:
        """The canvas has been told to show this: show it at once where it is prepared."""
        self._stop()
        self._shown = None
        if self._view is not None and self._view.fits(key, self._canvas.mapSettings()):
            self._shown = self._view.image
            self._expected = self._canvas.mapSettings().visibleExtent()
        self.update()

    def forget(self, changed: QgsRectangle | None = None) -> None:
        """What is prepared has changed, everywhere or in a part of the map."""
        if changed is None or (self._view is not None and self._view.settings.extent().intersects(changed)):
            self._stop()
            self._view = None

    def remove(self) -> None:
        """Take the view off the canvas for good; safe to call again."""
        if not self._is_connected:
            return
        self._is_connected = False
        self._canvas.mapCanvasRefreshed.disconnect(self._on_refreshed)
        self._stop()
        # Now, not when Python comes to it: QGIS may have ended by then.
        self._view = self._ended = None
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
        coming = self._coming() if self._job is None and self._is_connected else None
        if coming is None:
            return
        key, extent = coming
        settings = QgsMapSettings(self._canvas.mapSettings())
        settings.setExtent(extent)
        if self._view is not None and self._view.fits(key, settings):
            return
        job = QgsMapRendererParallelJob(settings)
        job.finished.connect(self._on_rendered)
        self._job, self._wanted = job, key
        job.start()

    @guarded
    def _on_rendered(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            self._view = View(self._wanted, job.mapSettings(), job.renderedImage())
            # It is still telling of its end: it may go with the next one.
            self._ended = job


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
