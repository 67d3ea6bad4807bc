# SPDX-License-Identifier: GPL-2.0-or-later
"""The logical check of a whole lot, which comes before any sample."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from inference_backend.lots.lot_file import open_lot
from inference_backend.postgis.address import LotAddress
from inference_backend.progress import Progress, Silent
from inference_backend.quality.conformity import check_layer


def conformity_of(
    place: Path | LotAddress,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> dict[str, Any]:
    """Counts of `ocsge check` with `conform`; a lot of a database is copied to a file for it.

    Raises:
        VectorError, LotFileError, ConfigError: no lot there.
    """
    if isinstance(place, Path):
        return _checked(place, progress)
    # A driver that only databases need.
    from inference_backend.postgis.fetch import fetch

    with TemporaryDirectory(prefix="ocsge-control-") as folder:
        copy = Path(folder) / "lot.gpkg"
        fetch(place, copy)
        found = _checked(copy, progress)
    return {**found, "path": place.label}


def _checked(path: Path, progress: Progress) -> dict[str, Any]:
    with open_lot(path) as lot:
        profile = lot.profile()
    report = check_layer(path, layer="occupation_sol", profile=profile, progress=progress)
    return {"conform": report.is_conform, **report.to_dict()}
