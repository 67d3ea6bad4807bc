# SPDX-License-Identifier: GPL-2.0-or-later
"""Names of weights in a checkpoint, as whoever trained it wrote them, to those of the network itself.

Knows nothing of PyTorch: it works on names. Three families are read, whatever wraps them:

- segmentation-models-pytorch: `encoder.…`, `decoder.…`, `segmentation_head.…`;
- the same inside a Lightning module or FLAIR-1's factory: `model.seg_model.encoder.…`;
- FLAIR-HUB with one modality: `model.encoders.AERIAL_RGBI.seg_model.…` and
  `model.main_decoders.TASK.seg_model.decoder.…`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PARTS = re.compile(r"^(?P<prefix>(?:.*?\.)??)(?P<rest>(?:encoder|decoder|segmentation_head)\..+)$")
_HUB_ENCODER = re.compile(r"^(?:.*\.)?encoders\.(?P<modality>[^.]+)\.seg_model\.(?P<rest>.+)$")
_HUB_DECODER = re.compile(r"^(?:.*\.)?main_decoders\.(?P<task>[^.]+)\.seg_model\.(?P<rest>.+)$")


class CheckpointError(ValueError):
    """A checkpoint that cannot be converted; the text says why and what to do."""


def plain_names(names: Iterable[str], task: str | None = None) -> dict[str, str]:
    """Names of the network by names of the checkpoint; what belongs to the training alone is left out.

    Args:
        names: of the checkpoint.
        task: for FLAIR-HUB, the decoder to keep where there are several.

    Raises:
        CheckpointError: several modalities, several decoders, or no network of a known family.
    """
    listed = list(names)
    if any(_HUB_ENCODER.match(name) for name in listed):
        return _hub_names(listed, task)
    by_prefix: dict[str, dict[str, str]] = {}
    for name in listed:
        if match := _PARTS.match(name):
            by_prefix.setdefault(match["prefix"], {})[name] = match["rest"]
    whole = {
        prefix: kept
        for prefix, kept in by_prefix.items()
        if any(n.startswith("encoder.") for n in kept.values())
    }
    if len(whole) != 1:
        found = ", ".join(sorted(whole)) or ", ".join(listed[:3])
        raise CheckpointError(
            f"expected one network with encoder, decoder and segmentation_head, found: {found}. "
            "Save the state_dict of the segmentation model alone."
        )
    return next(iter(whole.values()))


def _hub_names(names: list[str], task: str | None) -> dict[str, str]:
    encoders = {name: match for name in names if (match := _HUB_ENCODER.match(name))}
    decoders = {name: match for name in names if (match := _HUB_DECODER.match(name))}
    modalities = sorted({match["modality"] for match in encoders.values()})
    tasks = sorted({match["task"] for match in decoders.values()})
    if len(modalities) != 1:
        raise CheckpointError(
            f"the network fuses several inputs ({', '.join(modalities)}); only one image can be given to a "
            "model here. Take a checkpoint of one modality."
        )
    if task is None and len(tasks) == 1:
        task = tasks[0]
    if task not in tasks:
        raise CheckpointError(f"which of the tasks {', '.join(tasks)}? Name it with --task.")
    return {
        **{name: f"encoder.{match['rest']}" for name, match in encoders.items()},
        **{name: match["rest"] for name, match in decoders.items() if match["task"] == task},
    }
