# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that lead nowhere else: where clients may name few files, one of these must not open the others.

GDAL takes a file for what it holds, whatever its name: a few lines of XML stand for any file or server.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from inference_backend.errors import InputError
from inference_backend.predict.inputs.source_policy import SourcePolicy

VECTOR_MAGIC = (b"SQLite format 3\0", b"{", b"\0\0\x27\x0a", b"fgb\x03")
"""GeoPackage, GeoJSON, shapefile, FlatGeobuf."""
RASTER_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""TIFF and BigTIFF."""


class LeadingFileError(InputError):
    """A file of a format that may refer to others: `path`, `formats`."""

    templates = {
        "en": "{path}: this service takes {formats} here, no format that may refer to other files. "
        "Convert it.",
        "fr": "{path} : ce service accepte ici {formats}, aucun format qui puisse renvoyer à d'autres "
        "fichiers. Convertissez-le.",
    }


def require_plain(
    policy: SourcePolicy, *, vectors: Iterable[Path] = (), rasters: Iterable[Path] = ()
) -> None:
    """Refuse files that could lead to others; all are let through where every file may be named.

    Hosts need no look here: `egress` stands between GDAL and the network.

    Raises:
        LeadingFileError: naming the first one.
    """
    if policy.roots is None:
        return
    for paths, magic, formats in (
        (vectors, VECTOR_MAGIC, "GeoPackage, GeoJSON, Shapefile, FlatGeobuf"),
        (rasters, RASTER_MAGIC, "GeoTIFF"),
    ):
        for path in paths:
            if not _begins_with(path, magic):
                raise LeadingFileError(path=path.name, formats=formats)


def _begins_with(path: Path, magic: tuple[bytes, ...]) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(magic)
    except OSError:
        return True  # absent, or a folder: the reader says so
