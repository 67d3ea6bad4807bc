# SPDX-License-Identifier: GPL-2.0-or-later
"""All that proposes: segments, proposals and their sources, on the material of the patch in hand."""

from __future__ import annotations

from typing import Protocol

from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.adapters.label_raster import read_labels
from ocsge_annotator.adapters.machine_hints import HintSource
from ocsge_annotator.adapters.machine_interactive import InteractiveDesk
from ocsge_annotator.adapters.machine_learner import LearnerSource
from ocsge_annotator.adapters.machine_material import Material, Materials
from ocsge_annotator.adapters.machine_memory import LearnerMemory
from ocsge_annotator.adapters.machine_prelabel import PreLabelSource
from ocsge_annotator.adapters.machine_proposals import ProposalDesk
from ocsge_annotator.adapters.machine_segments import SegmentDesk
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.proposal import ProposalSource
from ocsge_common.backend.live_client import LiveClient
from ocsge_common.slots import guarded

Rgb = tuple[int, int, int]
NO_CLASS: Rgb = (255, 255, 255)


class Source(Protocol):
    """Somebody who proposes."""

    def start(self) -> None:
        """Propose for the patch in hand."""

    def stop(self) -> None:
        """Propose no more."""


class Machine(QObject):
    """Brings the machine's part to the session; without backend what is kept on the disk still serves.

    Signals:
        refused(object): the error that says why something is missing.
        changed(): another source, or something is on its way, or arrived.

    Args:
        session: the work.
        live: client of the live service.
        parent: owner.
    """

    refused = pyqtSignal(object)
    changed = pyqtSignal()

    def __init__(self, session: AnnotationSession, live: LiveClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.live = session, live
        self.materials = Materials(self)
        self.segments = SegmentDesk(session, self.materials, live, self)
        self.proposals = ProposalDesk(session, self)
        self.memory = LearnerMemory(live, self)
        self.prelabel = PreLabelSource(session, self.proposals, self)
        self.learner = LearnerSource(
            session,
            self.proposals,
            live,
            self.memory,
            lambda: self.material,
            self.prelabel.scores,
            self,
        )
        self.hints = HintSource(session, self.proposals, self)
        self.interactive = InteractiveDesk(session, self.materials, live, self)
        self.sources: dict[ProposalSource, Source] = {
            ProposalSource.PRELABEL: self.prelabel,
            ProposalSource.LEARNER: self.learner,
            ProposalSource.HINT: self.hints,
        }
        self.source: ProposalSource | None = None
        self._last: Material | None = None
        self._connections = [
            (self.segments.failed, self.refused),
            (self.materials.failed, self.refused),
            (self.learner.failed, self.refused),
            (self.interactive.failed, self.refused),
            (self.interactive.changed, self.changed),
            (self.hints.changed, self.changed),
            (self.segments.changed, self.changed),
            (self.proposals.changed, self.changed),
            (self.learner.asked, self.changed),
            (self.materials.ready, self._on_material),
            (session.patch_changed, self._on_patch),
            (session.campaign_changed, self._on_campaign),
        ]
        for signal, slot in self._connections:
            signal.connect(slot)

    @property
    def material(self) -> Material | None:
        """The patch in hand, once it is read."""
        patch = self.session.patch
        return self.materials.find(patch.patch_id) if patch is not None else None

    def rgb(self, value: int) -> Rgb:
        """Colour of a class."""
        classes = self.session.campaign.classes if self.session.campaign is not None else ()
        return next((entry.rgb for entry in classes if entry.value == value), NO_CLASS)

    def choose_source(self, source: ProposalSource | None) -> None:
        """Who proposes from now on; None for nobody.

        Raises:
            AnnotatorError: it has nothing to propose; nobody proposes then.
        """
        if self.source is not None:
            self.sources[self.source].stop()
        self.source = None
        self.proposals.put(None)
        if source is not None:
            self.sources[source].start()
            self.source = source
        self.changed.emit()

    def grow(self) -> None:
        """Accept what is proposed; where nobody proposes yet, let the learner begin."""
        if self.source is None:
            self.choose_source(ProposalSource.LEARNER)
        else:
            self.proposals.accept()

    def toggle_hints(self) -> None:
        """Show the reference vectors, or hide them.

        Raises:
            SourceError: the campaign has none, or one cannot be read.
        """
        self.choose_source(None if self.source is ProposalSource.HINT else ProposalSource.HINT)

    def stop(self) -> None:
        """Wait for nothing any more, and let the backend end; safe to call again."""
        for signal, slot in self._connections:
            signal.disconnect(slot)
        if self._connections:
            self.learner.stop()
            self.interactive.stop()
            self.segments.stop()
            self.materials.forget()
            self.live.stop()
        self._connections = []

    @guarded
    def _on_campaign(self) -> None:
        self.materials.forget()
        self.prelabel.close()
        self._last = None
        self.memory.open(self.session.campaign)
        self.hints.open()

    @guarded
    def _on_patch(self) -> None:
        self._learn_from(self._last)
        self._last = self.material
        self.proposals.take_patch()
        self.segments.take(self.material)
        self.interactive.take_patch()
        self._propose()

    @guarded
    def _on_material(self, material: Material) -> None:
        if material is self.material:
            self._last = material
            if self.source is ProposalSource.LEARNER and self.proposals.proposal is None:
                self.learner.start()

    def _propose(self) -> None:
        if self.source is None:
            return
        if self.session.opened is not None:
            self.sources[self.source].start()
        else:
            self.sources[self.source].stop()  # an answer on its way has no patch to come to

    def _learn_from(self, material: Material | None) -> None:
        """A patch was left: if it was handed in, the next ones learn from it."""
        campaign, image = self.session.campaign, self.session.image
        if material is None or campaign is None or image is None:
            return
        name = material.patch.patch_id
        row = next((patch for patch in self.session.patches if patch.patch_id == name), None)
        if row is not None and row.state is PatchState.SUBMITTED:
            labels = read_labels(campaign.label_file(row), image, material.window)
            self.memory.learn(material, labels, self.prelabel.scores(material.window))
