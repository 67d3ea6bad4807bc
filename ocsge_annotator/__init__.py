# SPDX-License-Identifier: GPL-2.0-or-later
"""Annotation of training patches for OCS GE, as a QGIS plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ocsge_annotator.plugin import AnnotatorPlugin


def classFactory(iface: Any) -> AnnotatorPlugin:
    """Entry point that QGIS looks for."""
    from ocsge_annotator.plugin import AnnotatorPlugin

    return AnnotatorPlugin(iface)
