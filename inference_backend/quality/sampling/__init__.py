# SPDX-License-Identifier: GPL-2.0-or-later
"""Drawing a sample: how many units, how they are shared out, which ones. Arrays in and out."""
