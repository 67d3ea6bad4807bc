# SPDX-License-Identifier: GPL-2.0-or-later
"""An `ItemFilter` as a condition of SQL: text of our own, values as parameters.

Codes and reasons are written out as the values that the queue holds, which are few and never change: the
server knows how frequent each is, and walks the queue or looks values up accordingly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.adapters.postgis_connection import Database
from ocsge_pi_review.domain.item_filter import ItemFilter

OPEN = f"state IN ('{ItemState.TODO.value}', '{ItemState.REDO.value}')"
"""Written out, not a parameter: only so is the index of the open items used."""


class FilterText:
    """Writes conditions on `review_item`.

    Args:
        database: connected, with the lot's names.
        srid: number that PostGIS gives the lot's coordinate system.
    """

    def __init__(self, database: Database, srid: int) -> None:
        self._database, self._srid = database, srid
        self._known: dict[str, list[str]] = {}

    def condition(self, wanted: ItemFilter) -> tuple[str, dict[str, Any]]:
        """Condition and its values; `TRUE` for a filter that asks for nothing."""
        texts: list[str] = []
        values: dict[str, Any] = {}
        listed = {
            "state": [state.value for state in wanted.states],
            "commune": list(wanted.communes),
            "reasons": self._held("reasons", [r.value for r in wanted.reasons], _has_reason),
            "proposed_cs": self._held("proposed_cs", wanted.covers, _is_below),
            "proposed_us": self._held("proposed_us", wanted.uses, _is_below),
        }
        asked = (wanted.states, wanted.communes, wanted.reasons, wanted.covers, wanted.uses)
        for (column, some), is_asked in zip(listed.items(), asked):
            if is_asked:
                texts.append(f"{column} = ANY(%(f_{column})s)" if some else "FALSE")
                values[f"f_{column}"] = some
        if wanted.box is not None:
            texts.append(
                "geom && ST_MakeEnvelope(%(f_xmin)s, %(f_ymin)s, %(f_xmax)s, %(f_ymax)s, %(f_srid)s) "
                "AND ST_X(geom) BETWEEN %(f_xmin)s AND %(f_xmax)s "
                "AND ST_Y(geom) BETWEEN %(f_ymin)s AND %(f_ymax)s"
            )
            values.update(zip(("f_xmin", "f_ymin", "f_xmax", "f_ymax"), wanted.box), f_srid=self._srid)
        return " AND ".join(texts) or "TRUE", values

    def walk(self, wanted: ItemFilter) -> str:
        """Column by whose index a filter is best followed in the order of ranks; empty for none."""
        asked = {
            "commune": wanted.communes,
            "reasons": wanted.reasons,
            "proposed_cs": wanted.covers,
            "proposed_us": wanted.uses,
        }
        return next((column for column, values in asked.items() if values), "")

    def _held(
        self, column: str, wanted: Iterable[str], fits: Callable[[str, Iterable[str]], bool]
    ) -> list[str]:
        """Values of a column that fit what is wanted."""
        some = list(wanted)
        if not some:
            return []
        if column not in self._known:
            identifier = self._database.identifier(column)
            rows = self._database.rows("SELECT DISTINCT {name} AS v FROM {review_item}", name=identifier)
            self._known[column] = [row["v"] for row in rows if row["v"]]
        return [value for value in self._known[column] if fits(value, some)]


def _has_reason(reasons: str, wanted: Iterable[str]) -> bool:
    return not set(reasons.split(",")).isdisjoint(wanted)


def _is_below(code: str, wanted: Iterable[str]) -> bool:
    """Whether a code is one of those wanted or below one in the nomenclature."""
    return any(code == above or code.startswith(f"{above}.") for above in wanted)
