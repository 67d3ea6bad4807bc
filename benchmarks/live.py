# SPDX-License-Identifier: GPL-2.0-or-later
"""`make bench-live`: what helps an annotator, how fast and how right, on communes that nothing was tuned on.

    python -m benchmarks.live build/live.json [SEED ...]

Times are of the processor, one core, medians over patches of 512 x 512 px with five bands. Strokes are made
by a rule from the truth (`live_strokes`): each goes into the largest fault of the proposal before it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

from benchmarks.live_strokes import next_stroke
from inference_backend.annotation.features import features_of
from inference_backend.annotation.interactive_models import InteractiveModels
from inference_backend.annotation.learner import Memory, PatchLearner
from inference_backend.annotation.segments import segment_patch
from inference_backend.annotation.types import Patch, make_patch
from inference_backend.atomic import replace_when_done
from inference_backend.contracts.campaign import UNLABELLED
from scripts.interactive_models import write_models

SEEDS = (6100, 6101, 6102)
"""Not to be looked at to choose a number; 901 and 902 were."""
SIZE_M, YEAR, SIDE_PX = 500, 2019, 512
PLACES = ((100, 100), (1024, 300), (1800, 1800), (300, 1500), (1500, 900))
LEAST_CLASSES, LEAST_SHARE = 3, 0.02
SHOWN = (3, 5, 10, 20)
SURE = 0.9
BINS = 10
Figures = dict[str, list[float]]


def patches(folder: Path, seed: int) -> Iterator[tuple[Patch, NDArray[np.uint8]]]:
    """Patches of one commune with three classes at least, and their truth."""
    scene = folder / str(seed)
    command = [sys.executable, "-m", "inference_backend", "scene", "--seed", str(seed)]
    subprocess.run([*command, "--size-m", str(SIZE_M), str(scene)], check=True, capture_output=True)
    for x, y in PLACES:
        layers = [_read(scene / f"{name}_{YEAR}.tif", x, y) for name in ("ortho", "height", "labels")]
        truth = layers[2][0].astype(np.uint8)
        shares = np.bincount(truth.ravel()) / truth.size
        if (shares >= LEAST_SHARE).sum() >= LEAST_CLASSES:
            yield make_patch(np.concatenate([layers[0].astype(np.float32), layers[1]])), truth


def _read(path: Path, x: int, y: int) -> NDArray[np.float32]:
    with rasterio.open(path) as source:
        found: NDArray[np.float32] = source.read(window=Window(x, y, SIDE_PX, SIDE_PX))
        return found


def measure_patch(
    patch: Patch, truth: NDArray[np.uint8], memory: Memory | None, found: Figures, bins: NDArray[np.float64]
) -> PatchLearner:
    """Segments, then strokes with and without what was learnt before."""
    started = time.process_time()
    segments = segment_patch(patch)
    found["segments_ms"].append(1000 * (time.process_time() - started))
    for number, plane in enumerate(segments):
        found[f"segments_right_{number}"].append(_purity(plane, truth))
    started = time.process_time()
    learner = PatchLearner(features_of(patch, segments))
    found["first_stroke_ms"].append(1000 * (time.process_time() - started))
    paint(learner, truth, None, found, "", bins)
    if memory is not None:
        paint(learner, truth, memory, found, "_memory", np.zeros_like(bins))
    return learner


def paint(
    learner: PatchLearner,
    truth: NDArray[np.uint8],
    memory: Memory | None,
    found: Figures,
    suffix: str,
    bins: NDArray[np.float64],
) -> None:
    """Stroke after stroke; notes times, and what is right after some of them."""
    labels = np.full(truth.shape, UNLABELLED, np.uint8)
    proposal = learner.propose(labels, memory=memory)
    if memory is not None:
        found["right_0_memory"].append(float((proposal.value == truth).mean()))
    for number in range(1, max(SHOWN) + 1):
        if next_stroke(labels, proposal.value, truth):
            started = time.process_time()
            proposal = learner.propose(labels, memory=memory)
            found[f"stroke_ms{suffix}"].append(1000 * (time.process_time() - started))
        if number in SHOWN:
            found[f"right_{number}{suffix}"].append(float((proposal.value == truth).mean()))
            free = labels == UNLABELLED
            sure = free & (proposal.confidence >= 255 * SURE)
            found[f"sure_share_{number}{suffix}"].append(float(sure.sum() / free.sum()))
            found[f"sure_right_{number}{suffix}"].append(float((proposal.value == truth)[sure].mean()))
            _count(bins, proposal.confidence[free] / 255, (proposal.value == truth)[free])


def _count(bins: NDArray[np.float64], confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> None:
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    for column, weights in enumerate((np.ones(len(place)), confidence, right)):
        bins[:, column] += np.bincount(place, weights=weights, minlength=BINS)


def _purity(plane: NDArray[np.uint16], truth: NDArray[np.uint8]) -> float:
    """Share of pixels that are right where every segment has the class that most of it has."""
    pairs = np.zeros((int(plane.max()) + 1, 256), np.int64)
    np.add.at(pairs, (plane.ravel(), truth.ravel()), 1)
    return float(pairs.max(axis=1).sum() / truth.size)


def measure_masks(patch: Patch, folder: Path, found: Figures) -> None:
    """What the service adds to an interactive model: the models are tiny, so this is mostly our own time."""
    write_models(folder)
    models = InteractiveModels(folder)
    for entry in models.describe():
        model = models.model(str(entry["name"]))
        embedding = model.encode(patch)
        for _ in range(5):
            started = time.process_time()
            model.masks(embedding, np.array([[200, 200]], np.float32), np.array([1], np.int8))
            found[f"mask_ms_{entry['kind']}"].append(1000 * (time.process_time() - started))


def main() -> int:
    """Measure and write the file."""
    target = Path(sys.argv[1])
    seeds = tuple(int(text) for text in sys.argv[2:]) or SEEDS
    found: Figures = defaultdict(list)
    bins = np.zeros((BINS, 3))
    with tempfile.TemporaryDirectory() as made:
        for seed in seeds:
            taught: list[Memory] = []
            for patch, truth in patches(Path(made), seed):
                memory = _joined(taught) if taught else None
                taught.append(measure_patch(patch, truth, memory, found, bins).teach(truth))
                print(f"{seed}: {found['right_10'][-1]:.3f} right after ten strokes", flush=True)
        measure_masks(patch, Path(made) / "models", found)
    is_time = {name: "_ms" in name for name in found}
    figures = {
        name: round(float(np.median(values) if is_time[name] else np.mean(values)), 4)
        for name, values in sorted(found.items())
    }
    figures["stroke_ms_p90"] = round(float(np.percentile(found["stroke_ms"], 90)), 1)
    figures["calibration_error"] = round(float(np.abs(bins[:, 1] - bins[:, 2]).sum() / bins[:, 0].sum()), 4)
    figures["patches"] = len(found["segments_ms"])
    target.parent.mkdir(parents=True, exist_ok=True)
    with replace_when_done(target) as temporary:
        temporary.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def _joined(parts: list[Memory]) -> Memory:
    return Memory(np.concatenate([p.rows for p in parts]), np.concatenate([p.values for p in parts]))


if __name__ == "__main__":
    raise SystemExit(main())
