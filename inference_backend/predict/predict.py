# SPDX-License-Identifier: GPL-2.0-or-later
"""From rasters to a prediction: blocks are computed, kept, and put together; a stopped run goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from inference_backend.contracts.errors import OcsgeError
from inference_backend.errors import Cancelled, InputError, OutputError, OutputIsInputError
from inference_backend.predict.blocks.block_store import BlockStore, finished_blocks, open_store
from inference_backend.predict.blocks.block_work import BlockWork, BlockWorker, open_planned
from inference_backend.predict.blocks.products import make_products, output_paths
from inference_backend.predict.blocks.work_errors import PredictionHaltedError, PredictionPausedError
from inference_backend.predict.blocks.work_identity import work_identity
from inference_backend.predict.cluster.computer import ClusterComputer, open_cluster_computer
from inference_backend.predict.errors import RemoteRasterError
from inference_backend.predict.inputs.band_sources import BandSource
from inference_backend.predict.options import DEFAULT_OPTIONS, PredictOptions
from inference_backend.progress import Progress, Silent, Span
from inference_backend.work.work_folder import discard_unfinished

_ASSEMBLY_SHARE = 0.03  # of the progress: blocks are copied, not compressed again


def predict(
    rasters: Sequence[str | Path],
    model: Path,
    output: Path,
    options: PredictOptions = DEFAULT_OPTIONS,
    *,
    progress: Progress | None = None,
) -> Path:
    """Classify every pixel of co-registered rasters.

    The output appears whole or not at all. What a run that was stopped, killed or out of disk has finished is
    kept in a hidden folder beside it; the same call goes on from there, another one starts over.

    Args:
        rasters: local files, VRTs, addresses of COGs or GDAL descriptions of flows that together hold the
            model's bands, on one grid.
        model: ONNX file with a card.
        output: GeoTIFF to write, see `contracts.prediction`.
        options: engine, bands, area, overlap and what else to write.
        progress: told ten times a second; raises to cancel.

    Returns:
        `output`.

    Raises:
        InputError: a raster or model that cannot be used; nothing is kept.
        RemoteRasterError: a server stopped; finished blocks are kept.
        OutputInUseError: another process is writing `output`.
        OutputError: the result cannot be written.
        EngineError: the engine cannot run the model.
        ClusterError: `options.scheduler` cannot do it; finished blocks are kept.
        Cancelled: the user stopped.
    """
    progress = progress or Silent()
    progress.update(0.0)
    with _open_computer(rasters, model, options, progress) as worker:
        work = worker.work
        _refuse_to_replace_inputs(worker.sources, output_paths(work, output))
        identity = work_identity(work, worker.sources, worker.engine)
        with (
            output_errors(output),
            open_store(output, work.lattice, work.block_files, identity, restart=options.restart) as store,
            _kept_blocks(store, output),
        ):
            compute = Span(progress, 0.0, 1.0 - _ASSEMBLY_SHARE, _beginning(store))
            _compute(worker, store, compute)
            make_products(
                work, worker.model, store, output, Span(progress, 1.0 - _ASSEMBLY_SHARE, 1.0, "writing")
            )
    progress.update(1.0)
    return output


@contextmanager
def _open_computer(
    rasters: Sequence[str | Path], model: Path, options: PredictOptions, progress: Progress
) -> Iterator[BlockWorker | ClusterComputer]:
    """What computes blocks: this process, or the cluster that the options name."""
    if options.scheduler:
        with open_cluster_computer(rasters, model, options, lambda _: progress.update(0.0)) as cluster:
            yield cluster
    else:
        with open_planned(rasters, model, options) as worker:
            yield worker


def _refuse_to_replace_inputs(bands: Sequence[BandSource], outputs: Sequence[Path]) -> None:
    inputs = [Path(band.path) for band in bands if band.path is not None]
    for output in outputs:
        if output.exists() and any(path.exists() and output.samefile(path) for path in inputs):
            raise OutputIsInputError(path=output)


def _beginning(store: BlockStore) -> str:
    """The name of the step, by which the user learns what becomes of an earlier run."""
    if store.changed:
        return "starting over, inputs or options have changed"
    return "going on from finished blocks" if store.done else ""


def _compute(worker: BlockWorker | ClusterComputer, store: BlockStore, progress: Progress) -> None:
    lattice, missing = worker.work.lattice, store.missing()
    waiting = sum(lattice.tile_count(block) for block in missing)
    total = waiting + sum(lattice.tile_count(block) for block in store.done)

    def watch(tiles: int) -> None:
        progress.update((total - waiting + tiles) / total)

    worker.compute(missing, store.save, watch)


@contextmanager
def _kept_blocks(store: BlockStore, output: Path) -> Iterator[None]:
    """Say what is kept where the work stops; nothing of inputs that cannot be used.

    A server that stops half-way is no such input: it comes back, and what it gave was good.
    """
    try:
        yield
    except RemoteRasterError:
        raise
    except InputError:
        store.remove()
        raise
    except Cancelled as error:
        if not store.done:
            raise
        raise PredictionPausedError(**_kept(store)) from error
    except (OutputError, OSError) as error:
        if not store.done:
            raise
        reason = error.values["reason"] if isinstance(error, OutputError) else error
        raise PredictionHaltedError(path=output, reason=reason, **_kept(store)) from error


def _kept(store: BlockStore) -> dict[str, object]:
    return {"done": len(store.done), "total": len(store.lattice), "folder": store.folder}


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


__all__ = ["BlockWork", "discard_unfinished", "finished_blocks", "output_errors", "predict"]
