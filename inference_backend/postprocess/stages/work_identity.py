# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that decides the blocks of a lot, so that a restart goes on only with the same work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import shapely

from inference_backend.cluster.software import software
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.blockwise import Tiling
from inference_backend.postprocess.prediction.prediction_reader import Prediction, ReadOptions
from inference_backend.postprocess.references.references import reference_files
from inference_backend.work.file_state import file_state

_LIBRARIES = ("numpy", "numba", "scipy", "shapely", "rasterio", "pyogrio", "pyproj")
_DECIDING = ("area", "contracts", "postprocess", "work", "grid.py", "thresholds.py", "vector_reading.py")


def deciding_software() -> dict[str, str]:
    """Name to version of everything here that a lot may depend on, our own code with a digest of it."""
    return {**software(_DECIDING, _LIBRARIES), "geos": shapely.geos_version_string}


def work_identity(
    prediction: Prediction,
    references: Sequence[Path],
    profile: Profile,
    tiling: Tiling,
    options: ReadOptions,
    millesime: str,
) -> dict[str, Any]:
    """JSON values by topic.

    Args:
        prediction: open.
        references: files and folders.
        profile: rules.
        tiling: blocks, whose files are of no use for another one.
        options: how the prediction is read.
        millesime: year of the image, by which references are judged.

    Raises:
        VectorError: a reference that does not exist.
    """
    table = [] if not options.class_table else file_state(Path(options.class_table))
    area = [] if options.aoi is None else _states([Path(str(options.aoi).partition("|")[0])])
    return {
        "software": deciding_software(),
        "prediction": [file_state(Path(name)) for name in prediction.files],
        "references": _states(file for path in references for file in reference_files(path)),
        "profile": [profile.name, _digest(profile.path.parent)],
        "blocks": [*tiling.shape, tiling.side_px],
        "options": [options.class_table, options.crs, options.pixel_m, str(options.aoi or ""), *table, *area],
        "millesime": millesime,
    }


def _states(files: Iterable[Path]) -> list[list[Any]]:
    """State of vector files and of those that belong to them (`.dbf`, `-wal`)."""
    return [file_state(found) for path in files for found in sorted(_members(path))]


def _members(path: Path) -> Iterator[Path]:
    """Files named like `path`; not SQLite's `-shm`, which reading makes and changes."""
    for found in path.parent.iterdir():
        if found.name.startswith(path.stem) and not found.name.endswith("-shm"):
            yield found


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.json")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
