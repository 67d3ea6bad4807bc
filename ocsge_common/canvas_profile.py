# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS keeps the times of every layer of every drawing of the main map, and never lets them go.

Each drawing leaves some 15 kB in the threads that drew it (seen with heaptrack in 3.40): nothing for somebody
who looks at a map, 200 MB for ten thousand decisions.
"""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import Qgis
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip

_RECORD = Qgis.MapSettingsFlag.RecordProfile


def without_profile(canvas: QgsMapCanvas) -> Callable[[], None]:
    """Stop keeping those times for as long as much is drawn.

    Args:
        canvas: the map; its drawings are missing from the developer tools meanwhile.

    Returns:
        Puts things back; safe to call again.
    """
    is_due = bool(canvas.mapSettings().flags() & _RECORD)
    if is_due:
        canvas.setMapSettingsFlags(canvas.mapSettings().flags() & ~_RECORD)

    def restore() -> None:
        nonlocal is_due
        if is_due and not sip.isdeleted(canvas):
            canvas.setMapSettingsFlags(canvas.mapSettings().flags() | _RECORD)
        is_due = False

    return restore
