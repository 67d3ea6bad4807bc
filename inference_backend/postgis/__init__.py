# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots in a database that a team shares: published from a GeoPackage, brought back into one."""
