# SPDX-License-Identifier: GPL-2.0-or-later
"""The value lists in step with what is in front: which codes, in which order, under which keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qgis.PyQt.QtCore import QObject, pyqtSignal

from inference_backend.contracts.nomenclature import Dimension
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.domain.code_search import CodeSearch
from ocsge_pi_review.domain.errors import LostPolygonError
from ocsge_pi_review.domain.gestures import Codes
from ocsge_pi_review.domain.palette import DIRECT_USE_KEYS, by_context, by_frequency, keys_for
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.unlikely import unlikely_pair
from ocsge_pi_review.gui.palette_grid import CodeList
from ocsge_pi_review.gui.panel import ReviewPanel


class PaletteBench(QObject):
    """Fills the palette of the panel.

    Signals:
        keys_changed(): other codes are under the keys.

    Args:
        panel: the dock's content.
        review: what is in front.
        settings: the operator's choices.
    """

    keys_changed = pyqtSignal()

    def __init__(
        self,
        panel: ReviewPanel,
        review: Review,
        settings: ReviewSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel, self._review, self._settings = panel, review, settings
        self._profile = review.profile
        self._nomenclature = review.profile.nomenclature
        self._shares = {d: review.store.code_shares(f"code_{d}") for d in ("cs", "us")}
        self.dimension: Dimension = "cs"
        self.codes: dict[str, str] = {}
        """Key to code."""
        self.direct: dict[str, str] = {}
        """Key to use, beside the covers; empty while all uses are shown."""
        self.in_hand: Codes | None = None
        """Codes of what a tool draws; None where keys change the polygon in front."""
        words = self._profile.rules.get("search_words", {}).get("words", {})
        search = CodeSearch(self._nomenclature, words, user_language())
        panel.palette_grid.set_nomenclature(self._nomenclature, search)
        self._shown: tuple[object, ...] | None = None
        self._gestures = 0
        review.performed.connect(self._on_performed)

    def turn(self, dimension: Dimension) -> None:
        """Show covers or uses."""
        self.dimension = dimension
        self.refresh()

    @guarded
    def refresh(self) -> None:
        """Show what fits the polygon in front, or what a tool draws."""
        try:
            row = self._review.row()
        except LostPolygonError:
            return
        # Focus, gesture and tool ask for the same list one after the other.
        state = (row, self.dimension, self.in_hand, self._gestures)
        if state == self._shown:
            return
        self._shown = state
        dimension = self.dimension
        borders_m = self._review.borders_m(row)
        codes = self._ordered(row, dimension, borders_m)
        self.codes = keys_for(codes, letters=dimension == "us")
        here = self.in_hand or Codes(row.cs, row.us)
        current = here.cs if dimension == "cs" else here.us
        flagged = self._flagged(codes, dimension, here)
        if dimension == "us":
            # Before the longer list comes: for a moment, both would need more room than ever.
            self._panel.use_strip.hide()
        self._panel.palette_grid.show_codes(CodeList(codes, self.codes, current, flagged))
        self._show_direct(row, here, borders_m)
        self._panel.use_button.setChecked(dimension == "us")
        self._panel.palette_title.setText(self._title())
        self.keys_changed.emit()

    def _show_direct(self, row: PolygonRow, here: Codes, borders_m: Mapping[str, float]) -> None:
        """The most probable other uses, beside the covers."""
        self.direct = {}
        if self.dimension != "cs":
            return
        others = [code for code in self._ordered(row, "us", borders_m) if code != here.us]
        self.direct = dict(zip(DIRECT_USE_KEYS, others))
        uses = tuple(self.direct.values())
        flagged = self._flagged(uses, "us", here)
        self._panel.use_strip.show_codes(CodeList(uses, self.direct, "", flagged), self._nomenclature)
        self._panel.use_strip.show()

    @guarded
    def _on_performed(self) -> None:
        self._gestures += 1

    def _title(self) -> str:
        if self.in_hand is not None:
            text = tr("Cover of what is drawn") if self.dimension == "cs" else tr("Use of what is drawn")
        elif self.dimension == "cs":
            text = tr("Cover: keys 1 to 9, 0")
        else:
            text = tr("Use: press its key")
        return text

    def _ordered(
        self, row: PolygonRow, dimension: Dimension, borders_m: Mapping[str, float]
    ) -> tuple[str, ...]:
        current = row.cs if dimension == "cs" else row.us
        shares = self._shares[dimension]
        if dimension == "cs" and not self._settings.palette_by_context:
            return by_frequency(self._nomenclature, dimension, shares)
        runner_up = row.attributes.get("runner_up_cs") if dimension == "cs" else None
        leaves = [code.code for code in self._nomenclature.leaves(dimension)]
        unlikely = self._flagged(leaves, dimension, Codes(row.cs, row.us))
        return by_context(self._nomenclature, dimension, current, runner_up, borders_m, shares, unlikely)

    def _flagged(self, codes: Iterable[str], dimension: Dimension, here: Codes) -> dict[str, str]:
        flagged = {}
        for code in codes:
            couple = (code, here.us) if dimension == "cs" else (here.cs, code)
            pair = unlikely_pair(*couple, self._profile)
            if pair is not None:
                flagged[code] = pair.text(user_language())
        return flagged
