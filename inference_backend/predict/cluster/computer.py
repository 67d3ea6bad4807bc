# SPDX-License-Identifier: GPL-2.0-or-later
"""A prediction whose blocks a Dask cluster computes, with the face of a local `BlockWorker`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from inference_backend.models.reader import ModelFile, read_model
from inference_backend.predict.blocks.block_work import BlockWork, Save, Watch, plan_work
from inference_backend.predict.blocks.lattice import Block
from inference_backend.predict.cluster.executor import Cluster, open_cluster
from inference_backend.predict.inputs.band_sources import BandChoice, BandSource, find_bands
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.predict.inputs.sources import parse_source
from inference_backend.predict.options import PredictOptions

_UNSETTLED = "onnxruntime"
"""Stands for the engine while the work is planned; the cluster says which one it is."""


@dataclass(frozen=True)
class ClusterEngine:
    """What is known of the workers' engine."""

    name: str
    precision: str


@dataclass(frozen=True)
class ClusterComputer:
    """Computes blocks elsewhere.

    Attributes:
        work: of the prediction, with the cluster's engine.
        model: as read here.
        sources: of the model's bands.
        engine: of the workers.
        cluster: connected.
    """

    work: BlockWork
    model: ModelFile
    sources: tuple[BandSource, ...]
    engine: ClusterEngine
    cluster: Cluster

    def compute(self, blocks: Sequence[Block], save: Save, watch: Watch) -> None:
        """Compute `blocks`; see `Cluster.run`."""
        self.cluster.run(_for_workers(self.work), self.engine.precision, blocks, save, watch)


@contextmanager
def open_cluster_computer(
    rasters: Sequence[str | Path], model: Path, options: PredictOptions, watch: Watch
) -> Iterator[ClusterComputer]:
    """Plan the work here, connect to `options.scheduler`, and let the cluster settle the engine.

    Args:
        rasters: readable from here and, under the same names, from the workers.
        model: readable from here.
        options: of the prediction.
        watch: called now and then while the cluster gets ready; raises to stop.

    Raises:
        InputError: a raster or model that cannot be used.
        ClusterError: no cluster, or one with other software.
        EngineError: the cluster's engine cannot load the model.
    """
    model_file = read_model(model)
    work = plan_work(rasters, model, replace(options, engine=_UNSETTLED))
    sources = find_bands(work.rasters, model_file.card, options.choice, options.policy)
    with open_cluster(options.scheduler, model_file) as cluster:
        name, precision = cluster.settle_engine(options.engine, watch)
        settled = replace(work, options=replace(work.options, engine=name))
        yield ClusterComputer(settled, model_file, sources, ClusterEngine(name, precision), cluster)


def _for_workers(work: BlockWork) -> BlockWork:
    """The work with whole paths: a worker has another current folder."""
    options = work.options
    bands: Mapping[str, tuple[str | Path, int]] = {
        name: (_whole(str(path), options.policy), index)
        for name, (path, index) in options.choice.bands.items()
    }
    choice = BandChoice(bands, options.choice.fill)
    aoi = None if options.aoi is None else options.aoi.absolute()
    rasters = tuple(_whole(raster, options.policy) for raster in work.rasters)
    return replace(work, rasters=rasters, options=replace(options, choice=choice, aoi=aoi))


def _whole(name: str, policy: SourcePolicy) -> str:
    return str(Path(name).absolute()) if parse_source(name, policy).kind == "file" else name
