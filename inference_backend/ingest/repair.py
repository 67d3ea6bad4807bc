# SPDX-License-Identifier: GPL-2.0-or-later
"""From features as they come to a valid coverage, with the account of every one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from inference_backend.contracts.profile import Profile
from inference_backend.ingest.balance import Accounts, settle
from inference_backend.ingest.errors import NothingLeftError
from inference_backend.ingest.gaps import fill_gaps
from inference_backend.ingest.overlay import resolve
from inference_backend.ingest.priority import drop_duplicates, order_of_claims
from inference_backend.ingest.shapes import on_grid, single_polygons
from inference_backend.ingest.slivers import Limits, absorb_slivers
from inference_backend.ingest.types import Bools, Geometries, Ints, Ledger, Pieces, Source
from inference_backend.progress import Progress, Span


@dataclass(frozen=True)
class RepairOptions:
    """How conflicts are decided.

    Attributes:
        overlaps: one of `priority.OVERLAP_RULES`.
        gap_m2: gaps up to this area are filled, m2; None for the profile's.
        keep_slivers: leave slivers that the layer itself has, and merge only those that repairs leave.
    """

    overlaps: str = "small"
    gap_m2: float | None = None
    keep_slivers: bool = False


@dataclass(frozen=True)
class Repaired:
    """A valid coverage and how it came about.

    Attributes:
        pieces: the polygons.
        ledger: what was done.
        accounts: the areas.
        gaps: (k,) what the layer encloses and nobody covers.
        is_untouched: nothing had to be done; every vertex is that of the input.
    """

    pieces: Pieces
    ledger: Ledger
    accounts: Accounts
    gaps: Geometries
    is_untouched: bool


def repair(
    source: Source,
    skip: Bools,
    ossature: Bools,
    quality: Ints,
    years: Sequence[str],
    codes: Sequence[str],
    profile: Profile,
    options: RepairOptions,
    progress: Progress,
) -> Repaired:
    """Repair shapes, then conflicts, then what they leave; then settle the accounts.

    Args:
        source: the features.
        skip: (rows,) features that are left out on request.
        ossature: (rows,) features of the skeleton.
        quality: (rows,) number of codes that are no leaves.
        years: (rows,) year of each.
        codes: (rows,) codes as they were read, to tell twins that disagree.
        profile: gives grid and limits.
        options: how conflicts are decided.
        progress: told along the way.

    Raises:
        NothingLeftError: no polygon has an area.
        UnbalancedError: areas do not add up.
        Cancelled: the user asked to stop.
    """
    ledger, limits = Ledger(), Limits.of(profile, options.gap_m2)
    grid = profile.number("import", "precision")
    progress.update(0.0, "geometry")
    drawn, brought = single_polygons(source.geometry, ledger, skip)
    if not len(drawn.row):
        raise NothingLeftError(path=source.files[0].path, rows=len(source))
    progress.update(0.1, "overlaps")
    parts, healthy = drawn, bool(shapely.coverage_is_valid(drawn.geometry))
    if not healthy:
        parts = on_grid(drawn, grid, ledger)
    rank = order_of_claims(parts, ossature, quality, years, options.overlaps)
    claims, rank = drop_duplicates(parts, rank, ledger, codes)
    if healthy:
        pieces = Pieces(claims.geometry, claims.row, np.zeros(len(claims.row), bool))
    else:
        pieces = resolve(claims, rank, grid, ledger, Span(progress, 0.1, 0.7))
    progress.update(0.7, "slivers")
    may_go = pieces.cut if options.keep_slivers or not source.is_partition else np.ones(len(pieces.row), bool)
    pieces = absorb_slivers(pieces, ossature, limits, may_go, ledger)
    progress.update(0.8, "gaps")
    pieces, gaps = fill_gaps(pieces, ossature, limits, source.is_partition, ledger)
    progress.update(0.9, "accounts")
    accounts = settle(source, brought, drawn, pieces, ledger, grid)
    untouched = healthy and not ledger.moves
    return Repaired(pieces, ledger, accounts, gaps, untouched)
