# SPDX-License-Identifier: GPL-2.0-or-later
"""Patches that were labelled in the campaign and in a lot: listed until somebody has chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from osgeo import gdal

from inference_backend.contracts.campaign import CONFLICT
from ocsge_annotator.adapters.campaign_tables import append_rows, opened_for_update, read_rows
from ocsge_annotator.adapters.gdal_calls import attempt

OURS, THEIRS = "ours", "theirs"


@dataclass(frozen=True)
class Conflict:
    """One row of the table `conflict`; field meanings are those of the contract."""

    patch_id: str
    lot: str
    annotator: str
    label_path: str
    differing_px: int
    patch_row: str
    choice: str = ""
    chosen_by: str = ""
    chosen_at: str = ""


def read_conflicts(path: Path) -> list[Conflict]:
    """Every conflict of a campaign, those chosen included; none where the campaign cannot be read."""
    dataset, _ = attempt(gdal.OpenEx, str(path), gdal.OF_VECTOR)
    return [Conflict(**row) for row in read_rows(dataset, CONFLICT)] if dataset is not None else []


def open_conflicts(path: Path) -> list[Conflict]:
    """Those about which nobody has chosen yet."""
    return [conflict for conflict in read_conflicts(path) if not conflict.choice]


def record_conflicts(path: Path, conflicts: Sequence[Conflict]) -> None:
    """Store conflicts; a newer one of the same patch and lot takes the place of the older.

    Raises:
        WriteError: the GeoPackage is read-only, locked or gone.
    """
    if not conflicts:
        return
    with opened_for_update(path) as dataset:
        layer = dataset.GetLayerByName(CONFLICT.name)
        newer = {(conflict.patch_id, conflict.lot) for conflict in conflicts}
        old = [
            feature.GetFID()
            for feature in layer
            if (feature.GetField("patch_id"), feature.GetField("lot")) in newer
        ]
        append_rows(layer, [asdict(conflict) for conflict in conflicts])
        for fid in old:
            layer.DeleteFeature(fid)
