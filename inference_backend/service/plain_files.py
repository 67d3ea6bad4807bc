# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that lead nowhere else: where clients may name few files, one of these must not open the others.

GDAL takes a file for what it holds, whatever its name: a few lines of XML stand for any file or server.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from inference_backend.errors import InputError
from inference_backend.predict.inputs.source_policy import SourcePolicy

VECTOR_MAGIC = (b"SQLite format 3\0", b"{", b"\0\0\x27\x0a", b"fgb\x03")
"""GeoPackage, GeoJSON, shapefile, FlatGeobuf."""
COMMAND_MARK = b"gdal_streamed_alg"
"""In the first bytes of JSON that GDAL takes for a command, which may read any file."""
COMMAND_SUFFIX = ".gdalg.json"
RASTER_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""TIFF and BigTIFF."""

_HEAD_BYTES = 2**16
"""Much more than GDAL looks at to tell a format."""


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
        for path in chain.from_iterable(map(_files, paths)):
            if not _begins_with(path, magic):
                raise LeadingFileError(path=path.name, formats=formats)


def _files(path: Path) -> Iterable[Path]:
    """The file, or those of a folder that are read as references."""
    from inference_backend.postprocess.references.references import reference_files

    return reference_files(path) if path.is_dir() else (path,)


def _begins_with(path: Path, magic: tuple[bytes, ...]) -> bool:
    if path.name.lower().endswith(COMMAND_SUFFIX):
        return False
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            return COMMAND_MARK not in head and head[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(magic)
    except OSError:
        return True  # absent, or a folder: the reader says so
