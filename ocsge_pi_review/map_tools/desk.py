# SPDX-License-Identifier: GPL-2.0-or-later
"""What every map tool of the review works with."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.adapters.review_gestures import ReviewGestures
from ocsge_pi_review.domain.effects import Effects
from ocsge_pi_review.domain.errors import ReviewError
from ocsge_pi_review.domain.gestures import Codes
from ocsge_pi_review.domain.plan import Plan


@dataclass(frozen=True)
class Preview:
    """What a gesture would do, or why it cannot be done.

    Attributes:
        plan: None where it is refused.
        effects: of the plan.
        refusal: why there is no plan.
    """

    plan: Plan | None = None
    effects: Effects | None = None
    refusal: ReviewError | None = None


class CodesInHand(QObject):
    """Cover and use that the next drawn polygon gets; nothing is in hand until somebody chooses.

    Signals:
        changed(): another code.
    """

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cs, self.us = "", ""

    def take(self, *, cs: str = "", us: str = "") -> None:
        """Choose a cover, a use or both."""
        self.cs, self.us = cs or self.cs, us or self.us
        self.changed.emit()

    def drop(self) -> None:
        """Choose nothing."""
        self.cs, self.us = "", ""
        self.changed.emit()

    def over(self, default: Codes) -> Codes:
        """What is in hand, the default where nothing is."""
        return Codes(self.cs or default.cs, self.us or default.us)


@dataclass(frozen=True)
class ToolDesk:
    """What a tool is given.

    Attributes:
        review: queue, focus and store.
        gestures: plans, and their writing.
        codes: of what is drawn next.
    """

    review: Review
    gestures: ReviewGestures
    codes: CodesInHand
