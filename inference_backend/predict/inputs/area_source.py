# SPDX-License-Identifier: GPL-2.0-or-later
"""An area of interest within the limits of a service."""

from __future__ import annotations

from pathlib import Path

from inference_backend.area.area_layer import AreaLayer, read_area
from inference_backend.area.errors import not_a_vector_file
from inference_backend.predict.inputs.source_policy import EVERYTHING, SourcePolicy
from inference_backend.predict.inputs.sources import parse_source

_LIMITED_MAGIC = (b"SQLite format 3\0", b"{", b"\0\0\x27\x0a", b"fgb\x03")
"""GeoPackage, GeoJSON, shapefile, FlatGeobuf: those that refer to no further file or server."""


def read_allowed_area(given: Path, policy: SourcePolicy = EVERYTHING) -> AreaLayer:
    """The polygons of an area of interest, see `read_area`.

    Args:
        given: `file` or `file|layername=NAME`.
        policy: which files may be read.

    Raises:
        RefusedSourceError: no local file, or one that `policy` forbids.
        VectorError: unreadable, or without a usable system.
        AreaError: no polygon, or several layers to choose from.
    """
    path = Path(str(given).partition("|")[0])
    source = parse_source(path, policy)
    if source.file is None or (policy.is_limited and not _is_plain(path)):
        raise not_a_vector_file(source.shown)
    return read_area(given)


def _is_plain(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_LIMITED_MAGIC)
    except OSError:
        return True  # absent: the reader says so
