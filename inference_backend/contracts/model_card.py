# SPDX-License-Identifier: GPL-2.0-or-later
"""What must be known of a model to run it, whatever file it was read from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

OutputKind = Literal["logits", "softmax", "sigmoid", "argmax"]
METADATA_KEY = "ocsge_card"
"""Key of the ONNX `metadata_props` under which our own models carry their whole card as JSON."""


@dataclass(frozen=True)
class InputBand:
    """One input channel, in the model's order.

    The model receives `(x * scale - mean) / std`, `x` being the raster's value.

    Attributes:
        name: `red`, `green`, `blue`, `nir`, `height`, or any other.
        scale: factor applied first, 1 for values used as they are.
        mean: in the unit of the scaled value.
        std: in the unit of the scaled value.
    """

    name: str
    scale: float = 1.0
    mean: float = 0.0
    std: float = 1.0


@dataclass(frozen=True)
class ModelCard:
    """One segmentation model.

    Attributes:
        name: short name, for instance `ocsge-baseline`.
        version: version of the weights.
        bands: input channels in order.
        resolution_m: ground size of a pixel the model was trained at, m.
        tile_px: height and width of the input, px.
        overlap_px: margin on each side whose result is blended or dropped, px.
        classes: class names by output channel.
        output: what the output channels hold.
        min_confidence: top-1 score below which a pixel is undecided, 0..1.
        description: what it was trained on and what it is fit for.
        scores: per-class figures on held-out data, as the trainer measured them.
        licence: SPDX identifier.
        output_tensors: names of the graph's outputs to read, joined along the class axis; empty for its only
            output.
        any_size: whether the network takes every multiple of `tile_px`, so that a larger tile spends less on
            margins.
    """

    name: str
    version: str
    bands: tuple[InputBand, ...]
    resolution_m: float
    tile_px: int
    overlap_px: int
    classes: tuple[str, ...]
    output: OutputKind
    min_confidence: float = 0.0
    description: str = ""
    scores: dict[str, Any] = field(default_factory=dict)
    licence: str = ""
    output_tensors: tuple[str, ...] = ()
    any_size: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> ModelCard:
        """Inverse of `to_dict`.

        Raises:
            ValueError: a field is missing or malformed.
        """
        try:
            values = dict(raw)
            values["bands"] = tuple(InputBand(**band) for band in raw["bands"])
            values["classes"] = tuple(str(name) for name in raw["classes"])
            values["output_tensors"] = tuple(str(name) for name in raw.get("output_tensors", ()))
            card = cls(**values)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a model card: {error!r}") from error
        _check_types(card)
        return card


_TYPES: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "version": (str,),
    "resolution_m": (int, float),
    "tile_px": (int,),
    "overlap_px": (int,),
    "output": (str,),
    "min_confidence": (int, float),
    "description": (str,),
    "scores": (dict,),
    "licence": (str,),
    "any_size": (bool,),
}
_BAND_TYPES: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "scale": (int, float),
    "mean": (int, float),
    "std": (int, float),
}


def _check_types(card: ModelCard) -> None:
    """Refuse values of another type than the fields', which JSON does not know."""
    owners: list[tuple[object, dict[str, tuple[type, ...]]]] = [(card, _TYPES)]
    owners += [(band, _BAND_TYPES) for band in card.bands]
    for owner, types in owners:
        for name, allowed in types.items():
            value = getattr(owner, name)
            # A bool is an int to Python, and no number to anyone else.
            if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
                raise ValueError(f"{name} is {value!r}")
