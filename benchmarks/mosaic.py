# SPDX-License-Identifier: GPL-2.0-or-later
"""Large territories to post-process: synthetic communes of 1 km² side by side, again and again.

What stands in a raster is what the embedded model makes of the communes, so that its noise is a model's.
The raster of a large territory is virtual: it names the communes' files and copies no pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pyogrio
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from benchmarks.quality_scenes import SIZE_M, QualityScene, scene_of

SEEDS = (4000, 4001, 4002, 4003)
"""Communes that also serve to calibrate: speed needs no held-out ones."""
IDENTIFIERS = ("cleabs", "id", "id_parcel", "idu")


def scenes() -> list[QualityScene]:
    """The communes that are repeated; made where they are not there yet, a minute each."""
    return [scene_of(seed) for seed in SEEDS]


def write_prediction(path: Path, side_km: int, tiles: Sequence[QualityScene]) -> Path:
    """Write a virtual raster of `side_km` squared communes."""
    with rasterio.open(tiles[0].prediction) as raster:
        side_px, count, nodata = raster.width, raster.count, raster.nodata
        a, b, c, d, e, f = raster.transform[:6]
        north = f + (side_km - 1) * SIZE_M
        tags = "".join(f'<MDI key="{k}">{escape(v)}</MDI>' for k, v in raster.tags().items())
        names = [escape(name or "") for name in raster.descriptions]
        place = f"<GeoTransform>{c},{a},{b},{north},{d},{e}</GeoTransform>"
        head = f"<SRS>{escape(raster.crs.to_wkt())}</SRS>{place}"
    bands = []
    for band in range(1, count + 1):
        places = product(range(side_km), repeat=2)
        sources = "".join(_source(_at(tiles, row, col), band, side_px, row, col) for row, col in places)
        empty = "" if nodata is None else f"<NoDataValue>{nodata:g}</NoDataValue>"
        said = f"<Description>{names[band - 1]}</Description>"
        bands.append(f'<VRTRasterBand dataType="Byte" band="{band}">{said}{empty}{sources}</VRTRasterBand>')
    size = f'rasterXSize="{side_px * side_km}" rasterYSize="{side_px * side_km}"'
    metadata = f"<Metadata>{tags}</Metadata>"
    path.write_text(f"<VRTDataset {size}>{head}{metadata}{''.join(bands)}</VRTDataset>", encoding="utf-8")
    return path


def write_copy(path: Path, virtual: Path, bands: Sequence[int]) -> Path:
    """Write some bands of a virtual raster as a tiled GeoTIFF with its class table."""
    with rasterio.open(virtual) as source:
        options = {**source.profile, "driver": "GTiff", "count": len(bands), "tiled": True}
        options |= {"blockxsize": 512, "blockysize": 512, "compress": "deflate", "zlevel": 1}
        with rasterio.open(path, "w", **options) as target:
            target.update_tags(**source.tags())
            for row in range(0, source.height, 512):
                window = Window(0, row, source.width, min(512, source.height - row))
                target.write(source.read(list(bands), window=window), window=window)
    return path


def write_references(folder: Path, side_km: int, tiles: Sequence[QualityScene]) -> Path:
    """Write the reference vectors of `side_km` squared communes, identifiers made unique."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(tiles[0].references.iterdir()):
        layers = {name for tile in tiles for name, _ in pyogrio.list_layers(tile.references / file.name)}
        for layer in sorted(layers):
            _write_layer(folder / file.name, layer, side_km, tiles)
    return folder


def _at(tiles: Sequence[QualityScene], row: int, col: int) -> QualityScene:
    return tiles[(row * 2 + col) % len(tiles)]


def _source(tile: QualityScene, band: int, side_px: int, row: int, col: int) -> str:
    rectangle = f'xSize="{side_px}" ySize="{side_px}"'
    return (
        f'<SimpleSource><SourceFilename relativeToVRT="0">{escape(str(tile.prediction))}</SourceFilename>'
        f"<SourceBand>{band}</SourceBand>"
        f'<SourceProperties RasterXSize="{side_px}" RasterYSize="{side_px}" DataType="Byte" '
        'BlockXSize="480" BlockYSize="480"/>'
        f'<SrcRect xOff="0" yOff="0" {rectangle}/>'
        f'<DstRect xOff="{col * side_px}" yOff="{row * side_px}" {rectangle}/></SimpleSource>'
    )


def _write_layer(target: Path, layer: str, side_km: int, tiles: Sequence[QualityScene]) -> None:
    read = {tile.seed: _read(tile.references / target.name, layer) for tile in tiles}
    pieces: list[NDArray[np.object_]] = []
    columns: dict[str, list[NDArray[np.object_]]] = {}
    types, crs = set(), None
    for row, col in product(range(side_km), repeat=2):
        found = read[_at(tiles, row, col).seed]
        if found is None:
            continue
        meta, geometry, fields = found
        crs = meta["crs"]
        types.add(meta["geometry_type"])
        offset = np.array([col * SIZE_M, (side_km - 1 - row) * SIZE_M])
        pieces.append(shapely.to_wkb(shapely.transform(geometry, lambda xy, by=offset: xy + by)))
        for name, values in zip(meta["fields"], fields, strict=True):
            unique = name in IDENTIFIERS
            values = np.array([f"{v}-{row}-{col}" for v in values], object) if unique else values
            columns.setdefault(str(name), []).append(values)
    if not pieces:
        return
    pyogrio.raw.write(
        target,
        np.concatenate(pieces),
        [np.concatenate(values) for values in columns.values()],
        list(columns),
        layer=layer,
        geometry_type=types.pop() if len(types) == 1 else "Unknown",
        crs=crs,
    )


def _read(path: Path, layer: str) -> tuple[dict, NDArray[np.object_], list[NDArray]] | None:
    if not path.exists() or layer not in {name for name, _ in pyogrio.list_layers(path)}:
        return None
    meta, _, geometry, fields = pyogrio.raw.read(path, layer=layer)
    return meta, shapely.from_wkb(geometry), fields
