# SPDX-License-Identifier: GPL-2.0-or-later
"""What becomes of a patch that came back in a lot, from three states: when the lot was cut, ours, theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import Enum

import numpy as np

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.pixels import Labels


class Outcome(Enum):
    """What to do with a patch of a lot."""

    UNCHANGED = "unchanged"
    """Nobody has labelled it since."""
    TAKE = "take"
    """They have, we have not."""
    KEEP = "keep"
    """We have, they have not."""
    SAME = "same"
    """Both came to the same labels, or theirs are here already."""
    CONFLICT = "conflict"
    """Both have, differently: somebody must choose."""
    BUSY = "busy"
    """Somebody has it in hand here; to be merged again later."""
    MISSING = "missing"
    """The lot came back without its label file."""


def label_fingerprint(labels: Labels) -> str:
    """SHA-256 of a patch's labels and its size; empty where nothing is labelled."""
    if (labels == UNLABELLED).all():
        return ""
    digest = hashlib.sha256(f"{labels.shape[0]}x{labels.shape[1]}:".encode())
    digest.update(np.ascontiguousarray(labels).tobytes())
    return digest.hexdigest()


def decide(base: str, ours: str, theirs: str) -> Outcome:
    """What to do, from the fingerprints of the labels: nobody's work is ever replaced by another's."""
    if theirs == base:
        return Outcome.UNCHANGED if ours == base else Outcome.KEEP
    if ours == theirs:
        return Outcome.SAME
    return Outcome.TAKE if ours == base else Outcome.CONFLICT


def differing_px(ours: Labels, theirs: Labels) -> int:
    """Pixels that two people labelled differently; one that only one of them labelled counts as well."""
    return int(np.count_nonzero(ours != theirs))


def share_out(patch_ids: Sequence[str], twice: Sequence[str], lots: int) -> list[list[tuple[str, bool]]]:
    """Patches of each lot, as (patch, whether it is its second labelling).

    Patches go to the lots in runs of equal length, in the order given: neighbours stay together. Those
    labelled twice also go to the next lot, so that no annotator gets both.

    Args:
        patch_ids: in the order of work.
        twice: those that two people label; once only where there is one lot.
        lots: how many.
    """
    edges = np.linspace(0, len(patch_ids), lots + 1).round().astype(int)
    shares = [[(patch_id, False) for patch_id in patch_ids[low:high]] for low, high in zip(edges, edges[1:])]
    if lots > 1:
        for number, (low, high) in enumerate(zip(edges, edges[1:])):
            again = [patch_id for patch_id in patch_ids[low:high] if patch_id in set(twice)]
            shares[(number + 1) % lots] += [(patch_id, True) for patch_id in again]
    return shares
