# SPDX-License-Identifier: GPL-2.0-or-later
"""The work, cut into blocks that can be lost and done again."""
