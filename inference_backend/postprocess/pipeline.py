# SPDX-License-Identifier: GPL-2.0-or-later
"""Prediction and reference vectors to a lot: the order of the steps, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray

from inference_backend.contracts.errors import OcsgeError
from inference_backend.contracts.lot import LotKey
from inference_backend.contracts.profile import Profile
from inference_backend.errors import Cancelled, InputError, OutputError, OutputIsInputError
from inference_backend.postprocess.blockwise import Tiling
from inference_backend.postprocess.borders.lot_making import make_cover
from inference_backend.postprocess.decision.decision import decide
from inference_backend.postprocess.decision.final_regions import FinalRegions
from inference_backend.postprocess.decision.use_rules import assign_use
from inference_backend.postprocess.lot.lot_metadata import new_lot_metadata
from inference_backend.postprocess.lot.lot_writer import write_lot
from inference_backend.postprocess.lot.reviewed_lot import require_replaceable
from inference_backend.postprocess.prediction.prediction_errors import UnreadablePrediction
from inference_backend.postprocess.prediction.prediction_reader import (
    Prediction,
    ReadOptions,
    open_prediction,
)
from inference_backend.postprocess.references.reference_layers import Notice
from inference_backend.postprocess.references.reference_set import ReferenceSet
from inference_backend.postprocess.references.reference_survey import Survey, SurveyPart, finish_survey
from inference_backend.postprocess.review.review_queue import build_queue
from inference_backend.postprocess.stages.block_store import REGIONS, StageStore, StoredRegions, open_stages
from inference_backend.postprocess.stages.executor import Executor, LocalThreads, run_watched, stop_unless
from inference_backend.postprocess.stages.lot_stages import LotWork
from inference_backend.postprocess.stages.work_errors import LotHaltedError, LotPausedError
from inference_backend.postprocess.stages.work_identity import work_identity
from inference_backend.postprocess.types import Codes, LandCover, RegionGraph, UseDecision
from inference_backend.progress import Progress, Silent, Span
from inference_backend.runtime.memory import return_large_arrays, return_small_pieces
from inference_backend.runtime.threads import usable_threads

BLOCK_PX = 2304
"""Side of a block: 461 m at 0.2 m. Larger ones bring no speed and take memory; with this one a commune of
1 km2 has a block with neighbours on all sides, which needs as much as any block of a département."""
GDAL_CACHE_BYTES = 64 * 2**20
"""GDAL's default grows with the machine; a block reads each tile once."""
T = TypeVar("T")


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
    aoi: Path | None = None,
    workers: int | None = None,
    scheduler: str = "",
    block_px: int | None = None,
    restart: bool = False,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> PostprocessSummary:
    """Write a lot: a valid coverage of the image with cover, use, confidence and a review queue.

    The lot appears whole or not at all, and is the same whatever `workers`, `scheduler` and `block_px` are.
    What a run that was stopped, killed or out of disk has finished is kept in a hidden folder beside it; the
    same call goes on from there, another one starts over.

    Args:
        prediction: COG of four bands, or a raster of classes alone.
        references: vector files or folders of them; may be empty.
        output: `lot.gpkg`.
        profile: nomenclature, thresholds and rules.
        millesime: year of the image.
        name: name of the lot; the output's by default.
        class_table: meaning of the indices, where the file does not say it.
        crs: coordinate system, where the file does not say it.
        pixel_m: side of a pixel, m, for a file without georeference.
        aoi: vector file of the area of interest; None for the whole image.
        workers: blocks worked on at a time in this process; the machine's cores by default.
        scheduler: address of a Dask scheduler or `local:N`; empty for threads of this process.
        block_px: side of a block.
        restart: start over, even where an earlier run left finished blocks.
        progress: told ten times a second; raises to cancel.

    Raises:
        OutputIsInputError: the lot would replace the prediction or a reference.
        PredictionError: the prediction cannot be used.
        VectorError: a reference or the area cannot be used.
        OutputError: the lot cannot be written.
        OutputInUseError: another process is writing it.
        ReviewedLotError, LotInUseError: a lot is there already and must not be replaced.
        ClusterError: `scheduler` cannot do it; finished blocks are kept.
        Cancelled: the user asked to stop.
    """
    return_large_arrays()
    _refuse_to_replace_inputs([prediction, *references], output)
    require_replaceable(output)
    progress.update(0.0, "prediction")
    options = ReadOptions(class_table, crs, pixel_m, aoi)
    with (
        rasterio.Env(GDAL_CACHEMAX=GDAL_CACHE_BYTES),
        open_prediction(prediction, profile, Codes(profile.nomenclature), options) as opened,
        open_executor(scheduler, workers, progress) as executor,
    ):
        tiling = Tiling(opened.shape, block_px or BLOCK_PX)
        identity = work_identity(opened, references, profile, tiling, options, millesime)
        with (
            output_errors(output),
            open_stages(output, tiling, identity, restart=restart) as store,
            _kept_blocks(store, output),
        ):
            lot = _Lot(opened, references, profile, store, executor, millesime, progress)
            cover, survey, outline = lot.make()
            summary = lot.write(output, name or output.stem, cover, survey, outline)
            store.finish()
    with suppress(Cancelled):  # too late: the lot is there
        progress.update(1.0, "done")
    return summary


@dataclass
class _Lot:
    prediction: Prediction
    sources: Sequence[Path]
    profile: Profile
    store: StageStore
    executor: Executor
    millesime: str
    progress: Progress
    notices: tuple[Notice, ...] = ()

    def make(self) -> tuple[LandCover, Survey, shapely.Geometry]:
        beginning = _beginning(self.store)
        references = self._watched(
            Span(self.progress, 0.0, 0.03, beginning or "references"),
            self._read_references,
        )
        self.notices = references.notices
        return_small_pieces()
        work = LotWork(self.prediction, references, self.profile, self.store, self.executor)
        counts, parts = work.survey(Span(self.progress, 0.03, 0.1, "references"))
        self.prediction.check_values(counts)
        survey = self._watched(
            Span(self.progress, 0.1, 0.13, "zone construite"),
            lambda progress: self._finish_survey(parts, references, progress),
        )
        return_small_pieces()
        work.regions(survey, Span(self.progress, 0.13, 0.65, "regions"))
        final = self._watched(
            Span(self.progress, 0.65, 0.72, "minimum areas"), lambda _: self._decide(survey)
        )
        return_small_pieces()
        borders = work.borders(final, Span(self.progress, 0.72, 0.77, "outlines"))
        return_small_pieces()
        cover, outline = self._watched(
            Span(self.progress, 0.77, 0.92),
            lambda progress: make_cover(
                borders, final, self.prediction, references, survey, self.profile, self.millesime, progress
            ),
        )
        return cover, survey, outline

    def write(
        self, output: Path, name: str, cover: LandCover, survey: Survey, outline: shapely.Geometry
    ) -> PostprocessSummary:
        queue = self._watched(
            Span(self.progress, 0.92, 0.95, "review queue"), lambda _: build_queue(cover, self.profile)
        )
        metadata = new_lot_metadata(self.profile, self.millesime, name, self.prediction.model)
        # Full precision: the control measures gaps against it.
        metadata[LotKey.FOOTPRINT.value] = shapely.to_wkt(outline, -1)
        writing = Span(self.progress, 0.95, 1.0, "writing")
        writing.update(0.0)
        require_replaceable(output)  # again: a review of the lot that is there may have begun meanwhile
        write_lot(output, cover, survey.zones, queue, metadata, writing)
        return _summary(cover, len(queue), self.notices)

    def _read_references(self, progress: Progress) -> ReferenceSet:
        read = ReferenceSet.read(self.sources, self.prediction.grid, self.profile, self.millesime)
        progress.update(0.9)  # a run that was stopped must not write into the folder of the next one
        return read.spooled(self.store.work.path)

    def _finish_survey(
        self, parts: Iterable[SurveyPart], references: ReferenceSet, progress: Progress
    ) -> Survey:
        survey = finish_survey(parts, references, self.prediction.grid.bounds, self.profile)
        progress.update(0.9)  # as above
        return survey.spooled(self.store.work.path)

    def _decide(self, survey: Survey) -> FinalRegions:
        pixel_m2 = self.prediction.grid.pixel_area_m2

        def use_of(graph: RegionGraph, codes: Codes, profile: Profile) -> UseDecision:
            return assign_use(graph, codes, profile, pixel_m2)

        return decide(
            StoredRegions(self.store),
            self.store.tiling,
            survey,
            use_of,
            self.profile,
            pixel_area_m2=pixel_m2,
        )

    def _watched(self, span: Progress, work: Callable[[Progress], T]) -> T:
        """A step of the whole lot, which the user can leave at any moment."""
        told = _Told()

        def watch() -> None:
            span.update(told.share, told.message)

        watch()
        try:
            return run_watched(lambda: work(told), watch)
        finally:
            told.is_wanted = False


class _Told:
    """Progress of another thread, passed on by the one that may be cancelled."""

    share, message, is_wanted = 0.0, "", True

    def update(self, share: float, message: str = "") -> None:
        stop_unless(lambda: self.is_wanted)  # a service lives on after a job that was cancelled
        self.share, self.message = share, message


@contextmanager
def open_executor(scheduler: str, workers: int | None, progress: Progress) -> Iterator[Executor]:
    """What does the blocks: threads of this process, or the cluster that `scheduler` names."""
    if scheduler:
        from inference_backend.postprocess.stages.cluster_executor import open_cluster_executor

        with open_cluster_executor(scheduler, lambda: progress.update(0.0)) as cluster:
            yield cluster
    else:
        yield LocalThreads(workers or usable_threads())


def _beginning(store: StageStore) -> str:
    """The name of the step, by which the user learns what becomes of an earlier run."""
    if store.work.changed:
        return "starting over, inputs or options have changed"
    return "going on from finished blocks" if store.count() else ""


def _refuse_to_replace_inputs(inputs: Sequence[Path], output: Path) -> None:
    for path in inputs:
        if path.exists() and output.exists() and output.samefile(path):
            raise OutputIsInputError(path=output)


@contextmanager
def _kept_blocks(store: StageStore, output: Path) -> Iterator[None]:
    """Say what is kept where the work stops; nothing of inputs that cannot be used."""
    try:
        yield
    except InputError as error:
        # A raster that the survey has read in whole is good: its drive went away for a while.
        if not (isinstance(error, UnreadablePrediction) and store.done[REGIONS]):
            store.finish()
        raise
    except Cancelled as error:
        if not store.count():
            raise
        raise LotPausedError(done=store.count(), folder=store.work.path) from error
    except (OutputError, OSError) as error:
        # Those with causes of their own, such as a lot under review, say themselves what to do.
        if not store.count() or (isinstance(error, OcsgeError) and type(error) is not OutputError):
            raise
        reason = error.values["reason"] if isinstance(error, OutputError) else error.strerror or error
        raise LotHaltedError(
            path=output, reason=reason, done=store.count(), folder=store.work.path
        ) from error


@contextmanager
def output_errors(target: Path) -> Iterator[None]:
    """Turn what the system raises while writing into `OutputError`."""
    try:
        yield
    except OSError as error:
        if isinstance(error, OcsgeError):
            raise
        reason = error.strerror or str(error) or type(error).__name__
        raise OutputError(path=target, reason=reason) from error


def _summary(cover: LandCover, items: int, notices: tuple[Notice, ...]) -> PostprocessSummary:
    area: NDArray[np.float64] = cover.columns["area_m2"].astype(np.float64)
    excused = Counter(str(excuse) for excuse in cover.columns["excuse"] if excuse)
    return PostprocessSummary(len(cover.geometry), float(area.sum()), items, dict(excused), notices)
