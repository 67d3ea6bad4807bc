# SPDX-License-Identifier: GPL-2.0-or-later
"""The life of a lot: who has it, and what a rejected one has to be looked at again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference_backend.contracts.lot import ItemState, LotKey, LotState
from inference_backend.contracts.lot_states import changed_state, history_of, state_of
from inference_backend.lots.delivery import require_journalled
from inference_backend.lots.errors import LotFileError
from inference_backend.lots.lot_file import LotFile, open_lot
from inference_backend.postprocess.lot.lot_metadata import utc_now
from inference_backend.progress import Progress, Silent


@dataclass(frozen=True)
class LotStatus:
    """Where a lot stands.

    Attributes:
        name: its name.
        state: its state.
        assigned_to: who has it, empty if nobody.
        items: number of items by state.
        gestures: rows of the journal.
        history: lines `{"state", "time_utc", "by", "comment"}`, oldest first.
        lots: what was cut from it: lines of `LotKey.LOTS`.
    """

    name: str
    state: LotState
    assigned_to: str
    items: dict[str, int]
    gestures: int
    history: list[dict[str, str]]
    lots: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {**vars(self), "state": self.state.value}


def lot_status(path: Path) -> LotStatus:
    """Where a lot stands.

    Raises:
        LotFileError: no lot of this version, or damaged.
    """
    with open_lot(path) as lot:
        return _status(lot)


def set_state(
    path: Path,
    wanted: LotState,
    *,
    by: str,
    comment: str = "",
    assigned_to: str | None = None,
    redo: Sequence[int] = (),
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> LotStatus:
    """Change the state of a lot, with a line in its history.

    Args:
        path: the lot.
        wanted: its new state.
        by: who says so.
        comment: why; with `redo`, what the operator reads at each item.
        assigned_to: who gets it, None to leave that as it is.
        redo: numbers of items that have to be decided again; only of a rejected lot.
        progress: told the share of the polygons that is checked.

    Raises:
        LotFileError: no lot of this version, in use, or without one of these items.
        LotStateError: that state may not follow.
        EditedPastJournalError: delivered, and polygons differ from what the journal tells.
        OutputError: it cannot be written.
    """
    with open_lot(path, write=True) as lot:
        values = changed_state(lot.metadata, wanted, by=by, time_utc=utc_now(), comment=comment, label=path)
        if assigned_to is not None:
            values[LotKey.ASSIGNED_TO.value] = assigned_to
        if redo and wanted is not LotState.REJECTED:
            raise _bad_items(
                path, "only a rejected lot has items to redo", "seul un lot rejeté a des éléments à reprendre"
            )
        if wanted is LotState.DELIVERED and lot.metadata.get(LotKey.BASE_FINGERPRINT.value):
            require_journalled(lot, progress=progress)
        with lot.transaction():
            lot.set_metadata(values)
            _send_back(lot, redo, comment)
        return _status(lot)


def _send_back(lot: LotFile, redo: Sequence[int], comment: str) -> None:
    query = "UPDATE review_item SET state = ?, answer = ? WHERE item_id = ? AND state != ?"
    gone = ItemState.GONE.value
    for item in redo:
        done = lot.database.execute(query, (ItemState.REDO.value, comment or None, item, gone))
        if not done.rowcount:
            raise _bad_items(lot.path, f"it has no item {item}", f"il n'a pas d'élément {item}")


def _status(lot: LotFile) -> LotStatus:
    query = "SELECT coalesce(state, 'todo'), count(*) FROM review_item GROUP BY 1"
    counts: Counter[str] = Counter(dict(lot.database.execute(query).fetchall()))
    return LotStatus(
        lot.name,
        state_of(lot.metadata),
        lot.metadata.get(LotKey.ASSIGNED_TO.value, ""),
        dict(sorted(counts.items())),
        lot.last_seq,
        history_of(lot.metadata),
        lot.lots,
    )


def _bad_items(path: Path, en: str, fr: str) -> LotFileError:
    return LotFileError(
        path=path,
        problem_en=en,
        problem_fr=fr,
        remedy_en="Name items of a lot that is rejected: --set rejected --redo 12 15.",
        remedy_fr="Nommez des éléments d'un lot rejeté : --set rejected --redo 12 15.",
    )
