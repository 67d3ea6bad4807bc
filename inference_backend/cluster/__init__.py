# SPDX-License-Identifier: GPL-2.0-or-later
"""A Dask cluster: its address, a connection, and what crosses it."""
