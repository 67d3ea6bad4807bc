# SPDX-License-Identifier: GPL-2.0-or-later
"""What the finished patches of a campaign teach the learner, kept in `cache/rows`, a file per patch."""

from __future__ import annotations

import io
import zipfile
from collections import deque
from pathlib import Path

import numpy as np
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ocsge_annotator.adapters.machine_material import Material, bands_of
from ocsge_annotator.adapters.segment_store import CACHE_FOLDER
from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.domain.campaign import Campaign
from ocsge_annotator.domain.pixels import Labels
from ocsge_annotator.errors import WriteError
from ocsge_common.backend.live_arrays import LiveObject, live_memory
from ocsge_common.backend.live_client import LiveClient
from ocsge_common.slots import guarded

ROW_FOLDER = "rows"
MOST_PATCHES = 20
"""Finished patches that are learnt from, the latest: each has some thousand rows."""
Rows = tuple[np.ndarray, np.ndarray]


class LearnerMemory(QObject):
    """Rows of finished patches, and the lesson made of them.

    Signals:
        taught(): another lesson, or none.

    Args:
        live: client of the live service.
        parent: owner.
    """

    taught = pyqtSignal()

    def __init__(self, live: LiveClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._folder: Path | None = None
        self._bands = ""
        self._rows: dict[str, Rows] = {}
        self._order: deque[str] = deque()
        self.lesson: LiveObject | None = None

    def open(self, campaign: Campaign | None) -> None:
        """Another campaign, or none: read what is kept of it."""
        self._rows.clear()
        self._order.clear()
        self._folder = None if campaign is None else campaign.path.parent / CACHE_FOLDER / ROW_FOLDER
        self._bands = "" if campaign is None else bands_of(campaign)
        if self._folder is not None and self._folder.is_dir():
            files = sorted(self._folder.glob("*.npz"), key=lambda path: path.stat().st_mtime_ns)
            for path in files[-MOST_PATCHES:]:
                rows = _read(path, self._bands)
                if rows is not None:
                    self._keep(path.stem, rows)
        self._summarise()

    def learn(self, material: Material, labels: Labels, scores: np.ndarray | None) -> None:
        """Ask what a finished patch teaches; it is kept when the answer comes."""
        reply = self._live.rows(material.pixels, labels, scores)
        folder = self._folder
        reply.done.connect(lambda rows: self._on_rows(folder, material.patch.patch_id, rows))

    @guarded
    def _on_rows(self, folder: Path | None, patch_id: str, rows: Rows) -> None:
        if folder is None or folder != self._folder:
            return
        self._keep(patch_id, rows)
        self._summarise()
        file = io.BytesIO()
        np.savez_compressed(file, rows=rows[0], values=rows[1], bands=np.array(self._bands))
        try:
            write_whole(folder / f"{patch_id}.npz", file.getvalue())
        except WriteError:
            return  # a read-only folder: the lesson serves till QGIS ends

    def _keep(self, patch_id: str, rows: Rows) -> None:
        if patch_id in self._rows:
            self._order.remove(patch_id)
        self._rows[patch_id] = rows
        self._order.append(patch_id)
        while len(self._order) > MOST_PATCHES:
            del self._rows[self._order.popleft()]

    def _summarise(self) -> None:
        """The lesson of the rows that fit the latest ones: another set of bands makes other rows."""
        latest = [self._rows[name] for name in self._order]
        fitting = [part for part in latest if len(part[0]) and part[0].shape[1] == latest[-1][0].shape[1]]
        self.lesson = live_memory(fitting) if fitting else None
        self.taught.emit()


def _read(path: Path, bands: str) -> Rows | None:
    """Rows of a file, None where it is none of ours, or of other bands."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return (file["rows"], file["values"]) if str(file["bands"]) == bands else None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
