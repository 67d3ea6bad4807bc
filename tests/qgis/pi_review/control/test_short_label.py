# SPDX-License-Identifier: GPL-2.0-or-later
"""The line of the pace."""

from __future__ import annotations

from ocsge_pi_review.gui.short_label import ShortLabel


def test_a_line_without_room_loses_its_end_and_keeps_its_figure(qgis_app):
    label = ShortLabel()
    label.setText("18 000 an hour · about 6 min left · today: 2")
    label.resize(label.fontMetrics().horizontalAdvance("18 000 an hour · ab"), 20)
    assert label.shown_text().startswith("18 000 an hour")
    assert label.shown_text().endswith("…")
    before = label.grab().toImage()
    label.setText("18 000 an hour")
    assert label.shown_text() == "18 000 an hour"
    assert label.grab().toImage() != before
