# SPDX-License-Identifier: GPL-2.0-or-later
"""Control of what annotators hand in, by a second person: accept, reject with a comment, mend, arbitrate."""

from __future__ import annotations

from dataclasses import replace

from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.adapters.campaign_file import now_utc
from ocsge_annotator.adapters.campaign_update import write_patch_state
from ocsge_annotator.adapters.label_raster import read_labels
from ocsge_annotator.adapters.patch_queue import CONTROLLED_STATES
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.disagreements import Disagreement, find_disagreements
from ocsge_annotator.domain.limits import Limits
from ocsge_annotator.errors import PatchStateError
from ocsge_common.slots import guarded

TOOL = "arbitration"
"""Name of the gesture in the journal."""
BORDER_PX = 2


class ControlDesk(QObject):
    """What a controller does with the patch in hand.

    Signals:
        changed(): the mode, a decision, or the areas to arbitrate.

    Args:
        session: has the patch in hand and takes the gestures.
        parent: owner.
    """

    changed = pyqtSignal()

    def __init__(self, session: AnnotationSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept: set[tuple[int, int, int, int]] = set()
        self.areas: list[Disagreement] = []
        session.patch_changed.connect(self._on_patch)
        session.gesture_done.connect(self._on_gesture)

    @property
    def is_on(self) -> bool:
        """Whether a controller works."""
        return self._session.is_controlling

    def turn(self, is_on: bool) -> None:
        """Begin or end to control; the patch in hand is saved first, as whose it was."""
        self._session.save()
        self._session.is_controlling = is_on
        self._on_patch()

    def count(self, state: PatchState) -> int:
        """Number of patches in a state."""
        return sum(patch.state is state for patch in self._session.patches)

    def next_waiting(self) -> bool:
        """Take the next patch that waits for a controller; False where none does."""
        session = self._session
        for distance in range(1, len(session.patches) + 1):
            index = (session.index + distance) % len(session.patches)
            if session.patches[index].state in CONTROLLED_STATES and index != session.index:
                session.go_to(index)
                return True
        return False

    def accept(self) -> None:
        """Accept the patch in hand.

        Raises:
            PatchStateError: it is not handed in, or is the controller's own.
            WriteError: the system refuses; the state stays.
        """
        self._decide(PatchState.ACCEPTED, "")

    def reject(self, comment: str) -> None:
        """Send the patch in hand back.

        Args:
            comment: what has to be done; the annotator reads it.

        Raises:
            PatchStateError: see `accept`, or there is no comment.
            WriteError: the system refuses; the state stays.
        """
        if not comment.strip():
            raise self._refusal(
                "is sent back without a word",
                "est renvoyée sans un mot",
                "Write what has to be done again.",
                "Écrivez ce qui est à reprendre.",
            )
        self._decide(PatchState.REJECTED, comment.strip())

    def _decide(self, state: PatchState, comment: str) -> None:
        session = self._session
        if session.opened is None or session.patch is None or session.campaign is None:
            return
        session.confirm()
        me = session.settings.annotator_name
        if not self.is_on or session.patch.state not in CONTROLLED_STATES or session.opened.is_barred:
            raise self._refusal(
                "does not wait for a controller",
                "n'attend pas de contrôle",
                "Turn control on, and take a patch that was handed in.",
                "Activez le contrôle et prenez une dalle remise.",
            )
        if session.patch.annotator == me:
            raise self._refusal(
                f"was labelled by {me}, who cannot control it",
                f"a été étiquetée par {me}, qui ne peut pas la contrôler",
                "Let another person control it, or give your own name in the options.",
                "Faites-la contrôler par une autre personne, ou indiquez votre nom dans les options.",
            )
        session.save()
        decided = replace(
            session.opened.patch, state=state, comment=comment, controller=me, controlled_at=now_utc()
        )
        write_patch_state(session.campaign.path, decided)
        session.opened.patch = session.patches[session.index] = decided
        session.patches_changed.emit()
        self.changed.emit()

    def _refusal(self, en: str, fr: str, remedy_en: str, remedy_fr: str) -> PatchStateError:
        patch = self._session.patch.patch_id if self._session.patch is not None else ""
        return PatchStateError(
            path=self._session.campaign.path if self._session.campaign is not None else "",
            problem_en=f"patch {patch} {en}",
            problem_fr=f"la dalle {patch} {fr}",
            remedy_en=remedy_en,
            remedy_fr=remedy_fr,
        )

    # Arbitration

    def keep_first(self, area: Disagreement) -> None:
        """The labels as they are stay on an area."""
        self._kept.add(_key(area))
        self._find_areas()

    def take_second(self, area: Disagreement) -> None:
        """Give an area the second annotator's class, as one gesture that no limit of the tools narrows."""
        session = self._session
        limits, session.limits = session.limits, Limits()
        try:
            session.apply(area.region, area.second, TOOL)
        finally:
            session.limits = limits

    @guarded
    def _on_patch(self) -> None:
        self._kept.clear()
        self._find_areas()

    @guarded
    def _on_gesture(self) -> None:
        if self.areas or self._kept:
            self._find_areas()

    def _find_areas(self) -> None:
        session = self._session
        opened, campaign, image = session.opened, session.campaign, session.image
        self.areas = []
        if self.is_on and opened is not None and campaign is not None and image is not None:
            path = campaign.second_label_file(opened.patch)
            if path.exists():
                second = read_labels(path, image, opened.window)
                found = find_disagreements(opened.editor.labels, second, BORDER_PX)
                self.areas = [a for a in found if not a.is_border and _key(a) not in self._kept]
        self.changed.emit()


def _key(area: Disagreement) -> tuple[int, int, int, int]:
    """What an area is known by while its patch is in hand."""
    return area.first, area.second, area.region.window.row, area.region.window.col
