# SPDX-License-Identifier: GPL-2.0-or-later
"""A small U-Net for processors: half resolution inside, full resolution out."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTHS = (16, 32, 64, 80, 104)


class Network(nn.Module):
    """Input (N, bands, H, W), output logits (N, classes, H, W); H and W are multiples of 32.

    Args:
        bands: input channels.
        classes: output channels.
        widths: channels per level, each level at half the resolution of the one before.
    """

    def __init__(self, bands: int, classes: int, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.stem = _layer(bands, widths[0], kernel=4, stride=2)
        self.down = nn.ModuleList([_block(widths[0], widths[0])])
        self.down.extend(_block(a, b) for a, b in pairwise(widths))
        self.up = nn.ModuleList(_layer(a + b, a) for a, b in pairwise(widths))
        self.head = nn.Conv2d(widths[0], classes * 4, 1)
        self.coarse_heads = nn.ModuleList(nn.Conv2d(width, classes, 1) for width in reversed(widths[1:]))

    def forward(self, image: Tensor) -> Tensor:
        """Logits of each pixel."""
        return self.all_levels(image)[-1]

    def all_levels(self, image: Tensor) -> list[Tensor]:
        """Logits at 1/32, 1/16, 1/8, 1/4 and full resolution.

        The coarse ones only serve training: without them a short training learns colours, which the first
        level sees, and no textures, which only the deep ones do.
        """
        x = self.stem(image)
        kept = []
        for level, block in enumerate(self.down):
            x = block(functional.max_pool2d(x, 2) if level else x)
            kept.append(x)
        logits = []
        for head, layer, skip in zip(self.coarse_heads, reversed(self.up), reversed(kept[:-1]), strict=True):
            logits.append(head(x))
            x = layer(torch.cat([functional.interpolate(x, scale_factor=2.0), skip], 1))
        return [*logits, functional.pixel_shuffle(self.head(x), 2)]


class Calibrated(nn.Module):
    """Divides logits by a temperature fitted on held-out scenes: a score of 0.8 is right 8 times in 10."""

    def __init__(self, network: nn.Module, temperature: float) -> None:
        super().__init__()
        self.network, self.temperature = network, temperature

    def forward(self, image: Tensor) -> Tensor:
        """Logits whose softmax is calibrated."""
        logits: Tensor = self.network(image) / self.temperature
        return logits


def _layer(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def _block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(_layer(inputs, outputs), _layer(outputs, outputs))
