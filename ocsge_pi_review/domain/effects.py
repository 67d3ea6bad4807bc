# SPDX-License-Identifier: GPL-2.0-or-later
"""What a gesture would do to thresholds and artificialisation, before anything is written."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain.artificialisation import is_artificialised, statuses
from ocsge_pi_review.domain.outlines import Outline
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.rings import area
from ocsge_pi_review.domain.thresholds_live import SmallPolygon, ZoneShare, threshold_changes
from ocsge_pi_review.domain.unlikely import UnlikelyPair, unlikely_pair


@dataclass(frozen=True)
class Effects:
    """What a patch changes; areas in m2.

    Attributes:
        broken: polygons that come under their minimum area.
        healed: polygons that were under it and no longer are.
        matrix_before_m2: artificialised by couples alone, over the rows of the patch.
        matrix_after_m2: the same afterwards.
        clusters_before_m2: artificialised by couples and clusters, over the patch and what is around.
        clusters_after_m2: the same afterwards.
        flipped: by id of a polygon afterwards, its status by clusters where the ground had another before.
        unlikely: by id of the patch's rows, couples that deserve a second look and were not there before.
    """

    broken: tuple[SmallPolygon, ...] = ()
    healed: tuple[SmallPolygon, ...] = ()
    matrix_before_m2: float = 0.0
    matrix_after_m2: float = 0.0
    clusters_before_m2: float = 0.0
    clusters_after_m2: float = 0.0
    flipped: tuple[tuple[str, bool], ...] = ()
    unlikely: tuple[tuple[str, UnlikelyPair], ...] = ()

    @property
    def artificialised_m2(self) -> float:
        """Ground that becomes artificialised, negative where it stops being so, clusters included."""
        return self.clusters_after_m2 - self.clusters_before_m2


def effects(patch: Patch, around: Iterable[PolygonRow], zone_share: ZoneShare, profile: Profile) -> Effects:
    """Compare the coverage with and without a patch.

    Args:
        patch: what a gesture would do.
        around: polygons as they stand, those of the patch included or not; the farther they reach, the surer
            are small clusters.
        zone_share: gives the share of a polygon in the zone construite, 0..1.
        profile: thresholds, matrix and unlikely couples.
    """
    others = {row.id: row for row in around if row.id not in set(patch.ids)}
    before = [*others.values(), *patch.before]
    after = [*others.values(), *patch.after]
    was, becomes = statuses(before, profile), statuses(after, profile)
    broken, healed = threshold_changes(patch, zone_share, profile)
    return Effects(
        broken,
        healed,
        _area(row for row in patch.before if is_artificialised(row, profile)),
        _area(row for row in patch.after if is_artificialised(row, profile)),
        _area(row for row in before if was[row.id]),
        _area(row for row in after if becomes[row.id]),
        _flipped(patch, was, becomes),
        _unlikely(patch, profile),
    )


def _flipped(patch: Patch, was: dict[str, bool], becomes: dict[str, bool]) -> tuple[tuple[str, bool], ...]:
    """Polygons whose status is not that of the ground before; a new one is judged by a point inside."""
    before = dict(was)
    outlines = [(row.id, Outline.of_row(row)) for row in patch.before]
    for row in patch.after:
        if row.id not in was:
            inside = np.array([Outline.of_row(row).inner_point()], dtype=np.float64)
            below = [was[row_id] for row_id, outline in outlines if outline.contains(inside)[0]]
            before[row.id] = any(below)
    return tuple((row_id, status) for row_id, status in becomes.items() if before[row_id] != status)


def _unlikely(patch: Patch, profile: Profile) -> tuple[tuple[str, UnlikelyPair], ...]:
    known = {(row.id, row.cs, row.us) for row in patch.before}
    found = []
    for row in patch.after:
        pair = unlikely_pair(row.cs, row.us, profile)
        if pair is not None and (row.id, row.cs, row.us) not in known:
            found.append((row.id, pair))
    return tuple(found)


def _area(rows: Iterable[PolygonRow]) -> float:
    return math.fsum(area(row.polygon) for row in rows)
