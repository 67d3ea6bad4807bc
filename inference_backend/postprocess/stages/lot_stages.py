# SPDX-License-Identifier: GPL-2.0-or-later
"""The stages of a lot in order, each on all of its blocks, going on from what is done already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.blockwise import I64, BlockBorders, BlockRegions, Window
from inference_backend.postprocess.borders.block_rims import Rims, ring_of
from inference_backend.postprocess.decision.final_regions import FinalRegions
from inference_backend.postprocess.prediction.prediction_reader import Prediction
from inference_backend.postprocess.references.reference_set import ReferenceSet
from inference_backend.postprocess.references.reference_survey import Survey, SurveyPart
from inference_backend.postprocess.stages import stages
from inference_backend.postprocess.stages.block_store import BORDERS, REGIONS, SURVEY, StageStore
from inference_backend.postprocess.stages.executor import Executor, Task
from inference_backend.progress import Progress

HALO_M = 32.0
"""How far beyond its core a block looks at first; twice as far wherever that does not decide the core."""
Block = tuple[int, int]


@dataclass(frozen=True)
class LotWork:
    """What all stages of a lot share.

    Attributes:
        prediction: open.
        references: of the whole lot.
        profile: rules.
        store: finished blocks.
        executor: does the others.
    """

    prediction: Prediction
    references: ReferenceSet
    profile: Profile
    store: StageStore
    executor: Executor

    def survey(self, progress: Progress) -> tuple[I64, Iterator[SurveyPart]]:
        """Look at every block; pixels of each raster value, and what the blocks say about the references.

        Raises:
            PredictionError: the raster cannot be read.
            Cancelled: the user stopped.
        """

        def own(block: Block) -> tuple[ReferenceSet, Window]:
            core = self.store.tiling.core(block)
            return self._near(core), core

        self._run(SURVEY, stages.survey, self.prediction, own, progress)
        read = self.store.read
        counts = sum(
            (read(SURVEY, block, stages.SurveyedBlock, ["part"]).counts for block in self.store.tiling),
            np.zeros(256, np.int64),
        )
        return counts, (read(SURVEY, block, stages.SurveyedBlock).part for block in self.store.tiling)

    def regions(self, survey: Survey, progress: Progress) -> None:
        """Regions of every block, with a wider halo where the first one does not decide them.

        Raises:
            PredictionError: the raster cannot be read.
            Cancelled: the user stopped.
        """
        tiling, whole = self.store.tiling, self.prediction.shape
        first_px = halo_px = max(round(HALO_M / self.prediction.grid.pixel_m), self.references.reach_px, 1)
        while self.store.missing(REGIONS):
            sides = [tiling.side_px + 2 * px for px in (halo_px, first_px)]

            def own(block: Block, halo_px: int = halo_px) -> stages.RegionsTask:
                core = tiling.core(block)
                window = core.grown(halo_px, whole)
                return stages.RegionsTask(window, core, self._near(window), survey.window(window))

            common, weight = (self.prediction, self.profile), (sides[0] / sides[1]) ** 2
            self._run(REGIONS, stages.regions, common, own, progress, weight)
            halo_px *= 2

    def borders(self, final: FinalRegions, progress: Progress) -> Iterator[BlockBorders]:
        """Pieces of the borders between final regions.

        Raises:
            Cancelled: the user stopped.
        """
        store = self.store
        rims: dict[Block, Rims] = {}
        if store.missing(BORDERS):
            for block in store.tiling:
                part = store.read(REGIONS, block, BlockRegions, ["labels"])
                rims[block] = Rims.of(part, final.number[block])

        def own(block: Block) -> stages.BordersTask:
            data = store.data(REGIONS, block)
            return stages.BordersTask(
                store.tiling.core(block), data, final.number[block], ring_of(block, rims)
            )

        self._run(BORDERS, stages.borders, None, own, progress)
        return (store.read(BORDERS, block, BlockBorders) for block in store.tiling)

    def _near(self, window: Window) -> ReferenceSet:
        return self.references.window(window.grid(self.prediction.grid).bounds)

    def _run(
        self,
        stage: str,
        task: Task,
        common: Any,
        own: Callable[[Block], Any],
        progress: Progress,
        weight: float = 1.0,
    ) -> None:
        """Do what is missing of a stage; a result of None is not kept, so that the block stays missing."""
        store, total = self.store, len(self.store.tiling)

        def watch() -> None:
            progress.update(len(store.done[stage]) / total)

        def save(block: Block, data: bytes | None) -> None:
            if data is not None:
                store.save(stage, block, data)

        self.executor.run(task, common, store.missing(stage), own, save, watch, weight)
        watch()
