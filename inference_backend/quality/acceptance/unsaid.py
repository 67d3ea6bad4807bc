# SPDX-License-Identifier: GPL-2.0-or-later
"""What could not be said: beyond a share of the sample, what was judged no longer stands for the rest."""

from __future__ import annotations

from dataclasses import replace

from inference_backend.contracts.control_report import Assessment, Test


def unsaid_test(dimension: str, unsaid: int, units: int, most: float) -> Test:
    """Whether enough of a sample was judged to decide on it; open where it was not, which decides nothing.

    Args:
        dimension: `cs` or `us`.
        unsaid: units that nobody could say or answered.
        units: of the sample.
        most: largest share of them, 0..1.
    """
    share = unsaid / units if units else 1.0
    detail = {"unsaid": unsaid, "units": units}
    return Test(f"unsaid_{dimension}", True if share <= most else None, dimension, most, share, detail)


def without_rejection(test: Test, assessment: Assessment) -> Test:
    """A condition of a contract where too much was unsaid: it fails only if no answer could have saved it.

    Args:
        test: of the assessment's dimension.
        assessment: what it was decided on.
    """
    best = assessment.overall_if_right
    is_sure = test.name.endswith("_overall") and best is not None and best < (test.required or 0.0)
    return test if test.passed is not False or is_sure else replace(test, passed=None)
