# SPDX-License-Identifier: GPL-2.0-or-later
"""Models over KServe V2: the server."""
