# SPDX-License-Identifier: GPL-2.0-or-later
"""An area of interest, for every step that may be limited to one."""
