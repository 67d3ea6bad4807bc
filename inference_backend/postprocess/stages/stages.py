# SPDX-License-Identifier: GPL-2.0-or-later
"""What is done to one block in each stage, wherever it is done: here or on another machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.blockwise import I64, BlockRegions, HaloTooSmall, Window
from inference_backend.postprocess.borders.tracing import trace_block
from inference_backend.postprocess.burning.burn_window import read_and_burn
from inference_backend.postprocess.prediction.prediction_reader import Prediction
from inference_backend.postprocess.references.reference_set import ReferenceSet
from inference_backend.postprocess.references.reference_survey import Survey, SurveyPart, survey_block
from inference_backend.postprocess.regions.block_regions import regions_of_block
from inference_backend.postprocess.stages.executor import stop_unless
from inference_backend.postprocess.types import I32
from inference_backend.work.array_file import pack, unpack

IsWanted = Callable[[], bool]


@dataclass(frozen=True)
class SurveyedBlock:
    """A first look at a block.

    Attributes:
        counts: (256,) int64 pixels of each raster value.
        part: what it says about the references.
    """

    counts: I64
    part: SurveyPart


@dataclass(frozen=True)
class RegionsTask:
    """What the regions of a block need beside the prediction.

    Attributes:
        window: to be read.
        core: to be decided.
        references: that have a say in the window.
        survey: of the lot, for the window.
    """

    window: Window
    core: Window
    references: ReferenceSet
    survey: Survey


@dataclass(frozen=True)
class BordersTask:
    """What the borders of a block need.

    Attributes:
        core: where the block lies.
        regions: its packed `BlockRegions`.
        number: (n_b,) int32 final region of each of its regions.
        ring: see `block_rims.ring_of`.
    """

    core: Window
    regions: bytes
    number: I32
    ring: tuple[I32, I32, I32, I32]


def survey(prediction: Prediction, own: tuple[ReferenceSet, Window], is_wanted: IsWanted) -> bytes:
    """A packed `SurveyedBlock`."""
    references, window = own
    planes, counts = prediction.read_classes(window)
    stop_unless(is_wanted)
    return pack(SurveyedBlock(counts, survey_block(references, planes, window)))


def regions(common: tuple[Prediction, Profile], own: RegionsTask, is_wanted: IsWanted) -> bytes | None:
    """A packed `BlockRegions`; None where the window's halo does not decide the core."""
    prediction, profile = common
    planes, reference = read_and_burn(own.references, own.survey, prediction.read, own.window)
    stop_unless(is_wanted)
    try:
        found = regions_of_block(planes, reference, own.window, own.core, prediction.grid, profile)
    except HaloTooSmall:
        return None
    stop_unless(is_wanted)
    return pack(found)


def borders(_common: None, own: BordersTask, is_wanted: IsWanted) -> bytes:
    """A packed `BlockBorders`."""
    labels = unpack(own.regions, BlockRegions).labels
    height, width = labels.shape
    final = np.empty((height + 2, width + 2), np.int32)
    _renumber(labels, own.number, final[1:-1, 1:-1])
    final[0], final[-1], final[1:-1, 0], final[1:-1, -1] = own.ring
    stop_unless(is_wanted)
    return pack(trace_block(final, own.core))


@njit(cache=True, nogil=True)
def _renumber(labels: I32, number: I32, final: I32) -> None:
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            label = labels[row, col]
            final[row, col] = number[label] if label >= 0 else -1
