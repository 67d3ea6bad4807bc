# SPDX-License-Identifier: GPL-2.0-or-later
"""The demonstration: one commune from photograph to figures, pictures and a QGIS project."""
