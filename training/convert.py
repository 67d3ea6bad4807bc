# SPDX-License-Identifier: GPL-2.0-or-later
"""A trained checkpoint to an ONNX file with its card and its STAC MLM item.

    python -m training.convert CHECKPOINT --output MODEL.onnx --arch unet --encoder resnet34 --preset flair-1

Reads the weights of networks of segmentation-models-pytorch, alone, inside a Lightning module, or as FLAIR-1
and FLAIR-HUB save them (`training.checkpoint_keys`), writes opset 17 with a free batch, and compares the
file's answer with PyTorch's own before it is kept. Needs the environment of `make model`.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from inference_backend.cli.model_options import add_card_options, draft_from_options
from inference_backend.contracts.errors import OcsgeError
from inference_backend.contracts.model_card import ModelCard
from inference_backend.models.graph import GraphFacts, OutputFacts
from inference_backend.models.reader import finish, read_model
from inference_backend.models.sidecars import write_sidecar
from training.checkpoint_keys import CheckpointError, plain_names
from training.export import Agreement, ExportDiffersError, export_onnx
from training.pooling import fix_pools
from training.torchvision_import import import_torchvision

_SHOWN = 3  # names in an error


@dataclass(frozen=True)
class Converted:
    """What was written, and how far it is from PyTorch's own answer."""

    path: Path
    sidecar: Path
    card: ModelCard
    parameters: int
    agreement: Agreement

    def summary(self) -> str:
        """What was converted and how well, in words."""
        close = self.agreement
        return (
            f"{self.parameters:,} parameters, {len(self.card.bands)} bands, "
            f"{len(self.card.classes)} classes; against PyTorch, on random tiles: "
            f"largest difference {close.max_difference:.1e} of logits that "
            f"spread by {close.spread:.3g}, same class in {100 * close.same_class:.4f} % of the pixels"
        )


def main(argv: list[str] | None = None) -> int:
    """Convert one checkpoint; 2 where it cannot be."""
    args = _parser().parse_args(argv)
    try:
        weights = read_weights(args.file, args.task, trust=args.trust)
        card = _card(args, weights)
        done = convert(weights, card, args.output, args.arch, args.encoder)
    except (CheckpointError, ExportDiffersError, OcsgeError) as error:
        sys.stderr.write(f"{args.file}: {error}\n")
        return 2
    sys.stdout.write(f"{done.path}\n{done.sidecar}\n{done.summary()}\n")
    return 0


def read_weights(path: Path, task: str | None = None, *, trust: bool = False) -> dict[str, Tensor]:
    """Weights by the network's own names.

    Args:
        path: `.safetensors`, or what `torch.save` wrote.
        task: for FLAIR-HUB, the decoder to keep.
        trust: also run the Python code that a pickle may hold; for files of one's own alone.

    Raises:
        CheckpointError: unreadable, or no network of a known family.
    """
    saved = _load(path, trust)
    for key in ("state_dict", "model_state_dict", "model"):
        if isinstance(saved.get(key), Mapping):
            saved = saved[key]
            break
    weights = {name: value for name, value in saved.items() if isinstance(value, Tensor)}
    return {
        plain: weights[name].float() if weights[name].is_floating_point() else weights[name]
        for name, plain in plain_names(weights, task).items()
    }


def build_network(weights: Mapping[str, Tensor], arch: str, encoder: str, tile_px: int) -> nn.Module:
    """The network that these weights belong to, with them.

    Raises:
        CheckpointError: unknown architecture, or weights of another one.
    """
    settings = {
        "encoder_weights": None,  # nothing is downloaded
        "in_channels": bands_of(weights),
        "classes": classes_of(weights),
    }
    try:
        if encoder.startswith("tu-") and "swin" in encoder:
            settings["img_size"] = tile_px
        import_torchvision()
        import segmentation_models_pytorch as smp  # after torchvision, see there

        network: nn.Module = smp.create_model(arch, encoder, **settings)
        network.load_state_dict(dict(weights), strict=True)
    except (KeyError, ValueError, RuntimeError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise CheckpointError(
            f"the weights do not fit {arch} with {encoder}: {' '.join(lines[:_SHOWN])[:400]}. "
            "Give the --arch and --encoder it was trained with."
        ) from error
    return network.eval()


def convert(weights: Mapping[str, Tensor], card: ModelCard, path: Path, arch: str, encoder: str) -> Converted:
    """Write `path` and its STAC item.

    Raises:
        CheckpointError: the weights do not fit the architecture, or ONNX cannot express it.
        ExportDiffersError: the file does not compute what PyTorch does.
    """
    network = build_network(weights, arch, encoder, card.tile_px)
    if fix_pools(copy.deepcopy(network)) and card.any_size:
        raise CheckpointError(
            f"{arch} pools to a fixed number of pixels, so that its answer depends on the tile. "
            "Leave out --any-size."
        )
    try:
        agreement = export_onnx(network, card, path)
    except (torch.onnx.errors.OnnxExporterError, torch.jit.Error) as error:
        first = str(error).strip().splitlines()[0][:300]
        raise CheckpointError(f"{arch} with {encoder} cannot be written as ONNX: {first}") from error
    model = read_model(path)
    sidecar = write_sidecar(model.card, model.graph, path, architecture=f"{arch} ({encoder})")
    parameters = sum(value.numel() for value in network.parameters())
    return Converted(path, sidecar, card, parameters, agreement)


def bands_of(weights: Mapping[str, Tensor]) -> int:
    """Input channels: those of the encoder's first convolution."""
    first = next((v for name, v in weights.items() if name.startswith("encoder.") and v.ndim == 4), None)
    if first is None:
        raise CheckpointError("no convolution in its encoder. Only image networks can be converted.")
    return int(first.shape[1])


def classes_of(weights: Mapping[str, Tensor]) -> int:
    """Output channels: those of the segmentation head."""
    head = next(
        (v for name, v in weights.items() if name.startswith("segmentation_head.") and v.ndim == 4), None
    )
    if head is None:
        raise CheckpointError("no segmentation_head in it. Save the whole network, not its encoder alone.")
    return int(head.shape[0])


def _load(path: Path, trust: bool) -> Mapping[str, object]:
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(str(path))
        saved = torch.load(path, map_location="cpu", weights_only=not trust)
    except Exception as error:  # border: a pickle fails in every way there is
        raise CheckpointError(
            f"cannot be read ({type(error).__name__}: {str(error).splitlines()[0][:200]}). Save its "
            "state_dict alone, or, for a file of your own, give --trust, which runs the Python code in it."
        ) from error
    if not isinstance(saved, Mapping):
        raise CheckpointError("is no dictionary of weights. Save the network's state_dict.")
    return saved


def _card(args: argparse.Namespace, weights: Mapping[str, Tensor]) -> ModelCard:
    """The card from the options; what the weights say stands for the graph, which is not there yet."""
    logits = OutputFacts("logits", "float32", (None, classes_of(weights), None, None), "Conv", 0)
    graph = GraphFacts("image", bands_of(weights), (None, None), (logits,), {})
    draft = draft_from_options(args, graph, {})
    card = finish(args.output, graph, {"output": "logits", **draft}).card
    return replace(card, name=args.name or args.output.stem)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.convert", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", type=Path, help=".ckpt, .pth or .safetensors")
    parser.add_argument("--output", type=Path, required=True, help="ONNX file to write")
    parser.add_argument(
        "--arch", required=True, help="architecture of segmentation-models-pytorch: unet, upernet, …"
    )
    parser.add_argument("--encoder", required=True, help="its encoder: resnet34, tu-convnext_tiny, …")
    parser.add_argument("--task", help="FLAIR-HUB: the task whose decoder is kept")
    parser.add_argument(
        "--trust", action="store_true", help="run the Python code that the checkpoint may hold"
    )
    add_card_options(parser)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
