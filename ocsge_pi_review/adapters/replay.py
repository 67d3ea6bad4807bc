# SPDX-License-Identifier: GPL-2.0-or-later
"""Bringing a layer up to its journal after a crash: one transaction for both.

Whether the layer has none, some or all of the pending gestures, the result is the same, because each polygon
receives the last row that the journal has for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from osgeo import gdal, ogr

from inference_backend.contracts.lot import OCCUPATION_SOL, JournalState
from ocsge_pi_review.adapters.lot_file import LotFile
from ocsge_pi_review.domain.errors import LotError
from ocsge_pi_review.domain.journal import net_effect
from ocsge_pi_review.domain.patch import PolygonRow


def replay_pending(path: Path) -> int:
    """Apply the journal rows that were written but perhaps not applied.

    Args:
        path: a lot that no other process edits.

    Returns:
        Number of journal rows brought in.

    Raises:
        LotError: the layer refuses a row; nothing is changed then.
    """
    lot = LotFile(path)
    try:
        pending = lot.pending()
    finally:
        lot.close()
    if not pending:
        return 0
    last, _ = net_effect(pending)
    refusal = _apply(path, last)
    if refusal is not None:
        raise _refused(path, refusal)
    return len(pending)


def _apply(path: Path, rows: Mapping[str, PolygonRow | None]) -> str | None:
    """Bring rows in, all or none; None, or why OGR refuses. The file is closed when this returns."""
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
    layer = None if dataset is None else dataset.GetLayerByName(OCCUPATION_SOL.name)
    if layer is None or dataset.StartTransaction() != ogr.OGRERR_NONE:
        return gdal.GetLastErrorMsg()
    fids = _fids(layer, set(rows))
    applied = all(_put(layer, fids.get(polygon_id), row) for polygon_id, row in rows.items())
    if applied and _flip(dataset) and dataset.CommitTransaction() == ogr.OGRERR_NONE:
        return None
    reason = gdal.GetLastErrorMsg()
    dataset.RollbackTransaction()
    return reason


def _fids(layer: ogr.Layer, wanted: set[str]) -> dict[str, int]:
    return {f.GetField("id"): f.GetFID() for f in layer if f.GetField("id") in wanted}


def _put(layer: ogr.Layer, fid: int | None, row: PolygonRow | None) -> bool:
    """Give a polygon its row; False where OGR refuses."""
    if row is None:
        return fid is None or layer.DeleteFeature(fid) == ogr.OGRERR_NONE
    feature = ogr.Feature(layer.GetLayerDefn())
    if fid is not None:
        feature = layer.GetFeature(fid)
    feature.SetField("id", row.id)
    for name, value in row.attributes.items():
        if value is None:
            feature.SetFieldNull(name)
        else:
            feature.SetField(name, value)
    feature.SetGeometry(ogr.CreateGeometryFromWkb(row.wkb))
    write = layer.CreateFeature if fid is None else layer.SetFeature
    return bool(write(feature) == ogr.OGRERR_NONE)


def _flip(dataset: gdal.Dataset) -> bool:
    """Mark the journal applied; False where OGR refuses, which it tells by its error state alone."""
    gdal.ErrorReset()
    flip = "UPDATE edit_journal SET state = '{}' WHERE state = '{}'"
    dataset.ExecuteSQL(flip.format(JournalState.APPLIED.value, JournalState.WRITTEN.value))
    return bool(gdal.GetLastErrorType() < gdal.CE_Failure)


def _refused(path: Path, reason: str) -> LotError:
    return LotError(
        path=path,
        problem_en=f"the journal could not be applied to the layer ({reason})",
        problem_fr=f"le journal n'a pas pu être appliqué à la couche ({reason})",
        remedy_en="Close other programs that use it, check that it can be written, and open it again.",
        remedy_fr="Fermez les autres programmes qui l'utilisent, vérifiez les droits et rouvrez-le.",
    )
