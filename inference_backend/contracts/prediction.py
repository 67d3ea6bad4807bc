# SPDX-License-Identifier: GPL-2.0-or-later
"""The prediction raster: a Cloud Optimized GeoTIFF of four uint8 bands, and the table of its classes.

Band 1 holds class indices, 2 the top-1 score, 3 the runner-up's class index, 4 the margin top-1 minus top-2;
scores are `round(255 * p)`, at most `MAX_SCORE`. Where no class won, band 3 holds the one that came first.
A class travels by name, never by index: the table is in the file's metadata.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

BAND_NAMES = ("class", "confidence", "runner_up", "margin")
NODATA = 255
"""Value of every band outside the image; a GeoTIFF has one nodata value for all of its bands."""
MAX_SCORE = 254
"""Highest value of bands 2 and 4, so that a perfect score is not read as nodata."""
UNDECIDED = 254
"""Index in bands 1 and 3 of a pixel inside the image that no class wins."""
MAX_CLASSES = 254
TAG_CLASSES = "OCSGE_CLASSES"
TAG_MODEL = "OCSGE_MODEL"
TAG_SCHEMA = "OCSGE_PREDICTION"
SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class PredictedClass:
    """One row of the class table.

    Attributes:
        index: value in the raster, 0 to 253.
        name: name by which a profile maps it to a cover code, for instance `deciduous`.
        code_cs: cover code where the maker of the raster fixes it, else None and the profile decides.
        colour: `#RRGGBB` or None.
    """

    index: int
    name: str
    code_cs: str | None = None
    colour: str | None = None


def encode_classes(classes: tuple[PredictedClass, ...]) -> str:
    """Value of the tag `OCSGE_CLASSES`."""
    return json.dumps([asdict(c) for c in classes], ensure_ascii=False)


def decode_classes(text: str) -> tuple[PredictedClass, ...]:
    """Inverse of `encode_classes`.

    Raises:
        ValueError: not a table of classes, or an index occurs twice or is out of range.
    """
    try:
        classes = tuple(
            PredictedClass(int(row["index"]), str(row["name"]), row.get("code_cs"), row.get("colour"))
            for row in json.loads(text)
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a class table: {error!r}") from error
    indices = [c.index for c in classes]
    if len(set(indices)) != len(indices) or any(not 0 <= i < MAX_CLASSES for i in indices):
        raise ValueError(f"class indices must be distinct and in 0..{MAX_CLASSES - 1}: {indices}")
    return classes
