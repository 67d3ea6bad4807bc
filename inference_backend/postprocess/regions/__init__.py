# SPDX-License-Identifier: GPL-2.0-or-later
"""Pixels of a block to its regions: noise, minimum widths, small buildings, sums."""
