# SPDX-License-Identifier: GPL-2.0-or-later
"""Rasters of every kind as one stack of bands."""
