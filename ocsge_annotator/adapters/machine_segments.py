# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments of the patch in hand, and, ahead of the annotator, of the next patches of the queue."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.live import DEFAULT_COUNTS
from ocsge_annotator.adapters.machine_material import KeepTask, Material, Materials
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.campaign import Patch
from ocsge_annotator.domain.segments import Segments
from ocsge_common.backend.live_client import LiveClient
from ocsge_common.backend.live_reply import LiveReply
from ocsge_common.slots import guarded
from ocsge_common.tasks import start_task

DEFAULT_SIDE_PX = 512
"""Side of the patch that `DEFAULT_COUNTS` is meant for, px."""
AHEAD = 3
"""Patches of the queue that are made ready beforehand."""


class SegmentDesk(QObject):
    """Brings segments into the session, from the campaign's folder or the backend.

    Signals:
        changed(): other segments, another scale, or none.
        failed(object): why there are none.

    Args:
        session: the work.
        materials: the patches as the machine sees them.
        live: client of the live service.
        parent: owner.
    """

    changed = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(
        self,
        session: AnnotationSession,
        materials: Materials,
        live: LiveClient,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._materials, self._live = session, materials, live
        self._scale: int | None = None
        self._asked: tuple[Material, LiveReply] | None = None
        self._refused = False
        self.segments: Segments | None = None
        materials.ready.connect(self._on_ready)

    # The patch in hand

    def take(self, material: Material | None) -> None:
        """Another patch is in hand; None while it is being read, or where there is none."""
        self._refused = False
        self._show(material.segments if material is not None else None)
        self._work()

    def stop(self) -> None:
        """Wait for nothing any more."""
        if self._asked is not None:
            self._asked[1].cancel()
            self._asked = None
        self._show(None)

    def step(self, steps: int) -> bool:
        """Coarser (positive) or finer segments; whether there are such."""
        if self.segments is None or not self.segments.use_scale(self.segments.scale + steps):
            return False
        self._scale = self.segments.scale
        self._show(self.segments)
        return True

    @property
    def is_waiting(self) -> bool:
        """Whether segments of the patch in hand are on their way."""
        return self._asked is not None and self._is_in_hand(self._asked[0])

    def _show(self, segments: Segments | None) -> None:
        self.segments = segments
        if segments is not None and self._scale is not None:
            segments.use_scale(self._scale)
        self._session.show_segments(segments.ids if segments is not None else None)
        self.changed.emit()

    # One request at a time, the patch in hand first

    def _work(self) -> None:
        wanted = self._next_without_segments()
        if wanted is None or self._refused:
            return
        if self._asked is not None:
            if self._asked[0] is wanted or not self._is_in_hand(wanted):
                return
            self._asked[1].cancel()
        reply = self._live.segments(wanted.pixels, _counts(wanted))
        self._asked = (wanted, reply)
        reply.done.connect(lambda stack: self._on_segments(reply, wanted, stack))
        reply.failed.connect(lambda error: self._on_refused(reply, error))
        self.changed.emit()

    def _next_without_segments(self) -> Material | None:
        """The first patch from the one in hand on that was read and has no segments; reads the next ones."""
        for patch in coming_patches(self._session):
            material = self._materials.find(patch.patch_id)
            if material is None:
                self._materials.ask(self._session.campaign, self._session.image, patch)
                return None
            if material.segments is None:
                return material
        return None

    def _is_known(self, material: Material) -> bool:
        """Whether a patch is of this campaign: another may have one of the same name."""
        return (
            self._session.campaign is not None and self._materials.find(material.patch.patch_id) is material
        )

    def _is_in_hand(self, material: Material) -> bool:
        patch = self._session.patch
        return patch is not None and patch.patch_id == material.patch.patch_id

    @guarded
    def _on_ready(self, material: Material) -> None:
        if self._is_in_hand(material) and self.segments is None and material.segments is not None:
            self._show(material.segments)
        self._work()

    @guarded
    def _on_segments(self, reply: LiveReply, material: Material, stack: object) -> None:
        if self._asked is None or self._asked[1] is not reply:
            return
        if not self._is_known(material):
            self._asked = None
            return
        task = KeepTask(self._session.campaign, self._session.image, material, stack)
        task.succeeded.connect(lambda segments: self._on_kept(material, segments))
        task.failed.connect(lambda error: self._on_not_kept(material, stack, error))
        start_task(task)

    @guarded
    def _on_kept(self, material: Material, segments: Segments) -> None:
        if self._asked is not None and self._asked[0] is material:
            self._asked = None
        material.segments = segments
        if self._is_known(material) and self._is_in_hand(material):
            self._show(segments)
        self._work()

    @guarded
    def _on_not_kept(self, material: Material, stack: object, error: BaseException) -> None:
        """A read-only folder: the segments serve all the same."""
        self.failed.emit(error)
        self._on_kept(material, Segments(stack))

    @guarded
    def _on_refused(self, reply: LiveReply, error: BaseException) -> None:
        if self._asked is None or self._asked[1] is not reply:
            return
        self._asked, self._refused = None, True
        self.failed.emit(error)
        self.changed.emit()


def _counts(material: Material) -> tuple[int, ...]:
    """Number of segments by scale, finest first: those of a patch of 512 px, in proportion to the area."""
    share = material.window.height * material.window.width / DEFAULT_SIDE_PX**2
    return tuple(max(1, round(count * share)) for count in DEFAULT_COUNTS)


def coming_patches(session: AnnotationSession) -> Sequence[Patch]:
    """The patch in hand and the next open ones of the queue."""
    if session.patch is None:
        return ()
    later = [patch for patch in session.patches[session.index + 1 :] if patch.is_open]
    return (session.patch, *later[:AHEAD])
