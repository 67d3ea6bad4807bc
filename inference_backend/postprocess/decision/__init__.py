# SPDX-License-Identifier: GPL-2.0-or-later
"""The regions of the whole lot, their graph alone: uses, minimum areas, columns."""
