# SPDX-License-Identifier: GPL-2.0-or-later
"""What crosses the wire and the disk: stdlib only, Python 3.9 and later, copied into both plugins."""
