# SPDX-License-Identifier: GPL-2.0-or-later
"""A Cloud Optimized GeoTIFF written by copying finished tiles."""
