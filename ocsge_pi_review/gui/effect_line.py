# SPDX-License-Identifier: GPL-2.0-or-later
"""A few words on the map about what a gesture would do: thresholds, artificialised ground, odd couples."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtWidgets import QLabel

from inference_backend.contracts.lot import Operation
from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.domain.effects import Effects
from ocsge_pi_review.domain.plan import Plan
from ocsge_pi_review.domain.rings import area
from ocsge_pi_review.gui.texts import area_text, label_text
from ocsge_pi_review.map_tools.desk import Preview

BAD, WARN, GOOD, PLAIN = "#c1121f", "#9a6700", "#1b7837", "#222222"
MARGIN_PX = 10
MIN_WIDTH_PX = 200
MOST_SMALL = 3
NOTHING_M2 = 0.5
"""A smaller change of artificialised ground is not worth a word, m2."""
MAKES = (Operation.INSERT, Operation.ROAD, Operation.SEGMENT, Operation.MERGE, Operation.ABSORB)
STYLE = (
    "QLabel { background: rgba(255, 255, 255, 235); border: 1px solid #888; border-radius: 4px;"
    " padding: 4px 7px; color: #222; }"
)
HINT_STYLE = (
    "QLabel { background: rgba(255, 243, 196, 240); border: 1px solid #c9b458; border-radius: 4px;"
    " padding: 4px 7px; color: #4d3b00; }"
)


def preview_html(preview: Preview, nomenclature: Nomenclature) -> str:
    """One line for each thing to know; the reason where the gesture is refused."""
    if preview.refusal is not None:
        return _line(preview.refusal.text(user_language()), BAD)
    lines = []
    if preview.plan is not None:
        lines += _made(preview.plan, nomenclature)
    if preview.effects is not None:
        made = () if preview.plan is None else preview.plan.patch.ids
        lines += [*_thresholds(preview.effects), *_artificialised(preview.effects, made)]
        lines += _unlikely(preview.effects)
    return "<br>".join(lines)


def _made(plan: Plan, nomenclature: Nomenclature) -> list[str]:
    """What the polygon made would be."""
    if plan.operation not in MAKES:
        parts = [area_text(area(row.polygon)) for row in plan.shown]
        return [_line(" + ".join(parts), PLAIN)] if 1 < len(parts) <= 4 else []
    row = plan.patch.after[0]
    couple = f"{label_text(nomenclature, row.cs)} × {label_text(nomenclature, row.us)}"
    return [_line(f"{area_text(area(row.polygon))} · {couple}", PLAIN)]


def _thresholds(effects: Effects) -> list[str]:
    lines = []
    for small in effects.broken[:MOST_SMALL]:
        text = tr("Under the minimum: {} of {}")
        lines.append(_line(text.format(area_text(small.area_m2), area_text(small.minimum_m2)), BAD))
    if len(effects.broken) > MOST_SMALL:
        lines.append(_line(tr("…and {} more").format(len(effects.broken) - MOST_SMALL), BAD))
    if effects.healed:
        lines.append(_line(tr("No longer under the minimum: {}").format(len(effects.healed)), GOOD))
    return lines


def _artificialised(effects: Effects, made: Sequence[str]) -> list[str]:
    change_m2 = effects.artificialised_m2
    couples_m2 = effects.matrix_after_m2 - effects.matrix_before_m2
    if abs(change_m2) < NOTHING_M2 and abs(couples_m2) < NOTHING_M2:
        return []
    text = tr("Artificialised ground: {}").format(_signed(change_m2))
    if abs(change_m2 - couples_m2) >= NOTHING_M2:
        text += " " + tr("(by couples alone {}; the rest by clusters)").format(_signed(couples_m2))
    lines = [_line(text, WARN)]
    others = sum(polygon_id not in made for polygon_id, _ in effects.flipped)
    if others:
        lines.append(_line(tr("Polygons around that change status with it: {}").format(others), WARN))
    return lines


def _unlikely(effects: Effects) -> list[str]:
    reasons = dict.fromkeys(pair.text(user_language()) for _, pair in effects.unlikely)
    return [_line(tr("Unlikely couple: {}").format(reason), WARN) for reason in reasons]


def _signed(area_m2: float) -> str:
    sign = "+" if area_m2 > 0 else "−"
    return f"{sign}{area_text(abs(area_m2))}" if abs(area_m2) >= NOTHING_M2 else area_text(0.0)


def _line(text: str, colour: str) -> str:
    return f"<span style='color:{colour}'>{escape(text)}</span>"


class EffectLine(QObject):
    """Two labels on the map that let the mouse through: what the map waits for, and what a gesture would do.

    On the map, not on the panel: the eyes are there, and nothing on the panel moves when they come and go.

    Args:
        canvas: the map.
        nomenclature: labels.
    """

    def __init__(
        self, canvas: QgsMapCanvas, nomenclature: Nomenclature, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._canvas, self._nomenclature = canvas, nomenclature
        self._removed = False
        self.label = _label(canvas, "effect_line", STYLE)
        self.hint_label = _label(canvas, "hint_line", HINT_STYLE)
        canvas.installEventFilter(self)

    def show(self, preview: Preview | None) -> None:
        """Say what a preview means, in the lower left corner; nothing for None."""
        self._say(self.label, "" if preview is None else preview_html(preview, self._nomenclature))

    def hint(self, text: str) -> None:
        """Say what the map waits for, in the upper left corner; nothing for an empty text."""
        self._say(self.hint_label, escape(text))

    def remove(self) -> None:
        """Take the labels off the map for good; safe to call again."""
        if not self._removed:
            self._removed = True
            self._canvas.removeEventFilter(self)
            for label in (self.label, self.hint_label):
                label.hide()
                label.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corners when the map is resized."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _say(self, label: QLabel, html: str) -> None:
        if self._removed or html == label.text():
            return
        label.setText(html)
        label.setVisible(bool(html))
        self._place()

    def _place(self) -> None:
        for label in (self.label, self.hint_label):
            if label.isVisible():
                _fit(label, max(MIN_WIDTH_PX, self._canvas.width() * 2 // 3))
        self.label.move(MARGIN_PX, self._canvas.height() - self.label.height() - MARGIN_PX)
        self.hint_label.move(MARGIN_PX, MARGIN_PX)


def _label(canvas: QgsMapCanvas, name: str, style: str) -> QLabel:
    label = QLabel(canvas)
    label.setObjectName(name)
    label.setStyleSheet(style)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.hide()
    return label


def _fit(label: QLabel, widest: int) -> None:
    """As small as its text: a wrapped label asks for a square, so it is wrapped only where it must be."""
    label.setWordWrap(False)
    if label.sizeHint().width() > widest:
        label.setWordWrap(True)
        label.resize(widest, label.heightForWidth(widest))
    else:
        label.adjustSize()
    label.raise_()
