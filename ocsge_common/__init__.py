# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS-side code that both plugins need; copied into each zip, hence relative imports inside."""
