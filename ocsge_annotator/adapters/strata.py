# SPDX-License-Identifier: GPL-2.0-or-later
"""What an existing layer has in each patch: the strata of a sample."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from osgeo import gdal, ogr

from ocsge_annotator.adapters.gdal_calls import attempt, quiet, spatial_reference
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.patch_grid import GridCell
from ocsge_annotator.errors import StrataError

SAMPLES = 32
"""Points per side of a patch at which a layer is looked at: the share of a class is known to 0.1 %."""
MAX_STRATA = 254
NOTHING = -1
Sampler = Callable[[Bounds], npt.NDArray[np.int64]]
"""Stratum at SAMPLES x SAMPLES points of a rectangle, `NOTHING` where the layer has nothing."""


def shares_in_cells(
    sampler: Sampler, image: Image, cells: Sequence[GridCell], source: object, report: Callable[[float], None]
) -> npt.NDArray[np.float64]:
    """Share of each stratum in each patch, (N, K), strata in the order of their values.

    Args:
        sampler: of the layer.
        image: of the campaign.
        cells: the patches.
        source: the layer's name or file, for errors.
        report: takes the share done; may raise to stop.

    Raises:
        StrataError: the layer has nothing in any patch, or too many values to be classes.
    """
    columns: dict[int, int] = {}
    found: list[dict[int, float]] = []
    for number, cell in enumerate(cells):
        values, counts = np.unique(sampler(image.grid.bounds_of(cell.window)), return_counts=True)
        row = {int(v): int(n) / SAMPLES**2 for v, n in zip(values, counts) if v != NOTHING}
        found.append(row)
        for value in row:
            columns.setdefault(value, len(columns))
        if len(columns) > MAX_STRATA:
            raise _error(
                source,
                f"has more than {MAX_STRATA} different values",
                f"a plus de {MAX_STRATA} valeurs différentes",
            )
        report((number + 1) / len(cells))
    if not columns:
        raise _error(source, "has nothing where the patches are", "ne contient rien là où sont les dalles")
    order = {value: position for position, value in enumerate(sorted(columns))}
    shares = np.zeros((len(cells), len(order)))
    for number, row in enumerate(found):
        for value, share in row.items():
            shares[number, order[value]] = share
    return shares


@contextmanager
def raster_sampler(path: Path, image: Image) -> Iterator[Sampler]:
    """Looks at band 1 of a raster, whatever its CRS.

    Raises:
        StrataError: the raster cannot be read.
    """
    dataset, reason = attempt(gdal.OpenEx, str(path), gdal.OF_RASTER)
    if dataset is None:
        raise _error(path, f"cannot be read: {reason}", f"ne peut pas être lu : {reason}")
    has_nodata = dataset.GetRasterBand(1).GetNoDataValue() is not None

    def sample(bounds: Bounds) -> npt.NDArray[np.int64]:
        options = {} if has_nodata else {"srcNodata": None}
        with quiet():
            warped = gdal.Warp(
                "",
                dataset,
                format="MEM",
                outputBounds=bounds,
                width=SAMPLES,
                height=SAMPLES,
                dstSRS=image.crs_wkt,
                outputType=gdal.GDT_Int32,
                dstNodata=NOTHING,
                resampleAlg="near",
                **options,
            )
        if warped is None:
            raise _error(path, gdal.GetLastErrorMsg(), gdal.GetLastErrorMsg())
        return warped.GetRasterBand(1).ReadAsArray().astype(np.int64)

    yield sample


@contextmanager
def vector_sampler(shapes: Iterable[tuple[bytes, int]], image: Image) -> Iterator[Sampler]:
    """Looks at polygons.

    Args:
        shapes: WKB in the image's CRS, and the stratum of each.
        image: of the campaign.
    """
    memory = f"/vsimem/{uuid.uuid4().hex}.gpkg"
    file = ogr.GetDriverByName("GPKG").CreateDataSource(memory)
    layer = file.CreateLayer("strata", spatial_reference(image.crs_wkt), ogr.wkbUnknown)
    layer.CreateField(ogr.FieldDefn("stratum", ogr.OFTInteger))
    layer.StartTransaction()
    for wkb, stratum in shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkb(wkb))
        feature.SetField("stratum", stratum)
        layer.CreateFeature(feature)
    layer.CommitTransaction()

    def sample(bounds: Bounds) -> npt.NDArray[np.int64]:
        xmin, ymin, xmax, ymax = bounds
        target = gdal.GetDriverByName("MEM").Create("", SAMPLES, SAMPLES, 1, gdal.GDT_Int32)
        target.SetGeoTransform((xmin, (xmax - xmin) / SAMPLES, 0, ymax, 0, -(ymax - ymin) / SAMPLES))
        target.SetProjection(image.crs_wkt)
        target.GetRasterBand(1).Fill(NOTHING)
        layer.SetSpatialFilterRect(*bounds)
        gdal.RasterizeLayer(target, [1], layer, options=["ATTRIBUTE=stratum"])
        return target.GetRasterBand(1).ReadAsArray().astype(np.int64)

    try:
        yield sample
    finally:
        layer = feature = file = None  # closes the file
        gdal.Unlink(memory)


def _error(source: object, problem_en: str, problem_fr: str) -> StrataError:
    return StrataError(
        path=source,
        problem_en=f"this layer of strata {problem_en}",
        problem_fr=f"cette couche de strates {problem_fr}",
        remedy_en="Choose a layer of classes that covers the image, or its field of classes.",
        remedy_fr="Choisissez une couche de classes qui couvre l'image, ou son champ de classes.",
    )
