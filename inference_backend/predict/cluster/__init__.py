# SPDX-License-Identifier: GPL-2.0-or-later
"""Blocks on a Dask cluster."""
