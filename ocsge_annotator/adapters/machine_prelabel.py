# SPDX-License-Identifier: GPL-2.0-or-later
"""What a model predicted, put on the table patch by patch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from qgis.PyQt.QtCore import QObject

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.machine_proposals import ProposalDesk
from ocsge_annotator.adapters.prelabel import PreLabeller
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.campaign import Campaign
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.domain.proposal import Proposal, ProposalSource
from ocsge_annotator.errors import PredictionMismatchError

SURE = 255


def prediction_file(campaign: Campaign) -> Path:
    """Where the prediction of a campaign's image is kept."""
    return campaign.path.with_name(f"{campaign.path.stem}_prediction.tif")


class PreLabelSource(QObject):
    """Proposes the classes of a prediction of the campaign's image.

    Args:
        session: the work.
        desk: takes the proposal.
        parent: owner.
    """

    def __init__(self, session: AnnotationSession, desk: ProposalDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk
        self._prepared: tuple[tuple[Path, int], PreLabeller] | None = None
        self._scores: tuple[PreLabeller, PixelWindow, np.ndarray] | None = None

    @property
    def is_there(self) -> bool:
        """Whether the campaign's image was predicted."""
        campaign = self._session.campaign
        return campaign is not None and prediction_file(campaign).exists()

    def start(self) -> None:
        """Propose for the patch in hand.

        Raises:
            PredictionMismatchError: there is no prediction, or it does not fit the campaign.
            ImageError: the campaign's image cannot be used.
        """
        opened, campaign = self._session.opened, self._session.campaign
        if opened is None or campaign is None:
            return
        labeller = self._labeller(campaign)
        classes, confidence = labeller.prediction.read(labeller.image.grid, opened.window)
        value = labeller.table[classes]
        score = np.full_like(value, SURE) if confidence is None else confidence
        self._desk.put(Proposal(ProposalSource.PRELABEL, value, score))

    def stop(self) -> None:
        """Propose no more."""

    def close(self) -> None:
        """Let go of the prediction's file."""
        self._prepared = self._scores = None

    def scores(self, window: PixelWindow) -> np.ndarray | None:
        """What the prediction says of a patch, for a learner: (K, H, W) uint8, a plane per class of its own.

        None where there is no prediction that fits.
        """
        if not self.is_there:
            return None
        try:
            labeller = self._labeller(self._session.campaign)
        except PredictionMismatchError:
            return None
        if self._scores is None or self._scores[0] is not labeller or self._scores[1] != window:
            self._scores = (labeller, window, _planes(labeller, window))
        return self._scores[2]

    def _labeller(self, campaign: Campaign) -> PreLabeller:
        path = prediction_file(campaign)
        if not path.exists():
            raise PredictionMismatchError(
                path=path,
                problem_en="this campaign's image has not been predicted yet",
                problem_fr="l'image de cette campagne n'a pas encore été prédite",
                remedy_en="Run “Predict and pre-label…” first.",
                remedy_fr="Lancez d'abord « Prédire et pré-étiqueter… ».",
            )
        stamp = (path, path.stat().st_mtime_ns)
        if self._prepared is None or self._prepared[0] != stamp:
            self._prepared = (stamp, PreLabeller.prepare(campaign, path))
        return self._prepared[1]


def _planes(labeller: PreLabeller, window: PixelWindow) -> np.ndarray:
    """The score of the class that a prediction gives, in that class's plane."""
    classes, confidence = labeller.prediction.read(labeller.image.grid, window)
    known = np.unique(labeller.table[labeller.table != UNLABELLED])
    value = labeller.table[classes]
    score = np.full_like(value, SURE) if confidence is None else confidence
    return np.stack([np.where(value == entry, score, 0) for entry in known]).astype(np.uint8)
