# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots cut from a lot, handed over, taken back and merged."""
