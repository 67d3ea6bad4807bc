# SPDX-License-Identifier: GPL-2.0-or-later
"""How likely each polygon is wrong, and the order in which people look."""
