# SPDX-License-Identifier: GPL-2.0-or-later
"""Corrections in the form of IGN's corrective patches: the object as delivered, and what it becomes.

Source: attributes of the layers PATCH_CORR_DXX_YYYY (cs_corr, us_corr, os_corr, decoup_geo; « RAS » where
there is nothing to correct).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inference_backend.contracts.lot import DELIVERED_COLUMNS
from ocsge_pi_review.domain.journal import net_effect
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.rings import area

NOTHING = "RAS"
CORRECTION_COLUMNS = ("cs_corr", "us_corr", "os_corr", "decoup_geo")


@dataclass(frozen=True)
class Correction:
    """One polygon of a corrective patch.

    Attributes:
        row: the polygon as it is now; its geometry is the patch's.
        id_ocs: object of the delivered layer that it corrects.
        values: the columns `CORRECTION_COLUMNS`.
        original: attributes of that object as delivered.
    """

    row: PolygonRow
    id_ocs: str
    values: dict[str, str]
    original: dict[str, object]


def corrections(patches: Iterable[Patch]) -> list[Correction]:
    """What a journal changed, one entry per polygon that is left.

    Args:
        patches: every row of the journal in order, undone gestures and their undo included.
    """
    patches = list(patches)
    last, first = net_effect(patches)
    origin = _origins(patches)
    found = []
    for polygon_id, row in sorted(last.items()):
        if row is None:
            continue
        original = first.get(origin.get(polygon_id, polygon_id)) or row
        correction = _compare(row, original)
        if any(correction.values[name] != NOTHING for name in CORRECTION_COLUMNS[:3]) or (
            correction.values["decoup_geo"] == "1"
        ):
            found.append(correction)
    return found


def _origins(patches: Iterable[Patch]) -> dict[str, str]:
    """By id of a part made by a split, the id of the delivered object it was cut from."""
    origin: dict[str, str] = {}
    for patch in patches:
        known = {row.id for row in patch.before}
        for row in patch.after:
            if row.id not in known and patch.before:
                parent = patch.before[0].id
                origin.setdefault(row.id, origin.get(parent, parent))
    return origin


def _compare(row: PolygonRow, original: PolygonRow) -> Correction:
    def changed(name: str) -> str:
        new = row.attributes.get(name)
        return NOTHING if new == original.attributes.get(name) else str(new)

    # New vertices on an unmoved border are no new shape: compare areas, not bytes.
    same_shape = row.id == original.id and _area(row) == _area(original)
    values = {
        "cs_corr": changed("code_cs"),
        "us_corr": changed("code_us"),
        "os_corr": changed("ossature"),
        "decoup_geo": "0" if same_shape else "1",
    }
    names = [column.name for column in DELIVERED_COLUMNS if column.name != "id"]
    return Correction(row, original.id, values, {name: original.attributes.get(name) for name in names})


def _area(row: PolygonRow) -> float:
    return round(area(row.polygon), 3)
