# SPDX-License-Identifier: GPL-2.0-or-later
"""From an aerial photograph to an OCS GE layer, without QGIS."""

__version__ = "0.1.0"
