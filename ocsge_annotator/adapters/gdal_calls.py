# SPDX-License-Identifier: GPL-2.0-or-later
"""GDAL without its global switches: works whether another plugin turned exceptions on or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from osgeo import gdal, osr


@contextmanager
def quiet() -> Iterator[None]:
    """Keep GDAL's messages off the console; the caller reports them."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()


def attempt(call: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, str]:
    """Result of a GDAL call, None where it failed, and GDAL's own words on the failure."""
    gdal.ErrorReset()
    with quiet():
        try:
            return call(*args, **kwargs), gdal.GetLastErrorMsg()
        except RuntimeError as error:
            return None, str(error)


def spatial_reference(wkt: str) -> osr.SpatialReference:
    """CRS with x, y order, whatever the authority says."""
    reference = osr.SpatialReference()
    if wkt:
        reference.ImportFromWkt(wkt)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def is_same_crs(first_wkt: str, second_wkt: str) -> bool:
    """Whether two CRS are one, be it under names that their writers spelled differently."""
    if first_wkt == second_wkt:
        return True
    if not first_wkt or not second_wkt:
        return False
    first, second = spatial_reference(first_wkt), spatial_reference(second_wkt)
    if first.IsSame(second, ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", "CRITERION=EQUIVALENT"]):
        return True
    codes = {
        (reference.GetAuthorityName(None), reference.GetAuthorityCode(None)) for reference in (first, second)
    }
    if len(codes) == 1 and (None, None) not in codes:
        return True
    # Some writers lose the datum's name and keep the system's: same name, same projection.
    return first.GetName() == second.GetName() and _projection(first) == _projection(second)


def _projection(reference: osr.SpatialReference) -> tuple[Any, ...]:
    names = (
        osr.SRS_PP_FALSE_EASTING,
        osr.SRS_PP_FALSE_NORTHING,
        osr.SRS_PP_CENTRAL_MERIDIAN,
        osr.SRS_PP_LATITUDE_OF_ORIGIN,
    )
    return (reference.GetAttrValue("PROJECTION"), *(round(reference.GetProjParm(name), 6) for name in names))
