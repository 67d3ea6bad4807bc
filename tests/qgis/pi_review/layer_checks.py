# SPDX-License-Identifier: GPL-2.0-or-later
"""What every test asks of a layer and of a file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from osgeo import ogr
from qgis.core import NULL, QgsGeometry, QgsVectorLayer

from ocsge_pi_review.domain.coverage_check import check_coverage
from ocsge_pi_review.domain.patch import PolygonRow


def rows_in_qgis(layer: QgsVectorLayer) -> dict[str, PolygonRow]:
    """Read through QGIS's own provider."""
    names = [name for name in layer.fields().names() if name not in ("fid", "id")]
    rows = {}
    for feature in layer.getFeatures():
        attributes = {name: None if feature[name] == NULL else feature[name] for name in names}
        rows[feature["id"]] = PolygonRow(feature["id"], attributes, bytes(feature.geometry().asWkb()))
    return rows


def rows_on_disk(path: Path) -> dict[str, tuple[bytes, dict[str, object]]]:
    """Read with OGR in a connection of its own."""
    dataset = ogr.Open(str(path))
    layer = dataset.GetLayerByName("occupation_sol")
    return {f["id"]: (bytes(f.geometry().ExportToWkb(ogr.wkbNDR)), _attributes(f)) for f in layer}


def _attributes(feature: ogr.Feature) -> dict[str, object]:
    return {k: v for k, v in feature.items().items() if k not in ("id", "fid")}


def journal(path: Path) -> list[sqlite3.Row]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute("SELECT * FROM edit_journal ORDER BY seq").fetchall()
    finally:
        connection.close()


def item_row(path: Path, item_id: int) -> sqlite3.Row:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute("SELECT * FROM review_item WHERE item_id = ?", (item_id,)).fetchone()
    finally:
        connection.close()


def assert_coverage(rows: dict[str, PolygonRow], area_m2: float) -> None:
    report = check_coverage({key: row.polygon for key, row in rows.items()})
    assert report.is_valid, report
    assert abs(report.area_m2 - area_m2) < 1e-6
    geometries = []
    for row in rows.values():
        geometry = QgsGeometry()
        geometry.fromWkb(row.wkb)
        assert geometry.isGeosValid()
        assert not geometry.isMultipart()
        geometries.append(geometry)
    union = QgsGeometry.unaryUnion(geometries)
    assert abs(union.area() - area_m2) < 1e-6
    assert len(union.asPolygon() if not union.isMultipart() else union.asMultiPolygon()[0]) == 1
