# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether rasters can be read together, pixel by pixel, and by this model."""

from __future__ import annotations

from collections.abc import Sequence

from rasterio import DatasetReader
from rasterio.crs import CRS
from rasterio.errors import CRSError

from inference_backend.contracts.model_card import ModelCard
from inference_backend.predict.band_sources import BandSource
from inference_backend.predict.errors import (
    BadBandOptionError,
    GridMismatchError,
    NoCrsError,
    NotNorthUpError,
    WrongDepthError,
    WrongResolutionError,
)

RESOLUTION_TOLERANCE = 0.05
"""Share by which a raster's pixel may differ from the model's: no visible change of object size, while the
common pairs 0.20/0.25 m and 0.15/0.20 m stay apart."""
_ORIGIN_TOLERANCE_PX = 0.05
_WIDE_TYPES = ("uint16", "int16", "uint32", "int32")
_IGNORED_TERMS = ("datum", "ellps", "towgs84", "no_defs", "type", "nadgrids", "units", "axis")


def parse_crs(text: str | None) -> CRS | None:
    """The CRS called `text`, for instance `EPSG:2154`.

    Raises:
        BadBandOptionError: unknown.
    """
    if not text:
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise BadBandOptionError(
            option="--crs",
            value=text,
            expected_en="for instance EPSG:2154",
            expected_fr="par exemple EPSG:2154",
        ) from error


def same_crs(first: CRS, second: CRS) -> bool:
    """Whether two CRS place a point at the same spot, names left aside.

    A CRS whose datum has no name, as in files that went through a point-cloud tool, is the same as the
    official one when projection and parameters are: GRS80 and WGS84 differ by a tenth of a millimetre.
    """
    if first == second:
        return True
    one, two = _projection_terms(first), _projection_terms(second)
    return bool(one) and one == two


def _projection_terms(crs: CRS) -> dict[str, object]:
    official = crs.to_epsg()
    terms = (CRS.from_epsg(official) if official else crs).to_dict(projjson=False)
    if set(terms) == {"init"} or set(terms) == {"init", "no_defs"}:
        terms = CRS.from_string(CRS.from_epsg(official).to_proj4()).to_dict() if official else {}
    kept = {key: value for key, value in terms.items() if key not in _IGNORED_TERMS}
    # Two standard parallels may come in either order.
    parallels = sorted(float(kept.pop(key)) for key in ("lat_1", "lat_2") if key in kept)
    return {**kept, "parallels": tuple(parallels)} if kept else {}


def check_georeference(raster: DatasetReader, path: str, crs: CRS | None) -> CRS:
    """The CRS to use: `crs` where it was given, else the raster's own.

    Raises:
        NoCrsError: neither.
        NotNorthUpError: rotated, sheared or upside down.
    """
    transform = raster.transform
    if raster.crs is None and crs is None:
        raise NoCrsError(path=path)
    if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        raise NotNorthUpError(path=path, transform=tuple(transform)[:6])
    return crs or raster.crs


def check_resolution(raster: DatasetReader, path: str, crs: CRS, expected_m: float) -> None:
    """Refuse a pixel size that is not the model's.

    Raises:
        WrongResolutionError: different, or in degrees.
    """
    unit, metres = ("°", 0.0) if crs.is_geographic else ("m", float(crs.linear_units_factor[1]))
    sizes = (raster.transform.a, -raster.transform.e)
    if any(abs(size * metres / expected_m - 1) > RESOLUTION_TOLERANCE for size in sizes):
        raise WrongResolutionError(
            path=path, found=f"{sizes[0]:.6g}", unit=unit, expected_m=f"{expected_m:g}"
        )


def check_depth(raster: DatasetReader, sources: Sequence[BandSource], card: ModelCard, path: str) -> None:
    """Refuse 16-bit images for a model whose card divides by 255.

    Raises:
        WrongDepthError: names the band.
    """
    wants_bytes = {band.name for band in card.bands if abs(band.scale * 255 - 1) < 1e-6}
    for source in sources:
        if source.path == path and source.name in wants_bytes:
            found = raster.dtypes[source.index - 1]
            if found in _WIDE_TYPES:
                raise WrongDepthError(path=path, index=source.index, found=found)


def check_one_grid(rasters: Sequence[tuple[str, DatasetReader, CRS]]) -> None:
    """Refuse rasters that do not share size, origin, pixel and CRS with the first one.

    Raises:
        GridMismatchError: names the first difference.
    """
    other, first, first_crs = rasters[0]
    for path, raster, crs in rasters[1:]:
        step = first.transform.a
        one, two = first.transform, raster.transform
        # Tolerated over the whole width: a drift of a tenth of a pixel at the far corner is no other grid.
        far = max(abs(one.a - two.a) * first.width, abs(one.e - two.e) * first.height) / step
        shift = max(abs(one.c - two.c), abs(one.f - two.f)) / step
        texts = (
            (same_crs(crs, first_crs), "CRS", "le SCR", _crs_name(crs), _crs_name(first_crs)),
            (far <= 2 * _ORIGIN_TOLERANCE_PX, "pixel", "le pixel", two.a, one.a),
            (
                raster.shape == first.shape,
                "size (rows, columns)",
                "la taille (lignes, colonnes)",
                raster.shape,
                first.shape,
            ),
            (shift <= _ORIGIN_TOLERANCE_PX, "origin", "l'origine", (two.c, two.f), (one.c, one.f)),
        )
        for matches, what_en, what_fr, found, expected in texts:
            if not matches:
                raise GridMismatchError(
                    path=path, other=other, what_en=what_en, what_fr=what_fr, found=found, expected=expected
                )


def _crs_name(crs: CRS) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt()[:60])
