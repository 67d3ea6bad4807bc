# SPDX-License-Identifier: GPL-2.0-or-later
"""From rasters to a prediction: reading, inference and writing overlap."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from inference_backend.contracts.prediction import NODATA
from inference_backend.errors import OutputIsInputError
from inference_backend.models.reader import ModelFile, read_model
from inference_backend.predict.band_sources import BandSource, find_bands
from inference_backend.predict.errors import UnexpectedScoresError
from inference_backend.predict.input_stack import InputStack, TileValues, open_stack
from inference_backend.predict.options import DEFAULT_OPTIONS, PredictOptions
from inference_backend.predict.prediction_writer import PredictionWriter, write_prediction
from inference_backend.predict.raster_checks import parse_crs
from inference_backend.predict.scores import planes_of_scores
from inference_backend.predict.tile_plan import Tile, TilePlan
from inference_backend.progress import Progress, Silent
from inference_backend.runtime.choose import open_engine
from inference_backend.runtime.engine import Engine

GDAL_CACHE_BYTES = 128 * 2**20
"""Enough for one row of blocks of a 50,000 px wide ortho-image; GDAL's default grows with the machine."""
_INFERENCE_SHARE = 0.95  # of the progress; the rest is the making of the COG
_READ_AHEAD_TILES = 2


def predict(
    rasters: Sequence[str | Path],
    model: Path,
    output: Path,
    options: PredictOptions = DEFAULT_OPTIONS,
    *,
    progress: Progress | None = None,
) -> Path:
    """Classify every pixel of co-registered rasters.

    Args:
        rasters: local files, VRTs, addresses of COGs or GDAL descriptions of flows that together hold the
            model's bands, on one grid.
        model: ONNX file with a card.
        output: GeoTIFF to write, see `contracts.prediction`.
        options: engine, bands, area, overlap and what else to write.
        progress: told after each tile; raises to cancel.

    Returns:
        `output`.

    Raises:
        InputError: a raster or model that cannot be used.
        OutputError: the result cannot be written.
        EngineError: the engine cannot run the model.
        Cancelled: the user stopped; nothing is left behind.
    """
    progress = progress or Silent()
    progress.update(0.0)
    model_file = read_model(model)
    sources = find_bands(rasters, model_file.card, options.choice, options.policy)
    _refuse_to_replace_inputs(sources, output)
    runner = open_engine(options.engine, model_file)
    with (
        rasterio.Env(GDAL_CACHEMAX=GDAL_CACHE_BYTES),
        open_stack(
            sources,
            model_file.card,
            resample=options.resample,
            crs=parse_crs(options.crs),
            policy=options.policy,
        ) as stack,
    ):
        plan = TilePlan(stack.grid.shape, model_file.card.tile_px, model_file.card.overlap_px)
        with write_prediction(output, stack.grid, model_file, plan.core_px) as writer:
            _run(plan, stack, TileClassifier(model_file, runner), writer, progress)
    progress.update(1.0)
    return output


def _refuse_to_replace_inputs(sources: Sequence[BandSource], output: Path) -> None:
    for source in sources:
        file = Path(source.path) if source.path is not None else None
        if file is not None and output.exists() and file.exists() and output.samefile(file):
            raise OutputIsInputError(path=output)


@dataclass(frozen=True)
class TileClassifier:
    """Network and card together: raster values in, prediction planes out."""

    model: ModelFile
    engine: Engine

    def classify(self, tile: Tile, read: TileValues) -> NDArray[np.uint8]:
        """Planes (4, core, core) uint8 of a tile's core.

        Raises:
            UnexpectedScoresError: the network's answer does not fit the card.
        """
        margin = tile.margin_px
        core = (slice(margin, margin + tile.core_px),) * 2
        inside = np.ascontiguousarray(read.inside[core])
        if not inside.any():
            return np.full((4, *inside.shape), NODATA, np.uint8)
        card = self.model.card
        scores = self._core_scores(self.engine.infer(read.values[None])[0], tile)
        return planes_of_scores(scores, inside, card.output, card.min_confidence)

    def _core_scores(self, scores: NDArray[np.generic], tile: Tile) -> NDArray[np.generic]:
        """Scores (K, core, core); a network may return a smaller window than it was given."""
        if scores.ndim == 2:
            scores = scores[None]
        card = self.model.card
        lost, odd = divmod(card.tile_px - scores.shape[-1], 2)
        known = (1,) if card.output == "argmax" else (len(card.classes), 1 if len(card.classes) == 2 else 0)
        if odd or not 0 <= lost <= tile.margin_px or scores.shape[0] not in known:
            expected = (len(card.classes), card.tile_px, card.tile_px)
            raise UnexpectedScoresError(path=self.model.path, shape=scores.shape, expected=expected)
        start = tile.margin_px - lost
        return scores[:, start : start + tile.core_px, start : start + tile.core_px]


def _run(
    plan: TilePlan,
    stack: InputStack,
    classifier: TileClassifier,
    writer: PredictionWriter,
    progress: Progress,
) -> None:
    """One thread reads, the engine's threads classify, this one writes and watches for cancellation."""
    # Closed here, so that no thread still reads when an error closes the rasters.
    with closing(_classified(plan, stack, classifier)) as tiles:
        for done, (tile, planes) in enumerate(tiles, start=1):
            rows, cols = tile.core(plan.shape)
            writer.write(planes[:, : rows.stop - rows.start, : cols.stop - cols.start], rows, cols)
            progress.update(_INFERENCE_SHARE * done / len(plan))


def _classified(
    plan: TilePlan, stack: InputStack, classifier: TileClassifier
) -> Generator[tuple[Tile, NDArray[np.uint8]], None, None]:
    """Planes of every tile in order, a bounded number of tiles being under way."""
    workers = classifier.engine.workers
    pending: deque[tuple[Tile, Future[NDArray[np.uint8]]]] = deque()
    with _pool(1) as reader, _pool(workers) as pool:
        for tile in plan:
            values = reader.submit(stack.read, tile)
            pending.append((tile, pool.submit(_classify_when_read, classifier, tile, values)))
            if len(pending) > workers + _READ_AHEAD_TILES:
                first, planes = pending.popleft()
                yield first, planes.result()
        for last, planes in pending:
            yield last, planes.result()


def _classify_when_read(
    classifier: TileClassifier, tile: Tile, values: Future[TileValues]
) -> NDArray[np.uint8]:
    return classifier.classify(tile, values.result())


@contextmanager
def _pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Threads whose waiting work is dropped when the block ends by an error."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
