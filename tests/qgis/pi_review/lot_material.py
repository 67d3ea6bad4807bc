# SPDX-License-Identifier: GPL-2.0-or-later
"""What a lot may bring besides its polygons: images, reference vectors, communes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr, osr

from ocsge_pi_review.adapters.gpkg import connect
from tests.unit.pi_review.review_coverage import CELL_M, ORIGIN

SIDE_PX = 90
PIXEL_M = 30 * CELL_M / SIDE_PX
ORTHO, OTHER, NIR = (200, 40, 40, 250), (40, 60, 220), (250, 200, 40)
"""Colours of the images; infrared is what bands 4, 1, 2 of the ortho-image give."""


def write_image(path: Path, colour: tuple[int, ...], kind: int = gdal.GDT_Byte) -> Path:
    """An even image over the made lot; a ramp where it is of heights."""
    raster = gdal.GetDriverByName("GTiff").Create(str(path), SIDE_PX, SIDE_PX, len(colour), kind)
    raster.SetGeoTransform((ORIGIN[0], PIXEL_M, 0, ORIGIN[1] + SIDE_PX * PIXEL_M, 0, -PIXEL_M))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(2154)
    raster.SetProjection(crs.ExportToWkt())
    for band, value in enumerate(colour, start=1):
        even = np.full((SIDE_PX, SIDE_PX), value)
        ramp = np.indices((SIDE_PX, SIDE_PX))[1] % 17 * value
        raster.GetRasterBand(band).WriteArray(ramp if kind == gdal.GDT_Float32 else even)
    return path


def write_images(folder: Path) -> None:
    """An ortho-image of four bands, one of another date, and heights."""
    write_image(folder / "ortho.tif", ORTHO)
    write_image(folder / "ortho_2019.tif", OTHER)
    write_image(folder / "mnh.tif", (3,), gdal.GDT_Float32)


def name_images(lot: Path, *rows: tuple[str, str, str, str, str]) -> None:
    """Fill `imagery` with (role, uri, provider, title, millesime)."""
    with sqlite3.connect(lot) as connection:
        connection.executemany(
            "INSERT INTO imagery (role, uri, provider, title, millesime) VALUES (?, ?, ?, ?, ?)", rows
        )
    connection.close()


def add_reference(lot: Path, table: str = "bdtopo_route", title: str = "Routes") -> None:
    """A layer of one line across the lot, named in `reference` together with one that is missing."""
    dataset = ogr.Open(str(lot), update=1)
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(2154)
    layer = dataset.CreateLayer(table, crs, ogr.wkbLineString)
    feature = ogr.Feature(layer.GetLayerDefn())
    x, y = ORIGIN
    feature.SetGeometry(ogr.CreateGeometryFromWkt(f"LINESTRING({x} {y}, {x + 360} {y + 360})"))
    layer.CreateFeature(feature)
    dataset = layer = None
    with sqlite3.connect(lot) as connection:
        connection.executemany(
            "INSERT INTO reference (layer, title, source) VALUES (?, ?, ?)",
            [(table, title, "BD TOPO"), ("absente", "Absente", "RPG")],
        )
    connection.close()


def give_communes(lot: Path) -> None:
    """Odd items lie in one commune, even ones in another."""
    change(lot, "UPDATE review_item SET commune = CASE item_id % 2 WHEN 1 THEN '33009' ELSE '33529' END")


def change(lot: Path, statement: str) -> None:
    """One statement on a lot, behind the plugin's back."""
    connection = connect(lot)
    connection.execute(statement)
    connection.close()
