# SPDX-License-Identifier: GPL-2.0-or-later
"""OCS GE review: a queue of doubtful polygons and one key for each decision."""

from __future__ import annotations

from typing import Any


def classFactory(iface: Any) -> Any:
    """Entry point that QGIS calls with its interface."""
    from ocsge_pi_review.plugin import ReviewPlugin

    return ReviewPlugin(iface)
