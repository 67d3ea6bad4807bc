# SPDX-License-Identifier: GPL-2.0-or-later
"""Proves `training.convert` on the architecture of FLAIR-1, with random weights and no download.

    python -m training.prove_convert [FOLDER]

A U-Net on a ResNet-34 with 5 bands and 19 classes is saved as each family of checkpoints saves it, converted
from that file alone, and compared with the network it was made from.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from training.convert import main as convert
from training.torchvision_import import import_torchvision

ARCH, ENCODER, BANDS, CLASSES = "unet", "resnet34", 5, 19
_HUB = ("model.encoders.AERIAL_RGBI.seg_model.", "model.main_decoders.AERIAL_LABEL-COSIA.seg_model.")


def main() -> int:
    """Convert one checkpoint of each family; 1 where one fails."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary)
        weights = random_network().state_dict()
        return max(_prove(folder, family, saved) for family, saved in checkpoints(weights).items())


def random_network() -> nn.Module:
    """The network of the proof; nothing is downloaded."""
    import_torchvision()
    import segmentation_models_pytorch as smp  # after torchvision, see there

    torch.manual_seed(0)
    network: nn.Module = smp.create_model(
        ARCH, ENCODER, encoder_weights=None, in_channels=BANDS, classes=CLASSES
    )
    return network


def checkpoints(weights: dict[str, Tensor]) -> dict[str, dict[str, object]]:
    """What each family of projects would have saved, by the preset that fits it."""
    encoder, decoder = _HUB
    return {
        "plain": dict(weights),
        "flair-1": {
            "epoch": 3,
            "state_dict": {
                **{f"model.seg_model.{name}": value for name, value in weights.items()},
                "criterion.weight": torch.ones(CLASSES),
            },
        },
        "flair-hub": {
            **{
                encoder + name.removeprefix("encoder.")
                if name.startswith("encoder.")
                else decoder + name: value
                for name, value in weights.items()
            },
            "model.fusion_handler.conv_f.0.weight": torch.ones(1, 1, 1, 1),
        },
    }


def _prove(folder: Path, family: str, saved: dict[str, object]) -> int:
    checkpoint = folder / f"{family}.pth"
    torch.save(saved, checkpoint)
    preset = "flair-hub" if family == "flair-hub" else "flair-1"
    options = ["--arch", ARCH, "--encoder", ENCODER, "--preset", preset]
    return convert([str(checkpoint), "--output", str(folder / f"{family}.onnx"), *options])


if __name__ == "__main__":
    raise SystemExit(main())
