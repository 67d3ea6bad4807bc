# SPDX-License-Identifier: GPL-2.0-or-later
"""From the classes of a prediction to those of a campaign, by name, and from scores to labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.contracts.prediction import PredictedClass
from inference_backend.contracts.profile import Profile, normalise_class_name
from ocsge_annotator.domain.label_classes import LabelClass
from ocsge_annotator.domain.pixels import Labels


def mapping_table(
    predicted: Sequence[PredictedClass], classes: Sequence[LabelClass], profile: Profile
) -> npt.NDArray[np.uint8]:
    """Label value of each value of a prediction, (256,) uint8; `UNLABELLED` for what has no counterpart.

    A predicted class goes to the class of the same name; failing that to the class that stands for its cover
    code, where exactly one does (a campaign labelled directly in cover codes).
    """
    by_name = {normalise_class_name(entry.name): entry.value for entry in classes}
    by_cover: dict[str, list[int]] = {}
    for entry in classes:
        cover = profile.cover_of_class(entry.name)
        if cover:
            by_cover.setdefault(cover, []).append(entry.value)
    table = np.full(256, UNLABELLED, dtype=np.uint8)
    for source in predicted:
        value = by_name.get(normalise_class_name(source.name))
        if value is None:
            candidates = by_cover.get(source.code_cs or profile.cover_of_class(source.name) or "", [])
            value = candidates[0] if len(candidates) == 1 else None
        if value is not None:
            table[source.index] = value
    return table


def labels_from_prediction(
    classes: Labels, confidence: Labels | None, table: npt.NDArray[np.uint8], floor: float
) -> Labels:
    """Labels of the pixels that a prediction is sure enough of.

    Args:
        classes: (H, W) uint8, band 1 of a prediction.
        confidence: (H, W) uint8, band 2, `round(255 p)`; None for a prediction without scores.
        table: of `mapping_table`.
        floor: score below which a pixel stays unlabelled, 0..1.

    Returns:
        (H, W) uint8 of label values.
    """
    labels = table[classes]
    if confidence is not None and floor > 0:
        labels[confidence < round(255 * floor)] = UNLABELLED
    return labels


def merge_labels(current: Labels, proposed: Labels, *, replace: bool) -> Labels:
    """The labels after pre-labelling.

    Args:
        current: (H, W) uint8, as they are.
        proposed: (H, W) uint8, `UNLABELLED` where nothing is proposed.
        replace: whether a proposal overwrites a label; else it only fills what has none.
    """
    takes = (proposed != UNLABELLED) if replace else (proposed != UNLABELLED) & (current == UNLABELLED)
    return np.where(takes, proposed, current).astype(np.uint8)
