# SPDX-License-Identifier: GPL-2.0-or-later
"""A WMS as a raster: the server draws any box at any size, so the model decides the pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.etree import ElementTree

import pyproj
import rasterio
from rasterio import DatasetReader
from rasterio.crs import CRS
from rasterio.errors import CRSError, RasterioError
from rasterio.transform import Affine

from inference_backend.grid import Grid
from inference_backend.predict.errors import ServiceOptionError
from inference_backend.predict.inputs.read_errors import read_error
from inference_backend.predict.inputs.sources import STALL_TIMEOUT_S, Source

Box = tuple[float, float, float, float]

BLOCK_PX = 1024
"""Side of one request: most servers draw 2,048 px at most, and smaller ones cost a round trip each."""
_OURS = ("service", "version", "request", "layers", "styles", "crs", "srs", "bbox", "format", "transparent")
_DROPPED = ("width", "height")


@dataclass(frozen=True)
class WmsAddress:
    """What a `WMS:` address says.

    Attributes:
        source: the raster argument.
        url: of the server, with the parameters that are not the standard's own (map, key, ...).
        options: the standard's parameters, names in lower case.
    """

    source: Source
    url: str
    options: dict[str, str]

    @classmethod
    def parse(cls, source: Source) -> WmsAddress:
        """Take the address apart.

        Raises:
            ServiceOptionError: it names no layer.
        """
        parts = urlsplit(source.gdal_name)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        options = {key.lower(): value for key, value in pairs if key.lower() in _OURS}
        others = [(key, value) for key, value in pairs if key.lower() not in (*_OURS, *_DROPPED)]
        if not options.get("layers"):
            raise ServiceOptionError(
                path=source.shown,
                problem_en="names no layer",
                problem_fr="ne nomme aucune couche",
                remedy_en="Add it to the address: WMS:https://server/wms?LAYERS=name&CRS=EPSG:2154",
                remedy_fr="Ajoutez-la à l'adresse : WMS:https://serveur/wms?LAYERS=nom&CRS=EPSG:2154",
            )
        query = urlencode(others, safe="/:,") + "&" if others else ""
        return cls(source, urlunsplit(parts._replace(query=query, fragment="")), options)

    @property
    def crs(self) -> CRS | None:
        """The CRS to ask in, None where the address leaves it open.

        Raises:
            ServiceOptionError: unknown.
        """
        name = self.options.get("crs") or self.options.get("srs")
        try:
            return CRS.from_user_input(name) if name else None
        except CRSError as error:
            raise self._bad(f"CRS={name}", f"CRS={name}") from error

    @property
    def box(self) -> Box | None:
        """BBOX of the address as (xmin, ymin, xmax, ymax), None where it has none.

        Raises:
            ServiceOptionError: not four numbers in this order.
        """
        text = self.options.get("bbox")
        if not text:
            return None
        try:
            xmin, ymin, xmax, ymax = (float(number) for number in text.split(","))
        except ValueError as error:
            raise self._bad(f"BBOX={text}", f"BBOX={text}") from error
        if not (xmin < xmax and ymin < ymax):
            raise self._bad(f"BBOX={text}", f"BBOX={text}")
        return xmin, ymin, xmax, ymax

    def open(self, grid: Grid) -> DatasetReader:
        """The map of the layer on `grid`; nothing is asked of the server before a pixel is read.

        Raises:
            RemoteRasterError: GDAL cannot make it.
        """
        try:
            return rasterio.open(self._description(grid))
        except (RasterioError, OSError) as error:
            raise read_error(self.source, error) from error

    def _description(self, grid: Grid) -> str:
        """GDAL's XML description of this map on `grid`."""
        options = self.options
        version = options.get("version", "1.3.0")
        form = options.get("format", "image/png")
        crs = options.get("crs") or options.get("srs") or _code(grid.crs)
        transparent = "png" in form and options.get("transparent", "TRUE").upper() != "FALSE"
        xmin, ymin, xmax, ymax = grid.bounds
        tree: dict[str, Any] = {
            "Service": {
                "Version": version,
                "ServerUrl": self.url,
                "Layers": options["layers"],
                "Styles": options.get("styles", ""),
                ("CRS" if version >= "1.3" else "SRS"): crs,
                "ImageFormat": form,
                "Transparent": "TRUE" if transparent else "FALSE",
                "BBoxOrder": "yxYX" if version >= "1.3" and _north_first(crs) else "xyXY",
            },
            "DataWindow": {
                "UpperLeftX": repr(xmin),
                "UpperLeftY": repr(ymax),
                "LowerRightX": repr(xmax),
                "LowerRightY": repr(ymin),
                "SizeX": grid.width_px,
                "SizeY": grid.height_px,
            },
            "Projection": crs,
            "BandsCount": 4 if transparent else 3,
            "BlockSizeX": BLOCK_PX,
            "BlockSizeY": BLOCK_PX,
            "OverviewCount": 0,
            "MaxConnections": 4,
            "Timeout": 2 * STALL_TIMEOUT_S,
            "UserAgent": "ocsge",
            # An error is an error: GDAL would show the areas it could not load as black ones.
            "ZeroBlockHttpCodes": "",
            "ZeroBlockOnServerException": "false",
        }
        root = _element("GDAL_WMS", tree)
        root[0].set("name", "WMS")
        return ElementTree.tostring(root, encoding="unicode")

    def _bad(self, problem_en: str, problem_fr: str) -> ServiceOptionError:
        return ServiceOptionError(
            path=self.source.shown,
            problem_en=f"{problem_en} is not usable",
            problem_fr=f"{problem_fr} est inutilisable",
            remedy_en="Expected: CRS=EPSG:2154 and BBOX=xmin,ymin,xmax,ymax in it.",
            remedy_fr="Attendu : CRS=EPSG:2154 et BBOX=xmin,ymin,xmax,ymax dans ce système.",
        )


def grid_on_box(box: Box, step: float, crs: CRS) -> Grid:
    """The pixels of side `step` (CRS unit) that cover `box`, on whole multiples of `step`."""
    first_col, last_col = math.floor(box[0] / step + 1e-6), math.ceil(box[2] / step - 1e-6)
    first_row, last_row = math.floor(-box[3] / step + 1e-6), math.ceil(-box[1] / step - 1e-6)
    transform = Affine(step, 0, first_col * step, 0, -step, -first_row * step)
    return Grid(max(1, last_row - first_row), max(1, last_col - first_col), transform, crs)


def _code(crs: CRS | None) -> str:
    code = crs.to_epsg(confidence_threshold=20) if crs else None
    return f"EPSG:{code}" if code else str(crs)


def _north_first(crs: str) -> bool:
    axes = pyproj.CRS.from_user_input(crs).axis_info
    return bool(axes) and axes[0].direction == "north"


def _element(tag: str, content: Any) -> ElementTree.Element:
    element = ElementTree.Element(tag)
    if isinstance(content, dict):
        element.extend(_element(key, value) for key, value in content.items())
    else:
        element.text = str(content)
    return element
