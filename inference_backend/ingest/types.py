# SPDX-License-Identifier: GPL-2.0-or-later
"""Values that travel between the steps of an import.

A *row* is a feature of the input. A *part* is one polygon of a row after its own shape was repaired, a
*piece* one polygon of the result; both know their row. Areas are in the CRS of the result.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Geometries = NDArray[np.object_]
Texts = NDArray[np.object_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Kind = Literal["ocsge", "change", "cosia", "mapped"]
NO_ROW = -1
"""Row of what belongs to no feature: an area that nothing covered, or that nothing covers any more."""


class Repair(StrEnum):
    """What was done to an area; every one of these stands in the report."""

    UNREADABLE = "unreadable"
    NOT_POLYGON = "not_polygon"
    INVALID = "invalid"
    EXCLUDED = "excluded"
    DUST = "dust"
    DUPLICATE = "duplicate"
    OVERLAP = "overlap"
    SLIVER = "sliver"
    GAP_FILLED = "gap_filled"
    GAP_LEFT = "gap_left"


@dataclass(frozen=True)
class SourceFile:
    """One file that was read.

    Attributes:
        path: the file.
        layer: its layer.
        kind: what it was taken for.
        rows: number of features.
        crs: name of its coordinate system.
        transformed: whether coordinates were transformed.
        columns: role to column name, for the roles that were found.
        dates: dates between which a change layer gives the choice, oldest first.
        date: the one that was taken.
    """

    path: Path
    layer: str
    kind: Kind
    rows: int
    crs: str
    transformed: bool
    columns: dict[str, str]
    dates: tuple[str, ...] = ()
    date: str = ""


@dataclass(frozen=True)
class Source:
    """All features of all files, in the order of the files.

    Attributes:
        files: what was read.
        crs: WKT or authority code of the coordinates.
        file: (n,) index into `files`.
        fid: (n,) identifier of the feature in its file.
        geometry: (n,) of any type, None where null; in `crs`.
        text: role (`cs`, `us`, `other_cs`, `other_us`, `id`, `millesime`, `source`, `ossature`,
            `id_origine`, `code_or`) to (n,) texts, None where null; a role that no file has is absent.
        is_partition: whether the layer should cover its extent.
    """

    files: tuple[SourceFile, ...]
    crs: str
    file: Ints
    fid: Ints
    geometry: Geometries
    text: dict[str, Texts]
    is_partition: bool

    def __len__(self) -> int:
        """Number of features."""
        return len(self.geometry)


@dataclass
class Parts:
    """Polygons with the row that each comes from.

    Attributes:
        geometry: (n,) single polygons.
        row: (n,) index of the feature.
    """

    geometry: Geometries
    row: Ints


@dataclass
class Pieces:
    """Single polygons that form a valid coverage.

    Attributes:
        geometry: (n,) polygons.
        row: (n,) feature that each belongs to.
        cut: (n,) whether others took from the part that it comes from.
    """

    geometry: Geometries
    row: Ints
    cut: Bools


@dataclass
class Move:
    """An area that changed hands, or that was only met.

    Attributes:
        repair: what happened.
        loser: row that loses it, `NO_ROW` where it was nobody's.
        winner: row that has it now, `NO_ROW` where nobody has.
        area_m2: area, m2.
        x, y: a point in it, in the CRS of the result.
        gained: whether the winner did not have it before; of an overlap it did.
        note: a word more, for instance GEOS's reason.
    """

    repair: Repair
    loser: int
    winner: int
    area_m2: float
    x: float
    y: float
    gained: bool
    note: str = ""


@dataclass
class Ledger:
    """Every move, in the order of the steps."""

    moves: list[Move] = field(default_factory=list)

    def add(
        self,
        repair: Repair,
        area_m2: float,
        where: tuple[float, float],
        *,
        loser: int = NO_ROW,
        winner: int = NO_ROW,
        gained: bool = False,
        note: str = "",
    ) -> None:
        """Write one line."""
        x, y = where
        move = Move(repair, int(loser), int(winner), float(area_m2), float(x), float(y), gained, note)
        self.moves.append(move)

    def of(self, repair: Repair) -> list[Move]:
        """The moves of one kind."""
        return [move for move in self.moves if move.repair is repair]
