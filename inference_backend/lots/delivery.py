# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a lot is what its base and its journal say: edits made past the journal come to light."""

from __future__ import annotations

from inference_backend.contracts.fingerprint import combined, from_text, row_fingerprint
from inference_backend.contracts.lot import LotKey
from inference_backend.lots.coverage_rows import CoverageRows
from inference_backend.lots.errors import EditedPastJournalError, LotFileError
from inference_backend.lots.journal_rows import read_journal
from inference_backend.lots.lot_file import LotFile
from inference_backend.postprocess.lot.lot_rows import lot_fingerprint, polygon_rows
from inference_backend.progress import Progress, Silent

IDS_SHOWN = 10


def require_journalled(
    lot: LotFile,
    parent: LotFile | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> None:
    """Accept a lot whose polygons are those that its base and its journal give, bit for bit.

    Args:
        lot: what came back.
        parent: the lot it was cut from, by which untouched polygons are told from changed ones.
        progress: told the share that is done.

    Raises:
        EditedPastJournalError: polygons differ; nothing else is wrong with the file.
        LotFileError: the lot does not say what it was like at first.
    """
    if not is_journalled(lot, progress):
        raise edited_past_journal(lot, parent)


def is_journalled(
    lot: LotFile,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> bool:
    """Whether the polygons are those that base and journal give; every row of the lot is read.

    Raises:
        LotFileError: the lot does not say what it was like at first.
    """
    text = lot.metadata.get(LotKey.BASE_FINGERPRINT.value)
    if not text:
        raise LotFileError(
            path=lot.path,
            problem_en="does not say what it was like when it was handed out",
            problem_fr="ne dit pas dans quel état il a été confié",
            remedy_en="Only lots made by `ocsge lot cut` can be merged.",
            remedy_fr="Seuls les lots faits par `ocsge lot cut` se fusionnent.",
        )
    expected = from_text(text)
    for entry in read_journal(lot.database):
        came, went = ((row.fingerprint for row in side) for side in (entry.after, entry.before))
        expected = combined(came, went, expected)
    return lot_fingerprint(lot.database, progress) == expected


def edited_past_journal(lot: LotFile, parent: LotFile | None = None) -> EditedPastJournalError:
    """The error that names the polygons, as far as they can be told."""
    ids = edited_ids(lot, parent)
    shown = ", ".join(ids[:IDS_SHOWN]) + (", …" if len(ids) > IDS_SHOWN else "") if ids else "?"
    return EditedPastJournalError(path=lot.path, count=len(ids) or "?", ids=shown)


def edited_ids(lot: LotFile, parent: LotFile | None) -> list[str]:
    """Ids of polygons that differ from what they must be, as far as it can be told."""
    last: dict[str, int | None] = {}
    for entry in read_journal(lot.database):
        last.update(dict.fromkeys(row.id for row in entry.before))
        last.update({row.id: row.fingerprint for row in entry.after})
    found, seen = [], set()
    changed_since = _touched_since(lot, parent) if parent else set()
    theirs = CoverageRows(parent) if parent else None
    for polygon_id, attributes, wkb in polygon_rows(lot.database):
        seen.add(polygon_id)
        if polygon_id in last:
            if row_fingerprint(polygon_id, attributes, wkb) != last[polygon_id]:
                found.append(polygon_id)
        elif theirs is not None and polygon_id not in changed_since:
            row = theirs.get(polygon_id)
            own = {**attributes, "margin_of": None}
            if row is None or row.fingerprint != row_fingerprint(polygon_id, own, wkb):
                found.append(polygon_id)
    lost = [polygon_id for polygon_id, row in last.items() if row is not None and polygon_id not in seen]
    return sorted({*found, *lost})


def _touched_since(lot: LotFile, parent: LotFile) -> set[str]:
    """Polygons that the parent's own journal changed since the lot was cut."""
    seq = int(lot.metadata.get(LotKey.PARENT_SEQ.value) or 0)
    entries = read_journal(parent.database, "seq > ?", seq)
    return {row.id for entry in entries for row in (*entry.before, *entry.after)}
