# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers that exist already, as they come, into a lot: what is wrong is repaired, what is repaired is told."""
