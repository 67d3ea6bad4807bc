# SPDX-License-Identifier: GPL-2.0-or-later
"""The curve of a production."""

from __future__ import annotations

from qgis.PyQt.QtGui import QColor

from inference_backend.contracts.indicators import Curve, Line
from ocsge_pi_review.gui.curve_chart import COLOURS, CurveChart

PLAN = Line("plan", {"en": "plan"}, (("2026-01-01", 0.0), ("2026-12-31", 2.0)), is_reference=True)


def coloured(chart):
    image, wanted = chart.grab().toImage(), QColor(COLOURS[0]).rgb()
    below_legend = range(60, image.height())
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in below_legend)


def test_a_surface_accepted_on_a_single_day_is_seen(qgis_app):
    chart = CurveChart()
    chart.resize(400, 260)
    accepted = Line("accepted", {"en": "accepted"}, (("2026-06-30", 1.4),), is_stepped=True)
    chart.show_curve(Curve("accepted_km2", {"en": "Surface accepted"}, "km2", (accepted, PLAN)))
    assert coloured(chart) > 10
    chart.show_curve(Curve("accepted_km2", {"en": "Surface accepted"}, "km2", (PLAN,)))
    assert coloured(chart) == 0
