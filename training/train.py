# SPDX-License-Identifier: GPL-2.0-or-later
"""Trains the embedded model on synthetic scenes: `python -m training.train`, which is `make model`.

Training, validation and test scenes come from different seeds; the demo's seed is in none of them.
"""

from __future__ import annotations

import argparse
import copy
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from inference_backend.contracts.model_card import InputBand, ModelCard
from inference_backend.models.reader import default_model_path
from inference_backend.scene.classes import CLASSES
from training.augment import augment
from training.evaluate import evaluate
from training.export import export_onnx, write_card
from training.network import Calibrated, Network
from training.samples import IGNORED, YEARS, PatchSampler, SceneArrays, load_scene
from training.seeds import seeds_of

LOG = logging.getLogger("training")
NAMES = tuple(c.name for c in CLASSES)
PIXEL_M = 0.2
TILE_PX, OVERLAP_PX = 512, 32
BATCH, PATCH_PX = 4, 256
LEARNING_RATE = 3e-3
AVERAGE_DECAY = 0.99
COARSE_SHARE = 0.3
RESOLUTION_JITTER = (0.85, 1.18)
MIN_CONFIDENCE = 0.35
"""With 15 classes a winner under this share says little; the pixel takes its class from its neighbours."""
BANDS = (
    *(InputBand(name, 1 / 255, 0.4, 0.2) for name in ("red", "green", "blue", "nir")),
    InputBand("height", 1.0, 0.0, 5.0),
)
DESCRIPTION = (
    "A baseline for trying the tools, not a production model: it has only seen synthetic communes, {scenes} "
    "scenes of {size:g} m at {pixel:g} m, seeds {first} to {last}. Scores: {tested} scenes of other seeds "
    "({test_first} to {test_last}), never used for training nor tuning."
)


def main() -> None:
    """Train, calibrate, measure and write the ONNX file."""
    args = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    seeds = seeds_of(args.scenes)
    network = Network(len(BANDS), len(NAMES)).to(memory_format=torch.channels_last)
    if args.start and args.start.exists():
        network.load_state_dict(torch.load(args.start, weights_only=True), strict=False)
    scenes = _load_in_background(seeds["train"], args)
    network = train(network, scenes, args.minutes * 60, args.checkpoint)
    temperature = fit_temperature(network, _load(seeds["validation"], args))
    card = _card(args, seeds, temperature)
    export_onnx(Calibrated(network, temperature), card, args.output)
    scores = evaluate(args.output, _load(seeds["test"], args), NAMES, PIXEL_M)
    LOG.info("scores %s", scores)
    write_card(args.output, replace(card, scores={**scores, "temperature": temperature}))


def train(network: Network, scenes: list[SceneArrays], budget_s: float, checkpoint: Path) -> Network:
    """Train for `budget_s` seconds; returns the running average of the weights, better than the last."""
    chance, random = np.random.default_rng(0), torch.Generator().manual_seed(0)
    sampler = PatchSampler(scenes, len(NAMES), chance)
    optimiser = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=1e-2)
    average = copy.deepcopy(network)
    started, saved, step, losses = time.monotonic(), 0.0, 0, []
    while (elapsed := time.monotonic() - started) < budget_s:
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * _schedule(elapsed / budget_s, step)
        image, label = sampler.batch(BATCH, PATCH_PX, float(chance.uniform(*RESOLUTION_JITTER)))
        image, label = augment(image, label, random)
        loss = loss_of_levels(network.all_levels(standardised(image)), label)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        _average(average, network, min(AVERAGE_DECAY, 1 - 1 / (step / 4 + 1)))
        losses.append(loss.item())
        step += 1
        if elapsed - saved > 30:
            saved = elapsed
            LOG.info(
                "%4.0f s, step %d, %d scenes, loss %.3f", elapsed, step, len(scenes), np.mean(losses[-100:])
            )
            torch.save(average.state_dict(), checkpoint)
    torch.save(average.state_dict(), checkpoint)
    return average


def loss_of_levels(levels: list[Tensor], label: Tensor) -> Tensor:
    """Cross entropy at full resolution, plus a share of that at each coarser level."""
    total = _cross_entropy(levels[-1], label)
    for logits in levels[:-1]:
        step = label.shape[-1] // logits.shape[-1]
        total = total + COARSE_SHARE * _cross_entropy(logits, label[:, step // 2 :: step, step // 2 :: step])
    return total


def _cross_entropy(logits: Tensor, label: Tensor) -> Tensor:
    return functional.cross_entropy(logits, label, ignore_index=IGNORED)


def standardised(image: Tensor) -> Tensor:
    """What the card tells users of the model to do; `image` has its bands in 0..1 already."""
    mean = torch.tensor([band.mean for band in BANDS])[:, None, None]
    std = torch.tensor([band.std for band in BANDS])[:, None, None]
    return ((image - mean) / std).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def fit_temperature(network: Network, scenes: Sequence[SceneArrays]) -> float:
    """Temperature that makes the scores of held-out pixels most likely, among 0.25 to 3."""
    network.eval()
    logits, labels = [], []
    for scene in scenes:
        for image, label in _tiles(scene):
            out = network(standardised(image))[0].flatten(1)[:, ::37]
            logits.append(out.T)
            labels.append(label.flatten()[::37])
    scores, truth = torch.cat(logits), torch.cat(labels)
    tried = torch.linspace(0.25, 3.0, 111)
    losses = [functional.cross_entropy(scores / t, truth, ignore_index=IGNORED) for t in tried]
    best = float(tried[int(torch.stack(losses).argmin())])
    LOG.info("temperature %.3f", best)
    return round(best, 3)


def _tiles(scene: SceneArrays) -> list[tuple[Tensor, Tensor]]:
    tiles = []
    for row in range(0, scene.labels.shape[0] - TILE_PX + 1, TILE_PX):
        for col in range(0, scene.labels.shape[1] - TILE_PX + 1, TILE_PX):
            window = (slice(row, row + TILE_PX), slice(col, col + TILE_PX))
            bands = scene.bands[:, window[0], window[1]].astype(np.float32) / 255
            image = np.concatenate([bands, scene.height_m[window][None].astype(np.float32)])
            label = torch.from_numpy(scene.labels[window].astype(np.int64))
            tiles.append((torch.from_numpy(image)[None], label))
    return tiles


def _schedule(share: float, step: int) -> float:
    """Warm up over 50 steps, then a half cosine down to 1 %."""
    return min(1.0, (step + 1) / 50) * (0.01 + 0.99 * 0.5 * (1 + float(np.cos(np.pi * share))))


@torch.no_grad()
def _average(average: nn.Module, network: nn.Module, decay: float) -> None:
    for kept, new in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)


def _load(seeds: Sequence[int], args: argparse.Namespace) -> list[SceneArrays]:
    return [load_scene(seed, YEARS[seed % 2], args.size_m, PIXEL_M, args.cache) for seed in seeds]


def _load_in_background(seeds: Sequence[int], args: argparse.Namespace) -> list[SceneArrays]:
    """The first scene at once, the others while training already runs."""
    scenes = _load(seeds[:1], args)

    def load_others() -> None:
        for seed in seeds[1:]:
            scenes.extend(_load([seed], args))

    threading.Thread(target=load_others, daemon=True).start()
    return scenes


def _card(args: argparse.Namespace, seeds: dict[str, list[int]], temperature: float) -> ModelCard:
    learnt, tested = seeds["train"], seeds["test"]
    values: dict[str, Any] = {
        "scenes": len(learnt),
        "size": args.size_m,
        "pixel": PIXEL_M,
        "tested": len(tested),
    }
    places = {"first": learnt[0], "last": learnt[-1], "test_first": tested[0], "test_last": tested[-1]}
    return ModelCard(
        name="ocsge-baseline",
        version=args.version,
        bands=BANDS,
        resolution_m=PIXEL_M,
        tile_px=TILE_PX,
        overlap_px=OVERLAP_PX,
        classes=NAMES,
        output="logits",
        min_confidence=MIN_CONFIDENCE,
        description=DESCRIPTION.format(**values, **places),
        scores={"temperature": temperature},
        licence="GPL-2.0-or-later",
        any_size=True,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="time spent on training proper")
    parser.add_argument("--scenes", type=int, nargs=3, default=(24, 8, 6), help="training, validation, test")
    parser.add_argument("--size-m", type=float, default=320.0, help="side of a scene, m")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--version", default="1")
    parser.add_argument("--start", type=Path, help="checkpoint to start from")
    parser.add_argument("--checkpoint", type=Path, default=Path("build/model/checkpoint.pt"))
    parser.add_argument("--cache", type=Path, default=Path("build/model/scenes"))
    parser.add_argument("--output", type=Path, default=default_model_path())
    args = parser.parse_args()
    args.checkpoint.parent.mkdir(parents=True, exist_ok=True)
    return args


if __name__ == "__main__":
    main()
