# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference vectors as a proposal: shown, moved onto the image, and taken over like any other."""

from __future__ import annotations

import numpy as np
from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.campaign import UNLABELLED, SourceRole
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from ocsge_annotator.adapters.gdal_calls import spatial_reference
from ocsge_annotator.adapters.hint_layer import HintShapes, empty_values, read_shapes
from ocsge_annotator.adapters.hint_offsets import Offset, offset_file, read_offsets, write_offsets
from ocsge_annotator.adapters.machine_proposals import ProposalDesk
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.hints import HintRule, hint_rules, rule_of_layer
from ocsge_annotator.domain.image_grid import Bounds
from ocsge_annotator.domain.pixels import Labels, PixelPoint
from ocsge_annotator.domain.proposal import Proposal, ProposalSource
from ocsge_annotator.errors import SourceError

MARGIN_M = 60.0
"""Around the patch, m: a wide road beside it, or what is moved onto it, is read as well."""
NO_OFFSET: Offset = (0.0, 0.0)
SURE = 255


class HintSource(QObject):
    """Proposes what the campaign's reference vectors say, each moved by its own offset on this patch.

    Signals:
        changed(): other layers, or other ones are shown.

    Args:
        session: the work.
        desk: takes the proposal.
        parent: owner.
    """

    changed = pyqtSignal()

    def __init__(self, session: AnnotationSession, desk: ProposalDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk
        self._places: dict[str, tuple[str, HintRule]] = {}
        self._shapes: dict[str, HintShapes] = {}
        self._offsets: dict[str, Offset] = {}
        self._patch_id = ""
        self.hidden: set[str] = set()

    @property
    def titles(self) -> list[str]:
        """The layers, in the order in which they are drawn."""
        return list(self._places)

    def open(self) -> None:
        """Another campaign, or none: which of its sources are hints, and what they stand for."""
        campaign = self._session.campaign
        self._places, self._patch_id = {}, ""
        self.hidden.clear()
        if campaign is not None:
            profile = Profile.load(campaign.profile or DEFAULT_PROFILE)
            rules = hint_rules(profile)
            found = []
            for source in campaign.sources_of(SourceRole.HINT):
                place = campaign.place_of(source)
                path, _, layer = place.partition("|layername=")
                rule = rule_of_layer(rules, profile, layer, path, source.title)
                if rule is not None:
                    found.append((rules.index(rule), source.title, (place, rule)))
            self._places = {title: entry for _, title, entry in sorted(found, key=lambda row: row[0])}
        self.changed.emit()

    def start(self) -> None:
        """Propose for the patch in hand.

        Raises:
            SourceError: the campaign has no hints, one cannot be read, or the image is in degrees.
        """
        campaign = self._session.campaign
        if self._session.opened is None or campaign is None:
            return
        if not self._places:
            raise SourceError(
                path=campaign.path,
                problem_en="this campaign has no reference vectors that the profile knows",
                problem_fr="cette campagne n'a pas de vecteurs de référence que le profil connaisse",
                remedy_en="Give it some as sources with the role “hint”.",
                remedy_fr="Donnez-lui-en comme sources, avec le rôle « indice ».",
            )
        if spatial_reference(self._session.image.crs_wkt).IsGeographic():
            raise SourceError(
                path=self._session.image.path,
                problem_en="this image is in degrees, reference vectors have widths and offsets in metres",
                problem_fr="cette image est en degrés ; les vecteurs de référence ont des largeurs et des "
                "décalages en mètres",
                remedy_en="Make a campaign on the image in a projected system (Raster > Projections > Warp).",
                remedy_fr="Créez une campagne sur l'image dans un système projeté (Raster > Projections > "
                "Projection).",
            )
        self._read()
        self._propose()

    def stop(self) -> None:
        """Propose no more."""

    def show(self, title: str, is_shown: bool) -> None:
        """Take a layer into the proposal, or leave it out."""
        self.hidden.discard(title) if is_shown else self.hidden.add(title)
        if self._desk.proposal is not None and self._desk.proposal.source is ProposalSource.HINT:
            self._propose()

    def layer_at(self, point: PixelPoint) -> str | None:
        """The topmost layer shown at a position of the patch; None where there is none."""
        if not self._session.contains(point) or self._session.opened is None:
            return None
        for title in reversed(self.titles):
            if title in self.hidden or title not in self._shapes:
                continue
            if self._burnt([title])[int(point.y), int(point.x)] != UNLABELLED:
                return title
        return None

    def offset_of(self, title: str) -> Offset:
        """By how much a layer is moved on this patch, m."""
        return self._offsets.get(title, NO_OFFSET)

    def move(self, title: str, offset_m: Offset) -> None:
        """Move a layer on this patch, for the eyes; `remember` keeps it."""
        self._offsets[title] = offset_m
        self._propose()

    def remember(self) -> None:
        """Keep the offsets of this patch.

        Raises:
            WriteError: the system refuses; they hold until the patch is left.
        """
        patch, campaign = self._session.patch, self._session.campaign
        if patch is not None and campaign is not None:
            write_offsets(offset_file(campaign, patch), self._offsets)

    def _read(self) -> None:
        """Layers and offsets of the patch in hand, unless they are there."""
        session, patch = self._session, self._session.patch
        if patch is None or patch.patch_id == self._patch_id:
            return
        xmin, ymin, xmax, ymax = session.image.grid.bounds_of(session.opened.window)
        bounds = Bounds(xmin - MARGIN_M, ymin - MARGIN_M, xmax + MARGIN_M, ymax + MARGIN_M)
        self._shapes = {
            title: read_shapes(place, rule, session.image, bounds, session.campaign.classes)
            for title, (place, rule) in self._places.items()
        }
        self._offsets = read_offsets(offset_file(session.campaign, patch))
        self._patch_id = patch.patch_id

    def _propose(self) -> None:
        values = self._burnt([title for title in self.titles if title not in self.hidden])
        self._desk.put(Proposal(ProposalSource.HINT, values, np.full_like(values, SURE)))

    def _burnt(self, titles: list[str]) -> Labels:
        window = self._session.opened.window
        values = empty_values(window)
        for title in titles:
            if title in self._shapes:
                self._shapes[title].burn(values, self._session.image, window, self.offset_of(title))
        return values
