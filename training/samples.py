# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes as arrays, and patches drawn from them so that rare classes are seen often enough."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from training.seeds import check_seeds

YEARS = (2019, 2022)
IGNORED = 255
RARITY_POWER = 0.5
"""A class is drawn in proportion to its frequency to the power of this: 1 is as it comes, 0 all alike."""


@dataclass(frozen=True)
class SceneArrays:
    """One scene at one date.

    Attributes:
        bands: (4, H, W) uint8, red, green, blue, near infrared.
        height_m: (H, W) float16, above ground.
        labels: (H, W) uint8, class index, 255 outside.
    """

    bands: NDArray[np.uint8]
    height_m: NDArray[np.float16]
    labels: NDArray[np.uint8]


def load_scene(seed: int, year: int, size_m: float, pixel_m: float, cache: Path) -> SceneArrays:
    """Render a scene, or read it from `cache`, a folder that may be deleted at any time."""
    check_seeds([seed])
    path = cache / f"scene_{seed}_{year}_{size_m:g}_{pixel_m:g}.npz"
    if not path.exists():
        from inference_backend.scene.generate import render_arrays

        bands, height_m, labels = render_arrays(seed, size_m, pixel_m, year)
        cache.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part.npz")
        np.savez(
            partial,
            bands=bands,
            height_m=height_m.astype(np.float16),
            labels=labels,
        )
        partial.replace(path)
    with np.load(path) as stored:
        return SceneArrays(stored["bands"], stored["height_m"], stored["labels"])


class PatchSampler:
    """Draws patches around pixels of classes chosen by rarity.

    Args:
        scenes: to draw from; more may be appended to it while training runs.
        classes: number of classes.
        random: source of chance.
    """

    def __init__(self, scenes: list[SceneArrays], classes: int, random: np.random.Generator) -> None:
        self._scenes, self._classes, self._random = scenes, classes, random
        self._places: list[list[NDArray[np.int64]]] = []

    def batch(self, count: int, side_px: int, shrink: float) -> tuple[Tensor, Tensor]:
        """(count, 5, side, side) float32 image and (count, side, side) int64 labels.

        Args:
            count: patches.
            side_px: side of the patches returned.
            shrink: ground covered relative to `side_px` pixels; 1.2 is a coarser flight.
        """
        self._index_new_scenes()
        taken = round(side_px * shrink)
        patches = [self._patch(taken) for _ in range(count)]
        image = torch.from_numpy(np.stack([image for image, _ in patches]))
        label = torch.from_numpy(np.stack([label for _, label in patches])).float()[:, None]
        if taken != side_px:
            size = (side_px, side_px)
            image = functional.interpolate(image, size, mode="bilinear", antialias=True)
            label = functional.interpolate(label, size, mode="nearest")
        return image, label[:, 0].long()

    def _index_new_scenes(self) -> None:
        for scene in self._scenes[len(self._places) :]:
            thinned = scene.labels[::8, ::8]
            self._places.append([np.flatnonzero(thinned == k) for k in range(self._classes)])

    def _patch(self, side: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        number = int(self._random.integers(len(self._places)))
        scene, places = self._scenes[number], self._places[number]
        weights = np.array([len(p) for p in places], float) ** RARITY_POWER
        chosen = places[self._random.choice(self._classes, p=weights / weights.sum())]
        row, col = np.unravel_index(chosen[self._random.integers(len(chosen))], scene.labels[::8, ::8].shape)
        # The pixel lies anywhere in the patch, so that the centre is nothing special.
        shift = self._random.integers(0, side, 2)
        top = int(np.clip(row * 8 - shift[0], 0, scene.labels.shape[0] - side))
        left = int(np.clip(col * 8 - shift[1], 0, scene.labels.shape[1] - side))
        window = (slice(top, top + side), slice(left, left + side))
        image = np.empty((5, side, side), np.float32)
        image[:4] = scene.bands[:, window[0], window[1]] / np.float32(255)
        image[4] = scene.height_m[window]
        return image, scene.labels[window]
