# SPDX-License-Identifier: GPL-2.0-or-later
"""Pre-labelling: a prediction's surest pixels become labels, patch by patch, each as one gesture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from ocsge_annotator.adapters.campaign_file import read_patch
from ocsge_annotator.adapters.image import Image, read_image
from ocsge_annotator.adapters.machine_share_store import read_share, share_file, write_share
from ocsge_annotator.adapters.patch_files import OpenPatch, open_patch, save_patch
from ocsge_annotator.adapters.prediction_raster import PredictionRaster, open_prediction
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.class_mapping import labels_from_prediction, mapping_table, merge_labels
from ocsge_annotator.domain.holes import labelled_share
from ocsge_annotator.domain.patch_lock import LOCK_FOLDER, PatchLock
from ocsge_annotator.errors import PredictionMismatchError

DEFAULT_FLOOR = 0.5
"""Score below which a pixel stays unlabelled: more likely wrong than right."""
TOOL = "prelabel"


@dataclass
class PreLabeller:
    """A prediction ready to pre-label the patches of a campaign.

    Attributes:
        campaign: of the patches.
        image: of the campaign.
        prediction: opened.
        table: label value of each prediction value.
        floor: score below which a pixel stays unlabelled, 0..1.
        replace: whether a proposal overwrites a label.
    """

    campaign: Campaign
    image: Image
    prediction: PredictionRaster
    table: np.ndarray
    floor: float = DEFAULT_FLOOR
    replace: bool = False

    @classmethod
    def prepare(
        cls, campaign: Campaign, prediction: Path, *, floor: float = DEFAULT_FLOOR, replace: bool = False
    ) -> PreLabeller:
        """Open what is needed.

        Raises:
            ImageError: the campaign's image cannot be used.
            PredictionMismatchError: the prediction cannot be used, or shares no class with the campaign.
        """
        image = read_image(campaign.image)
        opened = open_prediction(prediction, campaign.crs_wkt)
        profile = Profile.load(campaign.profile or DEFAULT_PROFILE)
        table = mapping_table(opened.classes, campaign.classes, profile)
        if (table == UNLABELLED).all():
            names = ", ".join(entry.name for entry in opened.classes[:5])
            raise PredictionMismatchError(
                path=prediction,
                problem_en=f"none of its classes ({names}…) is one of the campaign's",
                problem_fr=f"aucune de ses classes ({names}…) n'est une classe de la campagne",
                remedy_en="Choose a prediction with the campaign's classes.",
                remedy_fr="Choisissez une prédiction qui a les classes de la campagne.",
            )
        return cls(campaign, image, opened, table, floor, replace)

    def apply(self, opened: OpenPatch) -> bool:
        """Pre-label a patch in hand as one gesture; whether anything changed.

        Raises:
            WriteError: the journal cannot be written; the labels are as before.
        """
        classes, confidence = self.prediction.read(self.image.grid, opened.window)
        proposed = labels_from_prediction(classes, confidence, self.table, self.floor)
        editor = opened.editor
        editor.begin()
        editor.replace(merge_labels(editor.labels, proposed, replace=self.replace))
        return editor.commit(TOOL) is not None

    def apply_to_all(self, progress: Callable[[float], None]) -> tuple[int, float]:
        """Pre-label every patch that still waits for its annotator, and save it; its state stays as it was.

        A patch that somebody has in hand, or has handed in meanwhile, is left alone.

        Args:
            progress: called with the share done; may raise to stop.

        Returns:
            Number of patches changed, and the mean labelled share of the patches looked at, 0..1.
        """
        waiting = [patch for patch in self.campaign.patches if patch.is_open]
        changed, shares = 0, []
        for position, patch in enumerate(waiting):
            progress(position / len(waiting))
            lock = PatchLock(self.campaign.path.parent / LOCK_FOLDER / f"{patch.patch_id}.lock")
            try:
                now = read_patch(self.campaign.path, patch.patch_id)
                if lock.holder is None and now is not None and now.is_open:
                    is_changed, share = self._apply_and_save(now)
                    changed += is_changed
                    shares.append(share)
            finally:
                lock.release()
        progress(1.0)
        return changed, float(np.mean(shares)) if shares else 0.0

    def _apply_and_save(self, patch: Patch) -> tuple[bool, float]:
        opened = open_patch(self.campaign, self.image, patch)
        before, path = opened.editor.labels.copy(), share_file(self.campaign, patch)
        share = read_share(path, before)
        try:
            is_changed = self.apply(opened)
            save_patch(self.campaign, self.image, opened, patch.annotator, patch.state)
            share.note(before, opened.editor.labels)
            write_share(path, share, opened.editor.labels)
        finally:
            opened.editor.close()
        return is_changed, labelled_share(opened.editor.labels)
