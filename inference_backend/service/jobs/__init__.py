# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs: rows, queue, workers."""
