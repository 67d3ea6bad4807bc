# SPDX-License-Identifier: GPL-2.0-or-later
"""An `ItemFilter` as a condition of SQL: text of our own, values as parameters."""

from __future__ import annotations

from typing import Any

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.domain.item_filter import ItemFilter

OPEN = f"state IN ('{ItemState.TODO.value}', '{ItemState.REDO.value}')"
"""Written out, not a parameter: only so is the index of the open items used."""


def condition(wanted: ItemFilter, srid: int) -> tuple[str, dict[str, Any]]:
    """Condition on `review_item` and its values; `TRUE` for a filter that asks for nothing.

    Args:
        wanted: the filter.
        srid: number that PostGIS gives the lot's coordinate system.
    """
    texts: list[str] = []
    values: dict[str, Any] = {}
    if wanted.states:
        texts.append("state = ANY(%(f_states)s)")
        values["f_states"] = [state.value for state in wanted.states]
    if wanted.reasons:
        texts.append("string_to_array(reasons, ',') && %(f_reasons)s")
        values["f_reasons"] = [reason.value for reason in wanted.reasons]
    for column, codes in (("proposed_cs", wanted.covers), ("proposed_us", wanted.uses)):
        if codes:
            texts.append(f"({column} = ANY(%(f_{column})s) OR {column} LIKE ANY(%(f_{column}_below)s))")
            values[f"f_{column}"] = list(codes)
            values[f"f_{column}_below"] = [f"{_escaped(code)}.%" for code in codes]
    if wanted.communes:
        texts.append("commune = ANY(%(f_communes)s)")
        values["f_communes"] = list(wanted.communes)
    if wanted.box is not None:
        texts.append(
            "geom && ST_MakeEnvelope(%(f_xmin)s, %(f_ymin)s, %(f_xmax)s, %(f_ymax)s, %(f_srid)s) "
            "AND ST_X(geom) BETWEEN %(f_xmin)s AND %(f_xmax)s "
            "AND ST_Y(geom) BETWEEN %(f_ymin)s AND %(f_ymax)s"
        )
        values.update(zip(("f_xmin", "f_ymin", "f_xmax", "f_ymax"), wanted.box), f_srid=srid)
    return " AND ".join(texts) or "TRUE", values


def _escaped(code: str) -> str:
    return code.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
