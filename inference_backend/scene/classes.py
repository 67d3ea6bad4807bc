# SPDX-License-Identifier: GPL-2.0-or-later
"""Physical classes of the label rasters, in index order."""

from __future__ import annotations

from inference_backend.contracts.prediction import PredictedClass

BUILDING, GREENHOUSE, POOL, IMPERVIOUS, PERVIOUS, BARE, WATER, HERB, CROP, PLOWED = range(10)
VINEYARD, DECIDUOUS, CONIFEROUS, BRUSH, CLEAR_CUT = range(10, 15)
OUTSIDE = 255
KEEP = 254
"""Label of an object that leaves the label beneath it as it is, for instance a car."""

_TABLE = (
    ("building", "#DB0E9A"),
    ("greenhouse", "#9999FF"),
    ("swimming pool", "#3DE6EB"),
    ("impervious surface", "#F80C00"),
    ("pervious surface", "#938E7B"),
    ("bare soil", "#A97101"),
    ("water", "#1553AE"),
    ("herbaceous vegetation", "#55FF00"),
    ("agricultural land", "#FFF30D"),
    ("plowed land", "#E4DF7C"),
    ("vineyard", "#660082"),
    ("deciduous", "#46E483"),
    ("coniferous", "#194A26"),
    ("brushwood", "#F3A60D"),
    ("clear cut", "#8AB3A0"),
)
CLASSES = tuple(PredictedClass(i, name, None, colour) for i, (name, colour) in enumerate(_TABLE))
