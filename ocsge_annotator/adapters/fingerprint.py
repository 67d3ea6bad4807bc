# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a patch still shows the pixels on which its labels were drawn."""

from __future__ import annotations

import hashlib

from osgeo import gdal

from ocsge_annotator.adapters.gdal_calls import attempt
from ocsge_annotator.adapters.image import Image
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.errors import ImageError


def image_fingerprint(image: Image, window: PixelWindow) -> str:
    """SHA-256 of the pixels of a window, all bands, and of their number and type.

    Compression, tiling, overviews and tags do not count: a copy in another layout is the same image.

    Raises:
        ImageError: the pixels cannot be read.
    """
    dataset, reason = attempt(gdal.OpenEx, str(image.path), gdal.OF_RASTER)
    pixels = None
    if dataset is not None:
        box = (window.col, window.row, window.width, window.height)
        pixels, reason = attempt(dataset.ReadAsArray, *box)
    if pixels is None:
        raise ImageError(
            path=image.path,
            problem_en=f"the image cannot be read: {reason}",
            problem_fr=f"l'image ne peut pas être lue : {reason}",
            remedy_en="Restore the file from a copy.",
            remedy_fr="Rétablissez le fichier à partir d'une copie.",
        )
    digest = hashlib.sha256(f"{pixels.shape} {pixels.dtype.str}".encode())
    digest.update(pixels.tobytes())
    return digest.hexdigest()
