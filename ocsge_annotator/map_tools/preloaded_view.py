# SPDX-License-Identifier: GPL-2.0-or-later
"""The view on the next patch, rendered while the annotator works on this one."""

from __future__ import annotations

from qgis.core import QgsRectangle
from qgis.gui import QgsMapCanvas

from ocsge_annotator.adapters.image import window_of_patch
from ocsge_annotator.adapters.machine_segments import coming_patches
from ocsge_annotator.adapters.patch_place import PatchPlace
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_common.preloaded_view import PreloadedView as CommonView
from ocsge_common.slots import guarded


class PreloadedView(CommonView):
    """Renders the view on the next patch ahead and shows it when it is taken.

    Args:
        canvas: the map.
        session: the work.
    """

    def __init__(self, canvas: QgsMapCanvas, session: AnnotationSession) -> None:
        super().__init__(canvas, self._next_patch)
        self._session = session
        session.patch_changed.connect(self._on_patch)

    @property
    def is_ready(self) -> bool:
        """Whether the view on the next patch is there."""
        coming = coming_patches(self._session)
        return len(coming) > 1 and coming[1].patch_id == self.prepared

    def remove(self) -> None:
        """Take the view off the canvas for good; safe to call again."""
        if self._is_connected:
            self._session.patch_changed.disconnect(self._on_patch)
        super().remove()

    @guarded
    def _on_patch(self) -> None:
        patch = self._session.patch
        self.take(None if patch is None else patch.patch_id)

    def _next_patch(self) -> tuple[str, QgsRectangle] | None:
        coming = coming_patches(self._session)
        if len(coming) < 2:
            return None
        session, patch = self._session, coming[1]
        window = window_of_patch(session.image, session.campaign, patch)
        place = PatchPlace(session.image, window, self._canvas.mapSettings().destinationCrs())
        return patch.patch_id, place.extent(session.settings.context_percent / 100)
