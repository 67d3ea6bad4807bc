# SPDX-License-Identifier: GPL-2.0-or-later
"""What an operator should know of a lot when it is opened."""

from __future__ import annotations

from datetime import datetime, timezone

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.domain.journal import JournalRow
from ocsge_pi_review.domain.patch import same_row

_TOLERATED_S = 120.0
"""Clocks of two machines differ by as much without anybody being wrong, s."""
_LOOKED_AT = 20
"""Newest journal rows compared with the layer at each opening; `verify_lot` compares all."""


def warnings_about(store: LotStore) -> list[str]:
    """Sentences in the user's language; nothing for a lot in order."""
    newest = newest_rows(store)
    return [text for text in (_clock(newest), _edited_past(store, newest)) if text]


def newest_rows(store: LotStore) -> list[JournalRow]:
    """The last rows of the journal, in order."""
    last_seq = store.last_seq()
    return list(store.journal(max(0, last_seq - _LOOKED_AT)))


def _clock(newest: list[JournalRow]) -> str:
    if not newest:
        return ""
    last = datetime.fromisoformat(newest[-1].time_utc.replace("Z", "+00:00"))
    if last.tzinfo is None:
        last = last.replace(tzinfo=timezone.utc)
    ahead_s = (last - datetime.now(timezone.utc)).total_seconds()
    if ahead_s < _TOLERATED_S:
        return ""
    text = tr(
        "The last gesture of this lot is dated {}, later than this computer's clock. Set the clock right: "
        "the order of the gestures is kept by their numbers, but their dates would be wrong."
    )
    return text.format(last.strftime("%Y-%m-%d %H:%M UTC"))


def _edited_past(store: LotStore, newest: list[JournalRow]) -> str:
    expected = {}
    for journalled in newest:
        patch = journalled.gesture.patch
        expected.update(dict.fromkeys(patch.removed_ids))
        expected.update({row.id: row for row in patch.after})
    there = store.rows(expected)
    wrong = [
        polygon_id
        for polygon_id, row in expected.items()
        if (row is None) != (polygon_id not in there)
        or (row is not None and not same_row(row, there[polygon_id]))
    ]
    if not wrong:
        return ""
    text = tr(
        "{} polygons of this lot are not as its journal says ({}): another program edited the layer. Those "
        "edits will be refused when the lot is taken back."
    )
    return text.format(len(wrong), ", ".join(sorted(wrong)[:3]))
