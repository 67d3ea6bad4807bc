# SPDX-License-Identifier: GPL-2.0-or-later
"""Corrections in the form of IGN's corrective patches: ground of an object as delivered, and what it becomes.

Source: attributes of the layers PATCH_CORR_DXX_YYYY (cs_corr, us_corr, os_corr, decoup_geo; « RAS » where
there is nothing to correct). A patch may be a part of the object it names, and several may name the same one.
That decoup_geo says just this, 1 for a part and 0 for the whole object, is our reading of published patches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inference_backend.contracts.lot import DELIVERED_COLUMNS
from ocsge_pi_review.domain.journal import net_effect
from ocsge_pi_review.domain.patch import Patch, PolygonRow

NOTHING = "RAS"
CORRECTION_COLUMNS = ("cs_corr", "us_corr", "os_corr", "decoup_geo")
_CORRECTED = {"cs_corr": "code_cs", "us_corr": "code_us", "os_corr": "ossature"}
WHOLE, PART = "0", "1"


@dataclass(frozen=True)
class Correction:
    """One polygon of a corrective patch.

    Attributes:
        id_ocs: object of the delivered layer that the ground belongs to.
        values: the columns `CORRECTION_COLUMNS`.
        original: attributes of that object as delivered.
    """

    id_ocs: str
    values: dict[str, str]
    original: dict[str, object]


@dataclass(frozen=True)
class NetChange:
    """What a journal did to the layer, by polygon id.

    Attributes:
        originals: rows before the first edit.
        finals: rows after the last one, of the same ground.
    """

    originals: dict[str, PolygonRow]
    finals: dict[str, PolygonRow]


def net_change(patches: Iterable[Patch]) -> NetChange:
    """What is left of a journal.

    Args:
        patches: every row in order, undone gestures and their undo included.
    """
    last, first = net_effect(patches)
    return NetChange(first, {polygon_id: row for polygon_id, row in last.items() if row is not None})


def correction(original: PolygonRow, final: PolygonRow, is_part: bool) -> Correction | None:
    """What a patch says of the ground that two rows share; None where there is nothing to say.

    Args:
        original: the object as delivered.
        final: the polygon that holds the ground now.
        is_part: whether the ground is less than the whole object.
    """
    values = {name: _changed(original, final, column) for name, column in _CORRECTED.items()}
    is_recoded = any(value != NOTHING for value in values.values())
    is_cut = is_part and original.id != final.id
    if not (is_recoded or is_cut):
        return None
    values["decoup_geo"] = PART if is_part else WHOLE
    names = [column.name for column in DELIVERED_COLUMNS if column.name != "id"]
    return Correction(original.id, values, {name: original.attributes.get(name) for name in names})


def _changed(original: PolygonRow, final: PolygonRow, column: str) -> str:
    new = final.attributes.get(column)
    return NOTHING if new == original.attributes.get(column) else str(new)
