# SPDX-License-Identifier: GPL-2.0-or-later
"""Prediction and reference vectors to a lot: the order of the steps, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from inference_backend import __version__
from inference_backend.contracts.lot import SCHEMA_VERSION, LotKey
from inference_backend.contracts.profile import Profile
from inference_backend.errors import OutputIsInputError
from inference_backend.postprocess.burn import burn_references
from inference_backend.postprocess.land_cover import build_land_cover
from inference_backend.postprocess.lot_writer import write_lot
from inference_backend.postprocess.prediction_reader import ReadOptions, read_prediction
from inference_backend.postprocess.reference_layers import Notice
from inference_backend.postprocess.references import read_references
from inference_backend.postprocess.review_queue import build_queue
from inference_backend.postprocess.reviewed_lot import require_replaceable
from inference_backend.postprocess.trace import trace_mask
from inference_backend.postprocess.types import Codes, LandCover, RegionGraph, UseDecision
from inference_backend.postprocess.use_rules import assign_use
from inference_backend.postprocess.zone_construite import polygons as zone_polygons
from inference_backend.progress import Progress, Silent, Span


@dataclass(frozen=True)
class PostprocessSummary:
    """What came out.

    Attributes:
        polygons: rows of `occupation_sol`.
        area_m2: their total area.
        review_items: rows of `review_item`.
        excused: number of polygons under their threshold by excuse.
        notices: what the reader of the result must know about the references.
    """

    polygons: int
    area_m2: float
    review_items: int
    excused: dict[str, int]
    notices: tuple[Notice, ...]


def postprocess(
    prediction: Path,
    references: Sequence[Path],
    output: Path,
    *,
    profile: Profile,
    millesime: str,
    name: str = "",
    class_table: str | None = None,
    crs: str | None = None,
    pixel_m: float | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> PostprocessSummary:
    """Write a lot: a valid coverage of the image with cover, use, confidence and a review queue.

    Args:
        prediction: COG of four bands, or a raster of classes alone.
        references: vector files or folders of them; may be empty.
        output: `lot.gpkg`, which appears whole or not at all.
        profile: nomenclature, thresholds and rules.
        millesime: year of the image.
        name: name of the lot; the output's by default.
        class_table: meaning of the indices, where the file does not say it.
        crs: coordinate system, where the file does not say it.
        pixel_m: side of a pixel, m, for a file without georeference.
        progress: receives the share done; may raise `Cancelled`.

    Raises:
        OutputIsInputError: the lot would replace the prediction or a reference.
        PredictionError: the prediction cannot be used.
        VectorError: a reference cannot be used.
        OutputError: the lot cannot be written.
        ReviewedLotError, LotInUseError: a lot is there already and must not be replaced.
        Cancelled: the user asked to stop.
    """
    _refuse_to_replace_inputs([prediction, *references], output)
    require_replaceable(output)
    codes = Codes(profile.nomenclature)
    progress.update(0.0, "prediction")
    planes, model = read_prediction(prediction, profile, codes, ReadOptions(class_table, crs, pixel_m))
    progress.update(0.05, "references")
    layers = read_references(references, planes.grid, profile)
    progress.update(0.1, "references")
    reference = burn_references(layers, planes, profile)
    progress.update(0.25, "zone construite")
    zones = zone_polygons(reference.zone_construite, planes.inside, planes.grid, profile)
    pixel_m2 = planes.grid.pixel_area_m2

    def use_of(graph: RegionGraph, codes: Codes, profile: Profile) -> UseDecision:
        return assign_use(graph, codes, profile, pixel_m2)

    cover = build_land_cover(planes, reference, zones, use_of, profile, millesime, Span(progress, 0.3, 0.85))
    progress.update(0.85, "review queue")
    queue = build_queue(cover, profile)
    progress.update(0.95, "writing")
    metadata = _metadata(profile, millesime, name or output.stem, model)
    # Full precision: the control measures gaps against it.
    metadata[LotKey.FOOTPRINT.value] = shapely.to_wkt(trace_mask(planes.inside, planes.grid), -1)
    write_lot(output, cover, zones, queue, metadata)
    progress.update(1.0, "done")
    return _summary(cover, len(queue), layers.notices)


def _refuse_to_replace_inputs(inputs: Sequence[Path], output: Path) -> None:
    for path in inputs:
        if path.exists() and output.exists() and output.samefile(path):
            raise OutputIsInputError(path=output)


def _metadata(profile: Profile, millesime: str, name: str, model: str) -> dict[str, str]:
    return {
        LotKey.SCHEMA.value: SCHEMA_VERSION,
        LotKey.NAME.value: name,
        LotKey.PROFILE.value: profile.name,
        LotKey.PROFILE_VERSION.value: profile.version,
        LotKey.MILLESIME.value: millesime,
        LotKey.SOFTWARE.value: __version__,
        LotKey.CREATED.value: datetime.now(UTC).isoformat(timespec="seconds"),
        LotKey.MODEL.value: model,
    }


def _summary(cover: LandCover, items: int, notices: tuple[Notice, ...]) -> PostprocessSummary:
    area: NDArray[np.float64] = cover.columns["area_m2"].astype(np.float64)
    excused = Counter(str(excuse) for excuse in cover.columns["excuse"] if excuse)
    return PostprocessSummary(len(cover.geometry), float(area.sum()), items, dict(excused), notices)
