# SPDX-License-Identifier: GPL-2.0-or-later
"""Opening and closing a lot: file, layers, journal and review, in the order that keeps work safe."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QLockFile

from inference_backend.contracts.lot import LotKey
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from ocsge_pi_review.adapters.coverage_layer import CoverageLayer
from ocsge_pi_review.adapters.journalled_layer import JournalledLayer
from ocsge_pi_review.adapters.lot_file import IdSeries, LotFile
from ocsge_pi_review.adapters.lot_layers import ItemOverlay, LotLayers, load_layers
from ocsge_pi_review.adapters.lot_lock import lock_lot
from ocsge_pi_review.adapters.replay import replay_pending
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.adapters.zones import ZoneConstruite
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.domain.queue import ReviewQueue


@dataclass
class OpenLot:
    """Everything that belongs to one lot under review.

    Attributes:
        replayed: journal rows that the last session had not brought to disk.
    """

    path: Path
    name: str
    file: LotFile
    layers: LotLayers
    journal: JournalledLayer
    review: Review
    overlay: ItemOverlay
    profile: Profile
    replayed: int
    lock: QLockFile

    def close(self, project: QgsProject) -> bool:
        """Save, remove the layers, and leave one plain file; False if other programs still read it.

        Raises:
            SaveError: the layer could not be written; the journal has everything and nothing is closed.
        """
        self.journal.save()
        return self.abandon(project)

    def abandon(self, project: QgsProject) -> bool:
        """The same without saving: the journal brings back what the layer lacks at the next opening."""
        self.journal.detach()
        if self.layers.occupation.isEditable():
            self.layers.occupation.rollBack()
        self.layers.remove(project)
        return self.release()

    def release(self) -> bool:
        """Leave the layers, which are going anyway, and close the file."""
        self.journal.detach()
        try:
            return self.file.close()
        finally:
            self.lock.unlock()


def open_lot(path: Path, operator: str, describe: Callable[[Gesture], str], project: QgsProject) -> OpenLot:
    """Open a lot; what a crash left undone is applied first.

    Raises:
        LotError: not a lot, it cannot be written, or it is open elsewhere.
        ProfileError: the lot's profile is not installed.
    """
    with ExitStack() as on_failure:
        lock = lock_lot(path)
        on_failure.callback(lock.unlock)
        replayed = replay_pending(path)
        file = LotFile(path)
        on_failure.callback(file.close)
        profile = Profile.load(file.metadata.get(LotKey.PROFILE.value) or DEFAULT_PROFILE)
        # Before QGIS opens the layers: it locks nothing on a file in this mode, and sees our writes.
        file.share()
        name = file.metadata.get(LotKey.NAME.value) or path.stem
        layers = load_layers(path, name, profile.nomenclature, project)
        on_failure.callback(layers.remove, project)
        coverage = CoverageLayer(layers.occupation)
        journal = JournalledLayer(file, coverage, operator, describe)
        queue = ReviewQueue(file.items())
        zone, new_id = ZoneConstruite(layers.zone), IdSeries(file.highest_id())
        review = Review(queue, coverage, journal, profile, zone, new_id)
        overlay = ItemOverlay(layers.items, queue, coverage)
        on_failure.pop_all()
    review.item_changed.connect(overlay.refresh)
    review.polygons_changed.connect(overlay.refresh_polygons)
    return OpenLot(path, name, file, layers, journal, review, overlay, profile, replayed, lock)
