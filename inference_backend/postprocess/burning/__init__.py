# SPDX-License-Identifier: GPL-2.0-or-later
"""References and hints laid on the pixels of a window."""
