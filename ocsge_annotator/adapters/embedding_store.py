# SPDX-License-Identifier: GPL-2.0-or-later
"""Embeddings of interactive models kept with the campaign: `cache/embeddings/<model>`, a file per patch."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np

from ocsge_annotator.adapters.segment_store import CACHE_FOLDER
from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.domain.campaign import Campaign, Patch

EMBEDDING_FOLDER = "embeddings"
KEY = "made_of"
_ODD = re.compile(r"[^A-Za-z0-9_.-]+")
Arrays = dict[str, np.ndarray]


def embedding_file(campaign: Campaign, model: str, patch: Patch) -> Path:
    """Where the embedding of a patch is kept."""
    folder = campaign.path.parent / CACHE_FOLDER / EMBEDDING_FOLDER / _ODD.sub("_", model)
    return folder / f"{patch.patch_id}.npz"


def write_embedding(path: Path, key: str, arrays: Arrays) -> None:
    """Keep an embedding.

    Args:
        path: of `embedding_file`.
        key: what it was made of: pixels and model.
        arrays: by name, as the service gave them.

    Raises:
        WriteError: the system refuses; the previous file is intact.
    """
    file = io.BytesIO()
    np.savez(file, **{KEY: np.array(key)}, **arrays)
    write_whole(path, file.getvalue())


def read_embedding(path: Path, key: str) -> Arrays | None:
    """The embedding of these very pixels and model; None where there is none, or the file is of no use."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return arrays if str(arrays.pop(KEY, "")) == key else None
