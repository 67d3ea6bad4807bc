# SPDX-License-Identifier: GPL-2.0-or-later
"""Between the domain and QGIS, OGR and SQLite."""
