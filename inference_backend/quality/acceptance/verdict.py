# SPDX-License-Identifier: GPL-2.0-or-later
"""From tests to a decision."""

from __future__ import annotations

from collections.abc import Sequence

from inference_backend.contracts.control_report import Decision, Test, Verdict

_SAYS_NOTHING = ("contract_cs_class", "contract_us_class", "opinions")
"""Tests that may be open in an accepted lot: too little was drawn of a rare class, or two controllers differ
and nobody settled it, so that the first opinion counted."""


def decision_of(rule: str, tests: Sequence[Test], *, severity: str = "") -> Decision:
    """The verdict of the rules, not signed yet.

    A failed test rejects. Without one, an open test leaves the lot undecided, but for classes of which too
    little was drawn, and for opinions that differ. Each risk is the highest of the dimensions; the curve is
    that of the dimension where the producer's is highest.
    """
    order = {False: 0, None: 1, True: 2}
    ordered = sorted(tests, key=lambda test: order[test.passed])
    with_risk = [test for test in tests if "curve" in test.detail]
    worst = max(with_risk, key=lambda test: test.detail["producer_risk"], default=None)
    return Decision(
        _verdict(tests),
        rule,
        tuple(ordered),
        max((test.detail["producer_risk"] for test in with_risk), default=None),
        max((test.detail["consumer_risk"] for test in with_risk), default=None),
        worst.detail["curve"] if worst else (),
        severity,
    )


def _verdict(tests: Sequence[Test]) -> Verdict:
    if any(test.passed is False for test in tests):
        return Verdict.REJECTED
    if any(test.passed is None and test.name not in _SAYS_NOTHING for test in tests):
        return Verdict.UNDECIDED
    return Verdict.ACCEPTED
