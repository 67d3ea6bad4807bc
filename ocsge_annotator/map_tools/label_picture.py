# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels as pictures that share one piece of memory, renewed only where labels changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qgis.PyQt.QtGui import QColor, QImage

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.borders import border_mask
from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.pixels import Labels, Mask, PixelWindow

OPAQUE = 255


class LabelPicture:
    """Colours of the labels, and where there is none.

    Args:
        labels: (H, W) uint8, read at each refresh: not copied.
        classes: give the colours.
    """

    def __init__(self, labels: Labels, classes: Sequence[LabelClass]) -> None:
        self._labels = labels
        self._table = np.zeros(256, dtype=np.uint32)
        for entry in classes:
            self._table[entry.value] = QColor(*entry.rgb).rgba()
        self._pixels = np.zeros(labels.shape, dtype=np.uint32)
        self._holes = np.zeros(labels.shape, dtype=np.uint8)
        self._only_borders = False
        self._offered: Mask | None = None
        self.refresh()

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, px."""
        return self._labels.shape

    def show_outlines(self, only_borders: bool) -> None:
        """Colour the borders between classes alone, or every pixel."""
        self._only_borders = only_borders
        self.refresh()

    def show_offered(self, offered: Mask | None) -> None:
        """No hole where the machine offers a class: (H, W) bool, None where it offers nothing."""
        self._offered = offered
        self.refresh()

    def refresh(self, window: PixelWindow | None = None) -> None:
        """Renew the pictures where labels changed, everywhere for None."""
        window = window or PixelWindow(0, 0, *self._labels.shape)
        if self._only_borders:
            window = window.grown(1, self._labels.shape)
        labels = self._labels[window.slices]
        colours = self._table[labels]
        if self._only_borders:
            colours[~border_mask(self._labels, window)] = 0
        self._pixels[window.slices] = colours
        holes = labels == UNLABELLED
        if self._offered is not None:
            holes &= ~self._offered[window.slices]
        self._holes[window.slices] = np.where(holes, OPAQUE, 0)

    def colours(self) -> QImage:
        """Opaque colour of each labelled pixel; valid until the next refresh."""
        height, width = self.size
        memory = self._pixels.data
        return QImage(memory, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)

    def holes(self) -> QImage:
        """Opaque where there is no label; valid until the next refresh."""
        height, width = self.size
        return QImage(self._holes.data, width, height, width, QImage.Format.Format_Alpha8)
