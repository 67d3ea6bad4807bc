# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.domain.merge import Outcome, decide, differing_px, label_fingerprint, share_out


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "outcome"),
    [
        ("", "", "", Outcome.UNCHANGED),
        ("", "", "b", Outcome.TAKE),
        ("a", "b", "a", Outcome.KEEP),
        ("a", "b", "b", Outcome.SAME),
        ("a", "b", "c", Outcome.CONFLICT),
        ("a", "b", "", Outcome.CONFLICT),
        ("a", "a", "", Outcome.TAKE),
    ],
)
def test_nobodys_work_is_replaced_by_anothers(base, ours, theirs, outcome):
    assert decide(base, ours, theirs) is outcome


def test_a_blank_patch_is_as_one_without_file():
    blank = np.full((4, 6), UNLABELLED, dtype=np.uint8)
    assert label_fingerprint(blank) == ""
    one = blank.copy()
    one[0, 0] = 3
    assert label_fingerprint(one) not in ("", label_fingerprint(np.ascontiguousarray(one.T)))
    assert differing_px(blank, one) == 1


def test_lots_are_runs_and_no_annotator_gets_a_patch_twice():
    ids = [f"p{number}" for number in range(10)]
    lots = share_out(ids, ["p0", "p9"], 3)
    assert [patch for lot in lots for patch, second in lot if not second] == ids
    assert [len([1 for _, second in lot if not second]) for lot in lots] == [3, 4, 3]
    assert ("p0", True) in lots[1]
    assert ("p9", True) in lots[0]
    assert all(len({patch for patch, _ in lot}) == len(lot) for lot in lots)
    assert share_out(ids, ["p0"], 1) == [[(patch, False) for patch in ids]]
