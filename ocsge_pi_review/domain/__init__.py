# SPDX-License-Identifier: GPL-2.0-or-later
"""What a review does to a coverage and to its queue; knows neither Qt nor QGIS."""
