# SPDX-License-Identifier: GPL-2.0-or-later
"""What makes synthetic patches as different from each other as real flights are."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional

HEIGHT = 4
"""Channel of the height; the ones before are red, green, blue, near infrared in 0..1."""
HEIGHT_ABSENT_SHARE = 0.25
"""Share of the patches without height: many départements have none at the date of the image."""


def augment(image: Tensor, label: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Turn, recolour, blur and cover a batch.

    Args:
        image: (N, 5, H, W) float32; bands in 0..1, height in m.
        label: (N, H, W) int64.
        random: source of chance.
    """
    image, label = _turned(image, label, random)
    bands = _recoloured(image[:, :HEIGHT], random)
    bands = _softened(bands, random)
    bands = bands + _noise(bands.shape, random) * _uniform(random, len(bands), 0.0, 0.02)
    return torch.cat([bands.clamp(0, 1), _doubtful_height(image[:, HEIGHT:], random)], 1), label


@lru_cache(maxsize=1)
def _noise_bank() -> Tensor:
    return torch.randn(1 << 23, generator=torch.Generator().manual_seed(0))


def _noise(shape: torch.Size, random: torch.Generator) -> Tensor:
    """Normal noise cut out of one long strip: drawing it afresh would take a tenth of the training time."""
    bank, wanted = _noise_bank(), shape.numel()
    start = int(torch.randint(0, len(bank) - wanted, (1,), generator=random))
    return bank[start : start + wanted].view(shape)


def _uniform(random: torch.Generator, count: int, low: float, high: float, channels: int = 1) -> Tensor:
    return low + (high - low) * torch.rand(count, channels, 1, 1, generator=random)


def _turned(image: Tensor, label: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    turns, flip = (int(n) for n in torch.randint(0, 4, (2,), generator=random))
    image, label = torch.rot90(image, turns, (2, 3)), torch.rot90(label, turns, (1, 2))
    return (image.flip(3), label.flip(2)) if flip % 2 else (image, label)


def _recoloured(bands: Tensor, random: torch.Generator) -> Tensor:
    """Gain, offset and gamma of each band, exposure of all, and a little of each band in its neighbours."""
    count = len(bands)
    gamma = torch.exp(_uniform(random, count, -0.2, 0.2) + _uniform(random, count, -0.08, 0.08, HEIGHT))
    gain = _uniform(random, count, 0.85, 1.18) * _uniform(random, count, 0.93, 1.07, HEIGHT)
    offset = _uniform(random, count, -0.04, 0.04, HEIGHT)
    bands = bands.clamp(1e-3, 1) ** gamma * gain + offset
    mixing = torch.eye(3) + 0.08 * (torch.rand(count, 3, 3, generator=random) - 0.5)
    colour = torch.einsum("nij,njhw->nihw", mixing / mixing.sum(2, keepdim=True), bands[:, :3])
    grey = colour.mean(1, keepdim=True)
    colour = grey + (colour - grey) * _uniform(random, count, 0.7, 1.3)
    return torch.cat([colour, bands[:, 3:]], 1)


def _softened(bands: Tensor, random: torch.Generator) -> Tensor:
    """Blurred by a weight of -0.5 (sharpened) to 1 (blurred), as lenses and processing differ."""
    blurred = functional.avg_pool2d(bands, 3, 1, 1, count_include_pad=False)
    return bands + (blurred - bands) * _uniform(random, len(bands), -0.5, 1.0)


def _doubtful_height(height: Tensor, random: torch.Generator) -> Tensor:
    """Absent in a share of the patches, else scaled, blurred and noisy as photogrammetric heights are."""
    count = len(height)
    blurred = functional.avg_pool2d(height, 9, 1, 4, count_include_pad=False)
    height = height + (blurred - height) * _uniform(random, count, 0.0, 1.0)
    noise = _noise(height.shape, random) * _uniform(random, count, 0.0, 0.4)
    present = (torch.rand(count, 1, 1, 1, generator=random) > HEIGHT_ABSENT_SHARE).float()
    return (height * _uniform(random, count, 0.7, 1.3) + noise) * present
