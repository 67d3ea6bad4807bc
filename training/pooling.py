# SPDX-License-Identifier: GPL-2.0-or-later
"""Adaptive pooling in a form that ONNX has: UPerNet and PSPNet pool 16 x 16 features to 3 x 3 and 6 x 6."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class FixedPool(nn.Module):
    """`AdaptiveAvgPool2d` for one size of input, as two products with matrices of means.

    Args:
        height: of the output.
        width: of the output.
    """

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.height, self.width = height, width

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, height, width)."""
        rows = means(int(features.shape[-2]), self.height)
        columns = means(int(features.shape[-1]), self.width)
        return rows @ features @ columns.T


def means(size: int, parts: int) -> Tensor:
    """(parts, size) float32: row i averages the i-th of `parts` windows, which overlap as PyTorch's do."""
    matrix = torch.zeros(parts, size)
    for i in range(parts):
        start, end = i * size // parts, -(-(i + 1) * size // parts)
        matrix[i, start:end] = 1 / (end - start)
    return matrix


def fix_pools(network: nn.Module) -> int:
    """Replace adaptive pools, but those to one pixel, which ONNX knows; returns how many."""
    replaced = 0
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.AdaptiveAvgPool2d):
                size = child.output_size
                height, width = size if isinstance(size, tuple) else (size, size)
                if height is not None and width is not None and (height, width) != (1, 1):
                    setattr(module, name, FixedPool(height, width))
                    replaced += 1
    return replaced
