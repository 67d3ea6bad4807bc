# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels into a campaign as the annotation panel would have saved them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.campaign import PATCH, UNLABELLED, PatchState
from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from inference_backend.datasets.campaign import Campaign, CampaignPatch
from inference_backend.datasets.errors import CampaignError
from inference_backend.datasets.raster_files import write_geotiff
from inference_backend.errors import OutputError
from inference_backend.grid import Grid

LOCK_FOLDER = "locks"
LOCK_LASTS = timedelta(minutes=15)
"""A lock that was not renewed for so long belongs to a program that has ended."""
KEPT_FOLDER = "labels_before_import"


def holder_of(campaign: Campaign, patch: CampaignPatch) -> str:
    """Who has a patch in hand in the annotation panel, empty where nobody has."""
    path = campaign.path.parent / LOCK_FOLDER / f"{patch.patch_id}.lock"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        seen = datetime.fromisoformat(content["seen"])
        user, host, pid = str(content["user"]), str(content["host"]), int(content["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    if host == socket.gethostname() and not _may_run(pid):
        return ""
    aware = seen if seen.tzinfo else seen.replace(tzinfo=UTC)
    return user if datetime.now(UTC) - aware < LOCK_LASTS else ""


def _may_run(pid: int) -> bool:
    """Whether a program of this machine may still run; asking would end it on Windows."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class LabelWriter:
    """Writes label rasters and the rows of their patches; what they replace is kept aside.

    Args:
        campaign: to be changed.
        annotator: whose work a patch becomes that nobody has begun.
    """

    def __init__(self, campaign: Campaign, annotator: str) -> None:
        self._campaign, self._annotator = campaign, annotator
        profile = Profile.load(campaign.profile or DEFAULT_PROFILE)
        self._tag = encode_classes(
            tuple(
                PredictedClass(c.value, c.name, profile.cover_of_class(c.name), c.colour.upper())
                for c in campaign.classes
            )
        )
        self._kept = campaign.path.parent / KEPT_FOLDER / datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")

    def write(self, patch: CampaignPatch, grid: Grid, labels: NDArray[np.uint8]) -> None:
        """Replace the labels of a patch.

        Raises:
            OutputError: a raster cannot be written; the previous one is intact.
            CampaignError: the GeoPackage cannot be written.
        """
        try:
            if patch.label_path.exists():
                self._kept.mkdir(parents=True, exist_ok=True)
                shutil.copy2(patch.label_path, self._kept / patch.label_path.name)
            with replace_when_done(patch.label_path) as temporary:
                write_geotiff(
                    temporary,
                    labels[np.newaxis],
                    grid,
                    names=("label",),
                    classes=self._campaign.classes,
                    nodata=UNLABELLED,
                    tags={TAG_CLASSES: self._tag},
                )
        except (OSError, RasterioError) as error:
            raise OutputError(path=patch.label_path, reason=error) from error
        self._write_row(patch, float((labels != UNLABELLED).mean()))

    def _write_row(self, patch: CampaignPatch, share: float) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        # Columns come from the contract, values are bound.
        update = (
            f'UPDATE "{PATCH.name}" SET state = CASE state WHEN ? THEN ? ELSE state END, '  # nosec B608
            "annotator = COALESCE(NULLIF(annotator, ''), ?), started_at = COALESCE(started_at, ?), "
            "labelled_share = ? WHERE patch_id = ?"
        )
        states = (PatchState.TODO.value, PatchState.IN_PROGRESS.value)
        try:
            with closing(sqlite3.connect(self._campaign.path)) as database, database:
                _give_functions(database)
                database.execute(update, (*states, self._annotator, now, round(share, 6), patch.patch_id))
        except sqlite3.Error as error:
            raise CampaignError(
                path=self._campaign.path,
                problem_en=f"cannot be written ({error})",
                problem_fr=f"écriture impossible ({error})",
                remedy_en="Close other programs that use it, or ask for the right to write.",
                remedy_fr="Fermez les autres programmes qui l'utilisent, ou demandez le droit d'écrire.",
            ) from error


def _give_functions(database: sqlite3.Connection) -> None:
    """What the triggers of a spatial index name; they compute nothing where no geometry changes."""
    database.create_function("ST_IsEmpty", 1, lambda geometry: geometry is None)
    for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
        database.create_function(name, 1, lambda geometry: None)
