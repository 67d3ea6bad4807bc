# SPDX-License-Identifier: GPL-2.0-or-later
"""Every reference object of a lot, read and normalised once, for steps that work block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.grid import Grid
from inference_backend.postprocess.blockwise import I64
from inference_backend.postprocess.references.burn_items import CoverItems, UseItems
from inference_backend.postprocess.references.burn_rules import BurnRules, burn_rules
from inference_backend.postprocess.references.ragged import OBJECTS, Outlines, in_pixels
from inference_backend.postprocess.references.reference_items import reference_items
from inference_backend.postprocess.references.reference_layers import Notice, References
from inference_backend.postprocess.references.references import read_references
from inference_backend.postprocess.types import I32, SourceObject

Bounds = tuple[float, float, float, float]
_TOUCH_PX = 1e-3
"""One object too many does no harm; one that rounding leaves out would."""


@dataclass(frozen=True)
class ReferenceSet:
    """References of a lot or of a part of it; numbers are those of the lot in both.

    Attributes:
        grid: the whole raster.
        rules: what the profile says about references.
        cover: objects that may impose a cover.
        use: areas that say a use.
        count: number of cover objects of the whole lot; numbers are below it.
        notices: what the reader of the result must know.
    """

    grid: Grid
    rules: BurnRules
    cover: CoverItems
    use: UseItems
    count: int
    notices: tuple[Notice, ...] = ()

    @classmethod
    def read(cls, paths: Sequence[Path], grid: Grid, profile: Profile, millesime: str = "") -> ReferenceSet:
        """Read every layer that the profile knows out of files and folders.

        Args:
            paths: files, or folders that are searched with their sub-folders; may be empty.
            grid: the whole raster of the lot.
            profile: names layers and attributes, and says what each object may do.
            millesime: year of the image; what is of other years must agree with the prediction.

        Raises:
            VectorError: a path that does not exist, cannot be read or has no CRS; a grid without CRS.
        """
        return cls.of(read_references(paths, grid, profile, millesime), grid, profile, millesime)

    @classmethod
    def of(cls, layers: References, grid: Grid, profile: Profile, millesime: str = "") -> ReferenceSet:
        """The same from layers that were read."""
        rules = burn_rules(profile, grid)
        cover, use = reference_items(layers, grid, profile, rules, millesime)
        return cls(grid, rules, cover, use, len(cover), layers.notices)

    @property
    def reach_px(self) -> int:
        """How far `burn` looks beyond a pixel into the prediction, px."""
        return 2 * int(self.rules.covers.fringe_px.max(initial=0))

    @property
    def lending_m(self) -> float:
        """How far an object has a say beyond its own outline, m."""
        cell_m = self.rules.grounds_px * self.grid.pixel_m
        return float(self.rules.grounds_reach_m.max(initial=0.0)) + 2 * cell_m

    def window(self, bounds: Bounds) -> ReferenceSet:
        """The objects that have a say inside `bounds`, with their numbers.

        Args:
            bounds: (xmin, ymin, xmax, ymax) in the CRS of the lot.
        """
        margin = self.reach_px * self.grid.pixel_m
        cover = _meeting(self.cover.outlines, _grown(bounds, margin + self.lending_m))
        use = _meeting(self.use.outlines, _grown(bounds, margin))
        return replace(self, cover=self.cover.take(cover), use=self.use.take(use), notices=())

    def source_objects(self, numbers: Sequence[int] | NDArray[Any]) -> list[SourceObject]:
        """Where the objects of `numbers` come from.

        Raises:
            KeyError: a number that is not in this set.
        """
        wanted = np.asarray(numbers, np.int64)
        position = np.searchsorted(self.cover.number, wanted)
        found = position < len(self.cover)
        if not found.all() or not (self.cover.number[position] == wanted).all():
            raise KeyError(sorted(set(wanted.tolist()) - set(self.cover.number.tolist())))
        return self.cover.origin.take(position).source_objects()

    def edges(self, bounds: Bounds) -> tuple[I32, OBJECTS]:
        """Objects whose outline meets `bounds`: their numbers and polygons, by ascending number.

        What the gates refused has no say: ask this of `Survey.imposed(references)`.
        """
        found = self.cover.take(_meeting(self.cover.outlines, bounds))
        return found.number, found.geometry

    def spooled(self, folder: Path) -> ReferenceSet:
        """The same with what grows with the lot in files of `folder`; `window` reads its part of them."""
        cover = replace(
            self.cover,
            outlines=self.cover.outlines.spooled(folder / "cover_points.npy"),
            origin=self.cover.origin.spooled(folder / "cover_origins.npy"),
        )
        use = replace(self.use, outlines=self.use.outlines.spooled(folder / "use_points.npy"))
        return replace(self, cover=cover, use=use)


def _meeting(outlines: Outlines, bounds: Bounds) -> I64:
    """Positions of the polygons whose box meets `bounds` or touches it, ascending."""
    corners = np.array([[bounds[0], bounds[3]], [bounds[2], bounds[1]]])
    (left, right), (top, bottom) = in_pixels(corners, outlines.grid)
    box = outlines.box
    meets = (box[:, 0] <= right + _TOUCH_PX) & (box[:, 2] >= left - _TOUCH_PX)
    meets &= (box[:, 1] <= bottom + _TOUCH_PX) & (box[:, 3] >= top - _TOUCH_PX)
    return np.flatnonzero(meets)


def _grown(bounds: Bounds, margin: float) -> Bounds:
    return bounds[0] - margin, bounds[1] - margin, bounds[2] + margin, bounds[3] + margin
