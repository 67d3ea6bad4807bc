# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels taken over from a layer: which class each of its values becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference_backend.contracts.profile import Profile, normalise_class_name
from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.pixels import Labels

NOTHING = -1
"""Place of a pixel on which the layer has nothing."""


@dataclass(frozen=True)
class LayerValues:
    """What a layer has on a patch.

    Attributes:
        names: its values there, as people read them.
        places: (H, W) int16, place in `names` of each pixel, `NOTHING` where there is none.
    """

    names: tuple[str, ...]
    places: npt.NDArray[np.int16]


def propose_classes(
    names: Sequence[str], classes: Sequence[LabelClass], profile: Profile | None
) -> dict[str, int]:
    """Class value of each name that clearly is one.

    A name is a class where it is its name or label; failing that where it stands for the cover code of
    exactly one class; failing that, where every name is the number of a class, its number.

    Args:
        names: of `LayerValues`.
        classes: of the campaign.
        profile: maps names to cover codes; None where there is none.
    """
    known: dict[str, int] = {}
    for entry in classes:
        for text in (entry.name, entry.label_fr, entry.label_en):
            if text:
                known.setdefault(normalise_class_name(text), entry.value)
    found = {name: known[key] for name in names if (key := normalise_class_name(name)) in known}
    if profile is not None:
        found = _by_cover(names, classes, profile) | found
    values = {str(entry.value): entry.value for entry in classes}
    if not found and names and all(name in values for name in names):
        found = {name: values[name] for name in names}
    return found


def _by_cover(names: Sequence[str], classes: Sequence[LabelClass], profile: Profile) -> dict[str, int]:
    by_code: dict[str, list[int]] = {}
    for entry in classes:
        by_code.setdefault(profile.cover_of_class(entry.name) or entry.name, []).append(entry.value)
    found: dict[str, int] = {}
    for name in names:
        values = by_code.get(profile.cover_of_class(name) or name, [])
        if len(values) == 1:
            found[name] = values[0]
    return found


def copy_labels(labels: Labels, values: LayerValues, mapping: Mapping[str, int]) -> Labels:
    """The labels with those of a layer written over them, where it has a value that is mapped.

    Args:
        labels: (H, W) uint8, as they are.
        values: of the layer on the same pixels.
        mapping: class value by name; names that lack stay as they are.
    """
    result = labels.copy()
    for place, name in enumerate(values.names):
        if name in mapping:
            result[values.places == place] = mapping[name]
    return result
