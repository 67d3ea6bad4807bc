# SPDX-License-Identifier: GPL-2.0-or-later
"""Borders as arcs that both sides share: traced, joined, smoothed, and made into polygons."""
