# SPDX-License-Identifier: GPL-2.0-or-later
"""The account of every feature: what it brought, gave and got, and what the result really holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from inference_backend.ingest.errors import UnbalancedError
from inference_backend.ingest.types import NO_ROW, Floats, Ledger, Parts, Pieces, Repair, Source

LOSSES = (Repair.EXCLUDED, Repair.DUPLICATE, Repair.OVERLAP, Repair.SLIVER, Repair.DUST)


@dataclass(frozen=True)
class Accounts:
    """(rows,) areas in m2; `brought - lost + gained + rounding = result`, feature by feature.

    Attributes:
        drawn: area that the rings sum to, as they were drawn.
        brought: area of the valid shape.
        lost: to others (overlaps, duplicates, slivers), or left out (on request, dust).
        gained: slivers and gaps taken in.
        result: area of the polygons written, measured on them.
        rounding: what is left: coordinates on the grid.
        tolerance: how much that may be.
    """

    drawn: Floats
    brought: Floats
    lost: Floats
    gained: Floats
    result: Floats
    rounding: Floats
    tolerance: Floats


def settle(
    source: Source, brought: Floats, parts: Parts, pieces: Pieces, ledger: Ledger, grid_m: float
) -> Accounts:
    """Measure the result and compare it with the ledger.

    Args:
        source: the features.
        brought: (rows,) area of each valid shape, m2.
        parts: the claims, whose perimeter bounds what rounding can change.
        pieces: the result.
        ledger: every move.
        grid_m: the grid of the work, m.

    Raises:
        UnbalancedError: a feature's sum, or that of all, is off by more than rounding.
    """
    count = len(source)
    lost, gained, invalid = np.zeros(count), np.zeros(count), np.zeros(count)
    for move in ledger.moves:
        if move.repair in LOSSES:
            lost[move.loser] += move.area_m2
        if move.gained and move.winner != NO_ROW:
            gained[move.winner] += move.area_m2
        if move.repair is Repair.INVALID:
            invalid[move.loser] += move.area_m2
    result, perimeter = np.zeros(count), np.zeros(count)
    np.add.at(result, pieces.row, shapely.area(pieces.geometry))
    np.add.at(perimeter, parts.row, shapely.length(parts.geometry))
    np.add.at(perimeter, pieces.row, shapely.length(pieces.geometry))
    rounding = result - (brought - lost + gained)
    tolerance = 1e-6 + grid_m * perimeter + 1e-9 * brought
    accounts = Accounts(brought - invalid, brought, lost, gained, result, rounding, tolerance)
    _require_balance(source, accounts)
    return accounts


def _require_balance(source: Source, accounts: Accounts) -> None:
    off = np.abs(accounts.rounding) > accounts.tolerance
    if off.any():
        row = int(np.argmax(np.where(off, np.abs(accounts.rounding), 0)))
        file = source.files[int(source.file[row])]
        name = f"{file.path.name} ({file.layer}, fid {int(source.fid[row])})"
        raise UnbalancedError(
            row=name,
            residual_m2=float(accounts.rounding[row]),
            tolerance_m2=float(accounts.tolerance[row]),
        )
