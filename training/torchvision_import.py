# SPDX-License-Identifier: GPL-2.0-or-later
"""Imports torchvision, which segmentation-models-pytorch needs for its encoders' layers.

PyPI's torchvision is built for CUDA. Beside a CPU build of torch its compiled operators do not load, and its
import then fails on the declarations of two that no segmentation network uses. They are declared here, in
that case alone.
"""

from __future__ import annotations

import importlib

import torch

_OPERATORS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_kept: list[torch.library.Library] = []  # a library that is collected takes its operators along


def import_torchvision() -> None:
    """Make `import torchvision` work.

    Raises:
        ImportError: it is not installed.
    """
    try:
        importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        _kept.append(torch.library.Library("torchvision", "DEF"))
        for operator in _OPERATORS:
            _kept[-1].define(operator)
        importlib.import_module("torchvision")
