# SPDX-License-Identifier: GPL-2.0-or-later
"""Reading a prediction, or a raster of classes, window by window."""
