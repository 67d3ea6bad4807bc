# SPDX-License-Identifier: GPL-2.0-or-later
"""Colours that people tell apart when they do not see red and green, or print in grey.

Source: Okabe and Ito (2008), Color Universal Design; order by lightness, so that neighbours differ in grey.
"""

from __future__ import annotations

INK, FAINT, GRID = "#1d2733", "#5b6673", "#d5dae0"
GOOD, BAD, DOUBT = "#00684d", "#b33c00", "#8a6100"
SERIES = ("#0072b2", "#d55e00", "#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#5b6673")
HEAT_STEPS = 10
RIGHT = (
    "#eef4fb",
    "#dce9f6",
    "#c6dcf0",
    "#abcbe7",
    "#8db8dc",
    "#6ca2cf",
    "#4f8cc0",
    "#3876ae",
    "#245f98",
    "#134980",
)
"""Ten steps of agreement, light to dark."""
WRONG = (
    "#fdf3e9",
    "#fbe4cd",
    "#f8d2ab",
    "#f3bb84",
    "#eca35e",
    "#e28a3c",
    "#d27120",
    "#bb5a0f",
    "#9c4707",
    "#7a3605",
)
"""Ten steps of confusion, light to dark."""
DARK_FROM = 6
"""From this step on, figures are written in white."""
