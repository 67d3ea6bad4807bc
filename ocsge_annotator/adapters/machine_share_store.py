# SPDX-License-Identifier: GPL-2.0-or-later
"""Which labels of a patch came from the machine, kept with the campaign: `cache/machine`, a file per patch.

It belongs to the labels as they were when it was written: where anybody has changed them elsewhere since, all
of them count as people's. Losing a file does no more harm than that.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np

from ocsge_annotator.adapters.segment_store import CACHE_FOLDER
from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.merge import label_fingerprint
from ocsge_annotator.domain.pixels import Labels
from ocsge_annotator.domain.proposal import MachineShare

SHARE_FOLDER = "machine"


def share_file(campaign: Campaign, patch: Patch) -> Path:
    """Where a patch's share is kept."""
    return campaign.path.parent / CACHE_FOLDER / SHARE_FOLDER / f"{patch.patch_id}.bin"


def write_share(path: Path, share: MachineShare, labels: Labels) -> None:
    """Keep a share, or remove the file where nothing came from the machine.

    Args:
        path: of `share_file`.
        share: of the patch.
        labels: (H, W) uint8, as they are saved.

    Raises:
        WriteError: the system refuses.
    """
    if share.is_empty:
        with suppress(OSError):  # one that stays is of other labels, and counts no more
            path.unlink()
        return
    mark = label_fingerprint(labels).encode()
    write_whole(path, mark + b"\n" + zlib.compress(share.given.tobytes(), 1))


def read_share(path: Path, labels: Labels) -> MachineShare:
    """The share of a patch with these very labels; an empty one where none is kept for them."""
    share = MachineShare(labels.shape)
    try:
        mark, _, packed = path.read_bytes().partition(b"\n")
        if packed and mark == label_fingerprint(labels).encode():
            given = np.frombuffer(zlib.decompress(packed), dtype=np.uint8)
            share.given[...] = given.reshape(labels.shape)
    except (OSError, ValueError, zlib.error):
        return MachineShare(labels.shape)
    return share
