# SPDX-License-Identifier: GPL-2.0-or-later
"""From the borders of a whole lot to its polygons: vectors alone."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.blockwise import BlockBorders
from inference_backend.postprocess.borders.arcs import stitch
from inference_backend.postprocess.borders.area_cure import cure_areas, excuses
from inference_backend.postprocess.borders.assemble import assemble
from inference_backend.postprocess.borders.smooth import Sides, finish
from inference_backend.postprocess.decision.final_regions import FinalRegions
from inference_backend.postprocess.decision.region_columns import region_columns
from inference_backend.postprocess.prediction.prediction_reader import Prediction
from inference_backend.postprocess.references.reference_set import ReferenceSet
from inference_backend.postprocess.references.reference_survey import Survey
from inference_backend.postprocess.types import Codes, LandCover
from inference_backend.progress import Progress

Geometries = NDArray[np.object_]


def make_cover(
    parts: Iterable[BlockBorders],
    final: FinalRegions,
    prediction: Prediction,
    references: ReferenceSet,
    survey: Survey,
    profile: Profile,
    millesime: str,
    progress: Progress,
) -> tuple[LandCover, shapely.Geometry]:
    """The product in memory, and the outline of all its polygons.

    Args:
        parts: borders of every block.
        final: regions that they part.
        prediction: for grid and scores.
        references: of the whole lot.
        survey: what was imposed.
        profile: rules.
        millesime: year of the image.
        progress: told before each step.

    Raises:
        Cancelled: the user stopped.
    """
    grid = prediction.grid
    progress.update(0.0, "outlines")
    borders = stitch(parts)
    progress.update(0.1, "simplification")
    lot = final.lot
    imposed = survey.imposed(references).edges(grid.bounds)[1]
    arcs = finish(borders, Sides(lot.cs, lot.us, lot.ossature), imposed, grid, profile)
    progress.update(0.5, "geometry")
    polygons, outline = assemble(arcs, len(final), grid)
    progress.update(0.7, "areas")
    polygons, final = cure_areas(polygons, final, survey.zones, profile)
    progress.update(0.9, "columns")
    codes = Codes(profile.nomenclature)
    columns = region_columns(
        final, codes, millesime, references.source_objects, has_scores=prediction.has_scores
    )
    columns |= {
        "area_m2": shapely.area(polygons),
        "excuse": excuses(polygons, final, survey.zones, profile),
    }
    return LandCover(polygons, columns, grid, {"polygons": float(len(polygons))}), outline
