# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers that exist already into a lot: what is wrong is repaired, and what was repaired is told."""
