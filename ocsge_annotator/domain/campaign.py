# SPDX-License-Identifier: GPL-2.0-or-later
"""A campaign in memory: its patches, their order and their states."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference_backend.contracts.campaign import SECOND_FOLDER, PatchState, SourceRole
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
    split: str = ""
    lot: str = ""
    twice: int = 0
    uncertainty: float | None = None
    image_fingerprint: str = ""
    controller: str = ""
    controlled_at: str = ""
    base_labels: str = ""

    @property
    def is_open(self) -> bool:
        """Whether its annotator still has to work on it."""
        return self.state in OPEN_STATES


@dataclass(frozen=True)
class Source:
    """Something to look at or to learn from besides the image; one row of the table `source`.

    Attributes:
        role: what it shows.
        title: for people.
        uri: path relative to the GeoPackage, or the URI of a QGIS provider.
        provider: `gdal`, `ogr` (both: files, so that `uri` is a path) or `wms`.
        options: bands, stretch, no data, attribute of the class.
    """

    role: SourceRole
    title: str
    uri: str
    provider: str = "gdal"
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_file(self) -> bool:
        """Whether `uri` names a file."""
        return self.provider in ("gdal", "ogr")


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
        sources: what is shown or learnt from besides the image.
        campaign_id: the same in every lot of a campaign; empty where it was never given.
        lot: name of the lot that this file is, empty for a whole campaign.
    """

    path: Path
    name: str
    image: Path
    profile: str
    patch_size_px: int
    classes: tuple[LabelClass, ...]
    patches: tuple[Patch, ...]
    crs_wkt: str
    sources: tuple[Source, ...] = ()
    campaign_id: str = ""
    lot: str = ""

    def label_file(self, patch: Patch) -> Path:
        """The patch's label raster."""
        return self.path.parent / patch.label_path

    def journal_file(self, patch: Patch) -> Path:
        """The patch's journal, beside its label raster."""
        return self.label_file(patch).with_suffix(".journal")

    def second_label_file(self, patch: Patch) -> Path:
        """Labels of the second annotator of a patch that is labelled twice."""
        return self.path.parent / SECOND_FOLDER / f"{patch.patch_id}.tif"

    def sources_of(self, *roles: SourceRole) -> tuple[Source, ...]:
        """The sources of some roles, in the order of the table."""
        return tuple(source for source in self.sources if source.role in roles)

    def place_of(self, source: Source) -> str:
        """Where a source is: an absolute path for a file, else the provider's URI.

        What follows a path after `|`, for instance `|layername=batiment`, stays.
        """
        if not source.is_file:
            return source.uri
        path, bar, layer = source.uri.partition("|")
        return os.path.normpath(self.path.parent / path) + bar + layer


def next_index(patches: Sequence[Patch], current: int, step: int = 1) -> int | None:
    """Index of the next (or, with -1, previous) patch, None at the end of the queue."""
    index = current + step
    return index if 0 <= index < len(patches) else None


def next_open_index(
    patches: Sequence[Patch], current: int, is_free: Callable[[Patch], bool] = lambda patch: True
) -> int | None:
    """Index of the next patch still to be done, starting over at the end; None where all others are done.

    Args:
        patches: the queue.
        current: index from which to look, itself left out; -1 looks at all of them.
        is_free: whether nobody else has a patch in hand; asked of those still to be done alone.
    """
    for distance in range(1, len(patches) + (current < 0)):
        index = (current + distance) % len(patches)
        if patches[index].is_open and is_free(patches[index]):
            return index
    return None


def count_done(patches: Sequence[Patch]) -> int:
    """Number of patches that their annotator has handed in."""
    return sum(not patch.is_open for patch in patches)
