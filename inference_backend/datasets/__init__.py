# SPDX-License-Identifier: GPL-2.0-or-later
"""Campaigns to training data sets of other tools, and masks of others back into campaigns."""
