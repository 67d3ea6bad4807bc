# SPDX-License-Identifier: GPL-2.0-or-later
"""A campaign in memory: its patches, their order and their states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.label_classes import LabelClass

OPEN_STATES = (PatchState.TODO, PatchState.IN_PROGRESS, PatchState.REJECTED)
"""States in which a patch waits for its annotator."""


@dataclass(frozen=True)
class Patch:
    """One row of the table `patch`; field meanings are those of the contract."""

    patch_id: str
    row: int
    col: int
    rank: int
    state: PatchState
    bounds: Bounds
    label_path: str
    annotator: str = ""
    started_at: str = ""
    submitted_at: str = ""
    duration_s: float = 0.0
    gestures: int = 0
    labelled_share: float = 0.0
    comment: str = ""

    @property
    def is_open(self) -> bool:
        """Whether its annotator still has to work on it."""
        return self.state in OPEN_STATES


@dataclass(frozen=True)
class Campaign:
    """A campaign as read from its GeoPackage.

    Attributes:
        path: the GeoPackage.
        name: for people.
        image: the image's path, absolute.
        profile: name of the profile that maps classes to cover codes.
        patch_size_px: height and width of a patch.
        classes: in the order of the table.
        patches: in the order of work.
        crs_wkt: CRS of the patches.
    """

    path: Path
    name: str
    image: Path
    profile: str
    patch_size_px: int
    classes: tuple[LabelClass, ...]
    patches: tuple[Patch, ...]
    crs_wkt: str

    def label_file(self, patch: Patch) -> Path:
        """The patch's label raster."""
        return self.path.parent / patch.label_path

    def journal_file(self, patch: Patch) -> Path:
        """The patch's journal, beside its label raster."""
        return self.label_file(patch).with_suffix(".journal")


def next_index(patches: Sequence[Patch], current: int, step: int = 1) -> int | None:
    """Index of the next (or, with -1, previous) patch, None at the end of the queue."""
    index = current + step
    return index if 0 <= index < len(patches) else None


def next_open_index(patches: Sequence[Patch], current: int) -> int | None:
    """Index of the next patch still to be done, starting over at the end; None where all others are done."""
    for distance in range(1, len(patches)):
        index = (current + distance) % len(patches)
        if patches[index].is_open:
            return index
    return None


def count_done(patches: Sequence[Patch]) -> int:
    """Number of patches that their annotator has handed in."""
    return sum(not patch.is_open for patch in patches)
