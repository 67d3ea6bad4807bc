# SPDX-License-Identifier: GPL-2.0-or-later
"""What the machine needs of a patch, read in the background, kept for the few around the one in hand."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.campaign import SourceRole
from ocsge_annotator.adapters.image import Image, window_of_patch
from ocsge_annotator.adapters.patch_pixels import MoreBands, read_pixels
from ocsge_annotator.adapters.segment_store import read_segments, segment_file, write_segments
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.domain.segments import Segments, SegmentStack
from ocsge_common.backend.live_arrays import LiveObject
from ocsge_common.slots import guarded
from ocsge_common.tasks import BaseTask, TaskProgress, start_task
from ocsge_common.translation import tr

LOOKED_AT = (SourceRole.INFRARED, SourceRole.HEIGHT, SourceRole.OTHER_DATE)
"""Sources that segments and learner see besides the image."""
KEPT = 6
"""Patches whose pixels stay in memory: about 1.5 MB each at 512 px and five bands."""


@dataclass
class Material:
    """A patch as the machine sees it.

    Attributes:
        patch: its row.
        window: its pixels in the image.
        pixels: all bands, as they are sent.
        segments: None until they are there.
    """

    patch: Patch
    window: PixelWindow
    pixels: LiveObject
    segments: Segments | None = None


class ReadTask(BaseTask):
    """Reads a patch's bands, and its segments where they are kept; its result is a `Material`.

    Args:
        campaign: of the patch.
        image: of the campaign.
        patch: to read.
    """

    def __init__(self, campaign: Campaign, image: Image, patch: Patch) -> None:
        super().__init__(tr("Reading patch {}").format(patch.patch_id))
        self._campaign, self._image, self.patch = campaign, image, patch

    def work(self, progress: TaskProgress) -> Material:
        """Called in a thread."""
        window = window_of_patch(self._image, self._campaign, self.patch)
        pixels = read_pixels(self._image, window, _more_bands(self._campaign))
        material = Material(self.patch, window, pixels)
        stack = read_segments(segment_file(self._campaign, self.patch), pixels.key, window)
        if stack is not None:
            material.segments = _prepared(stack)
        return material


class KeepTask(BaseTask):
    """Puts new segments in order and keeps them with the campaign; its result is the `Segments`.

    Args:
        campaign: of the patch.
        image: of the campaign.
        material: whose segments they are.
        stack: (S, H, W) uint16.
    """

    def __init__(self, campaign: Campaign, image: Image, material: Material, stack: SegmentStack) -> None:
        super().__init__(tr("Keeping the segments of {}").format(material.patch.patch_id))
        self._image, self._material, self._stack = image, material, stack
        self._path = segment_file(campaign, material.patch)

    def work(self, progress: TaskProgress) -> Segments:
        """Called in a thread."""
        material = self._material
        write_segments(self._path, self._stack, material.pixels.key, self._image, material.window)
        return _prepared(self._stack)


def _more_bands(campaign: Campaign) -> list[MoreBands]:
    """The campaign's further rasters that are there."""
    rasters = [
        MoreBands(Path(campaign.place_of(source)), source.role)
        for source in campaign.sources_of(*LOOKED_AT)
        if source.provider == "gdal"
    ]
    return [raster for raster in rasters if raster.path.exists()]


def bands_of(campaign: Campaign) -> str:
    """What tells the bands of one campaign's patches from those of another, or of an earlier day."""
    return "|".join(f"{raster.role.value}:{raster.path.name}" for raster in _more_bands(campaign))


def _prepared(stack: SegmentStack) -> Segments:
    segments = Segments(stack)
    segments.prepare()
    return segments


class Materials(QObject):
    """The patches that were read, by name.

    Signals:
        ready(object): a `Material` that was asked for.
        failed(object): the error of one that cannot be read.

    Args:
        parent: owner.
    """

    ready = pyqtSignal(object)
    failed = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[str, Material] = OrderedDict()
        self._reading: dict[str, ReadTask] = {}

    def find(self, patch_id: str) -> Material | None:
        """A patch that was read and is still there."""
        if patch_id in self._kept:
            self._kept.move_to_end(patch_id)
        return self._kept.get(patch_id)

    def ask(self, campaign: Campaign, image: Image, patch: Patch) -> None:
        """Read a patch unless it is there or being read; `ready` follows where it is read."""
        if patch.patch_id in self._kept or patch.patch_id in self._reading:
            return
        task = ReadTask(campaign, image, patch)
        self._reading[patch.patch_id] = task
        task.succeeded.connect(lambda material: self._on_read(task, material))
        task.failed.connect(lambda error: self._on_failed(task, error))
        start_task(task)

    def forget(self) -> None:
        """Another campaign: what is being read is not waited for."""
        self._kept.clear()
        self._reading.clear()

    @guarded
    def _on_read(self, task: ReadTask, material: Material) -> None:
        name = task.patch.patch_id
        if self._reading.get(name) is not task:
            return  # of a campaign that was closed meanwhile
        del self._reading[name]
        self._kept[name] = material
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.ready.emit(material)

    @guarded
    def _on_failed(self, task: ReadTask, error: BaseException) -> None:
        if self._reading.get(task.patch.patch_id) is task:
            del self._reading[task.patch.patch_id]
            self.failed.emit(error)
