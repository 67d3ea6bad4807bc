# SPDX-License-Identifier: GPL-2.0-or-later
"""What is known of the polygon in front, at one glance."""

from __future__ import annotations

from html import escape

from qgis.PyQt.QtWidgets import QProgressBar, QWidget

from inference_backend.contracts.lot import ItemState, Reason
from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.domain.holds import held_by_other, held_until
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.sentence import reason_sentence
from ocsge_pi_review.gui.swatch import swatch_pixmap
from ocsge_pi_review.gui.texts import (
    area_text,
    code_text,
    label_text,
    percent_text,
    state_text,
)

LEVELS = ((0.5, "#d73027"), (0.75, "#fdae61"), (1.01, "#66bd63"))
"""Colour of a bar up to each share."""
BAR_STYLE = (
    "QProgressBar {{ border: 1px solid #999; border-radius: 3px; background: #f2f2f2; color: #111;"
    " text-align: center; }} QProgressBar::chunk {{ background: {colour}; border-radius: 2px; }}"
)


class ItemCard:
    """Fills the widgets of the card in `review_panel.ui`.

    Args:
        panel: the loaded panel.
        nomenclature: labels and colours.
        operator: who works here.
    """

    def __init__(self, panel: QWidget, nomenclature: Nomenclature, operator: str) -> None:
        self._panel, self._nomenclature, self._operator = panel, nomenclature, operator

    def show(self, row: PolygonRow, item: ReviewItem | None, minimum_m2: float) -> None:
        """Show a polygon, with its item if it has one."""
        panel = self._panel
        panel.title_label.setText(_title(row, item))
        self._show_code(panel.cover_swatch, panel.cover_label, row.cs, 26)
        self._show_code(panel.use_swatch, panel.use_label, row.us, 16)
        runner_up = str(row.attributes.get("runner_up_cs") or "")
        self._show_code(panel.runner_up_swatch, panel.runner_up_label, runner_up, 16)
        _show_share(panel.confidence_bar, row.attributes.get("confidence"))
        _show_share(panel.margin_bar, row.attributes.get("margin"))
        panel.area_label.setText(_area(float(row.attributes.get("area_m2") or 0.0), minimum_m2))
        panel.reasons_label.setText(self._why(row, item))
        _show_remark(panel, [] if item is None else _remarks(item, self._operator))

    def clear(self, text: str) -> None:
        """Show nothing but `text`."""
        panel = self._panel
        panel.title_label.setText(text)
        for label in (panel.cover_label, panel.use_label, panel.runner_up_label):
            label.clear()
        panel.area_label.clear()
        panel.reasons_label.clear()
        _show_remark(panel, [])
        for swatch in (panel.cover_swatch, panel.use_swatch, panel.runner_up_swatch):
            swatch.clear()
        _show_share(panel.confidence_bar, None)
        _show_share(panel.margin_bar, None)

    def _why(self, row: PolygonRow, item: ReviewItem | None) -> str:
        lines = []
        if row.is_locked:
            source = row.attributes.get("source") or "NC"
            lines.append(tr("Locked: part of the skeleton ({}).").format(source))
        if row.attributes.get("margin_of") is not None:
            lines.append(tr("Read-only: it belongs to a neighbouring lot."))
        if item is not None:
            lines.append(reason_sentence(row, item, self._nomenclature, user_language()))
        return "\n".join(line for line in lines if line)

    def _show_code(self, swatch: QWidget, label: QWidget, code: str, size_px: int) -> None:
        swatch.setPixmap(swatch_pixmap(self._nomenclature, code, size_px))
        big = size_px > 20
        text = code_text(self._nomenclature, code)
        if big and code:
            name, shown = escape(label_text(self._nomenclature, code)), escape(code)
            text = f"<b>{name}</b><br><span style='color:#666'>{shown}</span>"
        label.setText(text)


def _title(row: PolygonRow, item: ReviewItem | None) -> str:
    if item is None:
        return tr("Polygon {} (not in the queue)").format(row.id)
    if item.rank < 0:
        text = tr("Control · {} · {}") if _is_of_control(item) else tr("Remark · {} · {}")
        return text.format(row.id, state_text(item.state))
    return tr("No. {} · {} · {}").format(item.rank, row.id, state_text(item.state))


def _area(area_m2: float, minimum_m2: float) -> str:
    text = tr("{} (minimum {})").format(area_text(area_m2), area_text(minimum_m2))
    return f"<span style='color:#c00'><b>{text}</b></span>" if area_m2 < minimum_m2 else text


def _show_remark(panel: QWidget, lines: list[str]) -> None:
    panel.remark_label.setText("\n".join(lines))
    panel.remark_label.setVisible(bool(lines))


def _remarks(item: ReviewItem, operator: str) -> list[str]:
    """What people said of an item: the comment, the controller's answer, who has it in hand."""
    lines = []
    holder = held_by_other(item, operator)
    if holder is not None:
        lines.append(_in_hand(item, holder))
    if item.comment:
        lines.append(tr("Comment: {}").format(item.comment))
    if item.sketch:
        lines.append(tr("A drawing on the map goes with it."))
    if item.answer:
        # What a control sent back begins by saying so.
        is_told = _is_of_control(item) and item.state is ItemState.REDO
        lines.append(item.answer if is_told else tr("Controller: {}").format(item.answer))
    return lines


def _is_of_control(item: ReviewItem) -> bool:
    return item.reasons[:1] == (Reason.CONTROL_ERROR.value,)


def _in_hand(item: ReviewItem, holder: str) -> str:
    until = held_until(item)
    if until is None:
        return tr("In the hands of {}").format(holder)
    return tr("In the hands of {} until {}").format(holder, f"{until.astimezone():%H:%M}")


def _show_share(bar: QProgressBar, share: float | None) -> None:
    bar.setValue(0 if share is None else round(100 * share))
    bar.setFormat(tr("unknown") if share is None else percent_text(share))
    colour = next(colour for limit, colour in LEVELS if (share or 0.0) < limit)
    bar.setStyleSheet(BAR_STYLE.format(colour=colour))
